import { matchMixed } from './match-mixed.ts'
import type { PathTemplate, TemplateParameter, TemplateSegment } from './path-template.ts'

/** What the parameters of a template stand for in one path, decoded. */
export type RouteValues = Readonly<Record<string, string>>

/** Holds a normal path against a template; literals match without regard to case, as in ASP.NET. */
export function matchPath({ segments }: PathTemplate, parts: readonly string[]): RouteValues | undefined {
  const values: Record<string, string> = {}
  for (let index = 0; index < segments.length; index++) {
    const segment = segments[index] as TemplateSegment
    if (segment.kind === 'rest') {
      const rest = parts.slice(index).join('/') || (segment.fallback ?? '')
      values[segment.value] = rest
      return satisfies(segment, rest) ? values : undefined
    }
    const part = parts[index]
    if (part === undefined) {
      if (segment.kind !== 'parameter' || !segment.isOptional) return undefined
      if (segment.fallback !== undefined) values[segment.value] = segment.fallback
    } else if (part === '' || !matchSegment(segment, part, values)) return undefined
  }
  return parts.length <= segments.length ? values : undefined
}

function matchSegment(
  segment: Exclude<TemplateSegment, { kind: 'rest' }>,
  part: string,
  values: Record<string, string>,
): boolean {
  if (segment.kind === 'literal') return part.toLowerCase() === segment.folded
  if (segment.kind === 'parameter') {
    values[segment.value] = part
    return satisfies(segment, part)
  }
  const found = matchMixed(segment.parts, part)
  if (!found) return false
  const parameters = segment.parts.filter((each) => each.kind === 'parameter')
  return parameters.every((parameter, index) => {
    const value = found[index] as string
    values[parameter.value] = value
    return satisfies(parameter, value)
  })
}

const satisfies = ({ constraints }: Pick<TemplateParameter, 'constraints'>, value: string): boolean =>
  constraints.every((constraint) => constraint(value))
