import { type Constraint, parseConstraint } from './constraints.ts'

/** A path such as `/orders/{id:int}/{**rest}`, taken apart. */
export type PathTemplate = {
  readonly text: string
  readonly segments: readonly TemplateSegment[]
  /** One digit a segment, as in ASP.NET. The lower text is the more specific path. */
  readonly precedence: string
}

/** As written, and as it is compared: without regard to case. */
export type TemplateLiteral = { readonly kind: 'literal'; readonly value: string; readonly folded: string }

/** A parameter: alone in its segment, or between literals. */
export type TemplateParameter = {
  readonly kind: 'parameter'
  readonly value: string
  readonly constraints: readonly Constraint[]
  /** Whether the path may end before it. */
  readonly isOptional: boolean
  /** What it stands for then. */
  readonly fallback: string | undefined
}

/** All that is left of the path. */
type TemplateRest = Omit<TemplateParameter, 'kind'> & { readonly kind: 'rest' }

export type TemplatePart = TemplateLiteral | TemplateParameter

export type TemplateSegment =
  | TemplatePart
  | TemplateRest
  /** Literals and parameters in turn, such as `{name}.{extension}`. */
  | { readonly kind: 'mixed'; readonly parts: readonly TemplatePart[] }

/** What is wrong with a template. */
type TemplateFault = { reason: string; mend: string }

/** Braces within a parameter are doubled, so the first single one ends it. */
const parameterForm = /\{((?:\{\{|\}\}|[^{}])*)\}/y
const nameForm = /^(\*{0,2})([\w-]+)(.*)$/s

/** Parses literals, `{name}`, `{name:constraint}`, `{name?}`, `{name=default}`, several of these in one segment, and `{**name}` at the end. */
export function parsePathTemplate(text: string): PathTemplate | TemplateFault {
  const segments: TemplateSegment[] = []
  for (const written of splitSegments(text)) {
    const segment = parseSegment(written)
    if ('reason' in segment) return segment
    segments.push(segment)
  }
  const fault = faultOf(segments)
  return fault ?? { text, segments, precedence: segments.map(digitOf).join('') }
}

/** At each `/` outside of braces. */
const splitSegments = (text: string): string[] => text.match(/(?:\{(?:\{\{|\}\}|[^{}])*\}|[^/])+/g) ?? []

function parseSegment(written: string): TemplateSegment | TemplateFault {
  const parts: (TemplatePart | TemplateRest)[] = []
  for (let at = 0; at < written.length; ) {
    parameterForm.lastIndex = at
    const [whole, inside] = parameterForm.exec(written) ?? []
    if (inside !== undefined && whole !== undefined) {
      const parameter = parseParameter(inside)
      if ('reason' in parameter) return parameter
      parts.push(parameter)
      at += whole.length
      continue
    }
    const [literal] = /^[^{}]+/.exec(written.slice(at)) ?? []
    if (!literal) return unknown(written)
    parts.push({ kind: 'literal', value: literal, folded: literal.toLowerCase() })
    at += literal.length
  }
  const [only] = parts
  if (parts.length === 1 && only) return only
  const inTurn = parts.filter((part) => part.kind !== 'rest')
  if (inTurn.length < parts.length) return unknown(written)
  if (inTurn.some((part, index) => part.kind === 'parameter' && inTurn[index - 1]?.kind === 'parameter')) {
    return { reason: `has two parameters side by side (${written})`, mend: 'Put a literal between them' }
  }
  return { kind: 'mixed', parts: inTurn }
}

const unknown = (written: string): TemplateFault => ({
  reason: `has a segment that is not supported (${written})`,
  mend: 'Use literals, {name}, {name:constraint}, {name?}, {name=default} or {**name}',
})

function parseParameter(inside: string): TemplateParameter | TemplateRest | TemplateFault {
  const [, stars, value, after = ''] = nameForm.exec(inside) ?? []
  if (value === undefined) return unknown(`{${inside}}`)
  const constraints: Constraint[] = []
  let mark = after
  while (mark.startsWith(':')) {
    const end = endOfConstraint(mark)
    const written = mark.slice(1, end)
    const constraint = parseConstraint(written)
    if (!constraint) return unknownConstraint(written)
    constraints.push(constraint)
    mark = mark.slice(end)
  }
  if (!/^(?:\??|=.*)$/s.test(mark)) return unknown(`{${inside}}`)
  const fallback = mark.startsWith('=') ? mark.slice(1) : undefined
  return { kind: stars ? 'rest' : 'parameter', value, constraints, isOptional: mark !== '', fallback }
}

/** Where the next constraint, `?` or `=` begins; within parentheses they mean nothing. `text` begins with `:`. */
function endOfConstraint(text: string): number {
  let depth = 0
  for (let at = 1; at < text.length; at++) {
    const letter = text[at] as string
    if (letter === '\\') at++
    else if (letter === '(') depth++
    else if (letter === ')') depth--
    else if (depth === 0 && ':?='.includes(letter)) return at
  }
  return text.length
}

const unknownConstraint = (written: string): TemplateFault => ({
  reason: `has an unknown constraint (${written})`,
  mend: 'Use one of ASP.NET’s, such as int, guid, alpha, length(2,5) or regex(…)',
})

function faultOf(segments: readonly TemplateSegment[]): TemplateFault | undefined {
  const rest = segments.findIndex(({ kind }) => kind === 'rest')
  if (rest !== -1 && rest < segments.length - 1)
    return { reason: 'goes on after {**…}', mend: 'Put {**…} last' }
  const parameters = segments.flatMap(parametersOf)
  const names = parameters.map(({ value }) => value.toLowerCase())
  if (new Set(names).size < names.length) return { reason: 'has a parameter twice', mend: 'Rename one' }
  const optional = segments.findIndex(mayBeMissing)
  const after = optional === -1 ? [] : segments.slice(optional)
  if (after.some((segment) => !mayBeMissing(segment) && segment.kind !== 'rest')) {
    return { reason: 'goes on after what may be missing', mend: 'Put {…?} and {…=…} last' }
  }
  return undefined
}

const parametersOf = (segment: TemplateSegment): Pick<TemplateParameter, 'value'>[] => {
  if (segment.kind === 'mixed') return segment.parts.filter((part) => part.kind === 'parameter')
  return segment.kind === 'literal' ? [] : [segment]
}

const mayBeMissing = (segment: TemplateSegment): boolean => segment.kind === 'parameter' && segment.isOptional

/** Literal, mixed or constrained, parameter, constrained catch-all, catch-all. */
function digitOf(segment: TemplateSegment): string {
  if (segment.kind === 'literal') return '1'
  if (segment.kind === 'mixed') return '2'
  const digit = segment.kind === 'rest' ? 5 : 3
  return String(segment.constraints.length > 0 ? digit - 1 : digit)
}
