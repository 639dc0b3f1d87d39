import type { RouteValues } from '#src/routing/match-path.ts'
import type { TemplatePart, TemplateSegment } from '#src/routing/path-template.ts'
import type { Transform } from './transform.ts'

/** Applies the transforms of a path to the client's own bytes. What no transform touches stays as the client wrote it. */
export function transformPath(
  rawPath: string,
  transforms: readonly Transform[],
  values: RouteValues,
): string {
  let path = rawPath
  for (const transform of transforms) {
    if (transform.kind === 'path-set') path = transform.path
    else if (transform.kind === 'path-prefix') path = transform.path + path
    else if (transform.kind === 'path-remove-prefix') path = removePrefix(path, transform.segments)
    else if (transform.kind === 'path-pattern') path = fill(transform.template.segments, values)
  }
  return path
}

/** Removes whole segments only: `/api` leaves `/apis` alone. They are compared decoded, as the router compared them. */
function removePrefix(path: string, prefix: readonly string[]): string {
  const segments = path.slice(1).split('/')
  const matches = prefix.every((wanted, index) => decoded(segments[index] ?? '').toLowerCase() === wanted)
  return matches ? `/${segments.slice(prefix.length).join('/')}` : path
}

/** The path was checked at the edge, so its escapes are right. A path made by a transform holds none that are wrong. */
const decoded = (segment: string) => (segment.includes('%') ? decodeURIComponent(segment) : segment)

/** A segment whose parameter has no value is left out. */
function fill(segments: readonly TemplateSegment[], values: RouteValues): string {
  const parts = segments.map((segment) => {
    if (segment.kind === 'rest') return encodeSegments(values[segment.value] ?? segment.fallback ?? '')
    if (segment.kind === 'mixed') return segment.parts.map((part) => fillPart(part, values)).join('')
    return fillPart(segment, values)
  })
  return `/${parts.filter(Boolean).join('/')}`
}

const fillPart = (part: TemplatePart, values: RouteValues): string =>
  part.kind === 'literal' ? part.value : encodeSegments(values[part.value] ?? part.fallback ?? '')

const encodeSegments = (value: string): string => value.split('/').map(encodeURIComponent).join('/')
