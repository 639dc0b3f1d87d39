import type { RouteValues } from '#src/routing/match-path.ts'
import type { PathTemplate, TemplatePart, TemplateSegment } from '#src/routing/path-template.ts'
import { withoutLastSlash } from '#src/routing/router.ts'
import { type PathTransform, type QueryTransform, valueOfSource } from './transform.ts'

/**
 * Applies the transforms of a path to the client's own bytes. What no transform touches stays as the client wrote it (GW-08). `matched` is the
 * template that took the path, and gave the values.
 */
export function transformPath(
  rawPath: string,
  transforms: readonly PathTransform[],
  values: RouteValues,
  matched: PathTemplate,
): string {
  let path = rawPath
  for (const transform of transforms) {
    if (transform.kind === 'set') path = transform.path
    else if (transform.kind === 'prefix') path = transform.path + path
    else if (transform.kind === 'remove-prefix') path = removePrefix(path, transform)
    else path = fill(transform.template.segments, values, restOf(rawPath, matched))
  }
  return path
}

/** Removes whole segments only: `/api` leaves `/apis` alone. They are compared decoded, as the router compared them. */
function removePrefix(path: string, { segments: prefix, text }: RemovedPrefix): string {
  if (!path.includes('%')) return startsWithSegments(path, text) ? path.slice(text.length) || '/' : path
  const segments = path.slice(1).split('/')
  const matches = prefix.every((wanted, index) => decoded(segments[index] ?? '').toLowerCase() === wanted)
  return matches ? `/${segments.slice(prefix.length).join('/')}` : path
}

type RemovedPrefix = Extract<PathTransform, { kind: 'remove-prefix' }>

const startsWithSegments = (path: string, text: string): boolean =>
  (path.length === text.length || path[text.length] === '/') &&
  path.slice(0, text.length).toLowerCase() === text

/** The path was checked at the edge, and those of transforms when they were read: their escapes are right. */
const decoded = (segment: string) => (segment.includes('%') ? decodeURIComponent(segment) : segment)

/** What the catch-all of a template stands for in the client's own bytes: decoded, an encoded `/` could not be told from one that separates. */
function restOf(rawPath: string, { segments }: PathTemplate): { name: string; raw: string } | undefined {
  const last = segments.at(-1)
  if (last?.kind !== 'rest') return undefined
  const raw = withoutLastSlash(rawPath.slice(1).split('/'))
  return { name: last.value, raw: raw.slice(segments.length - 1).join('/') }
}

/** A segment whose parameter has no value is left out. */
function fill(
  segments: readonly TemplateSegment[],
  values: RouteValues,
  rest: ReturnType<typeof restOf>,
): string {
  const parts = segments.map((segment) => {
    if (segment.kind === 'mixed') return segment.parts.map((part) => fillPart(part, values)).join('')
    if (segment.kind !== 'rest') return fillPart(segment, values)
    const value = values[segment.value]
    if (segment.value === rest?.name) return rest.raw || encodeSegments(value ?? '')
    return value === undefined ? encodeSegments(segment.fallback ?? '') : encodeURIComponent(value)
  })
  return `/${parts.filter(Boolean).join('/')}`
}

/** Within one segment a `/` can only have been an encoded one. */
const fillPart = (part: TemplatePart, values: RouteValues): string =>
  part.kind === 'literal' ? part.value : encodeURIComponent(values[part.value] ?? part.fallback ?? '')

const encodeSegments = (value: string): string => value.split('/').map(encodeURIComponent).join('/')

/** Applies the transforms of a query. Parameters that no transform names stay as the client wrote them. `query` begins with `?`, or is empty. */
export function transformQuery(
  query: string,
  transforms: readonly QueryTransform[],
  values: RouteValues,
): string {
  if (transforms.length === 0) return query
  let parts = query.slice(1).split('&').filter(Boolean)
  for (const transform of transforms) {
    const value = transform.kind === 'remove' ? undefined : valueOfSource(transform.source, values)
    // A route value that is not there neither adds nor replaces (GW-13).
    if (transform.kind !== 'remove' && value === undefined) continue
    if (transform.kind !== 'append')
      parts = parts.filter((part) => nameOf(part) !== transform.name.toLowerCase())
    if (value !== undefined) parts.push(`${encodeURIComponent(transform.name)}=${encodeURIComponent(value)}`)
  }
  return parts.length > 0 ? `?${parts.join('&')}` : ''
}

/** The name of a parameter as a server reads it, without regard to case as in ASP.NET. Escapes that are no text do not throw here. */
const nameOf = (part: string) => [...new URLSearchParams(part).keys()][0]?.toLowerCase()
