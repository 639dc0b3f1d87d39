/** A path such as `/orders/{id}/{**rest}`, taken apart. */
export type PathTemplate = {
  readonly text: string
  readonly segments: readonly TemplateSegment[]
  /** One digit a segment: literal 1, parameter 2, catch-all 3. The lower text is the more specific path. */
  readonly precedence: string
}

export type TemplateSegment = { readonly kind: 'literal' | 'parameter' | 'rest'; readonly value: string }

/** What the parameters of a template stand for in one path, decoded. */
export type RouteValues = Readonly<Record<string, string>>

const digits = { literal: '1', parameter: '2', rest: '3' }

/** Parses literals, `{name}` and `{**name}`. */
export function parsePathTemplate(text: string): PathTemplate | { reason: string; mend: string } {
  const parts = text.split('/').filter(Boolean)
  const segments = parts.map(parseSegment)
  const wrong = parts.find((_, index) => !segments[index])
  if (wrong) {
    return {
      reason: `has a segment that is not supported (${wrong})`,
      mend: 'Use literals, {name} or {**name}',
    }
  }
  const known = segments as TemplateSegment[]
  const rest = known.findIndex(({ kind }) => kind === 'rest')
  if (rest !== -1 && rest < known.length - 1) return { reason: 'goes on after {**…}', mend: 'Put {**…} last' }
  const names = known.filter(({ kind }) => kind !== 'literal').map(({ value }) => value.toLowerCase())
  if (new Set(names).size < names.length) return { reason: 'has a parameter twice', mend: 'Rename one' }
  return { text, segments: known, precedence: known.map(({ kind }) => digits[kind]).join('') }
}

function parseSegment(part: string): TemplateSegment | undefined {
  const parameter = /^\{(\*{0,2})([\w-]+)\}$/.exec(part)
  if (parameter) return { kind: parameter[1] ? 'rest' : 'parameter', value: parameter[2] as string }
  return /[{}]/.test(part) ? undefined : { kind: 'literal', value: part.toLowerCase() }
}

/** Holds a normal path against a template; literals match without regard to case, as in ASP.NET. */
export function matchPath({ segments }: PathTemplate, parts: readonly string[]): RouteValues | undefined {
  const values: Record<string, string> = {}
  for (const [index, { kind, value }] of segments.entries()) {
    const part = parts[index]
    if (kind === 'rest') {
      values[value] = parts.slice(index).join('/')
      return values
    }
    if (part === undefined || part === '') return undefined
    if (kind === 'parameter') values[value] = part
    else if (part.toLowerCase() !== value) return undefined
  }
  return parts.length === segments.length ? values : undefined
}
