/** What of a path servers read in different ways, and a route may opt in to. */
export const oddForms = ['encodedSlash', 'encodedBackslash', 'dotSegments'] as const

export type OddForm = (typeof oddForms)[number]

/** A path that servers read in different ways. */
export type OddPath = {
  readonly forms: readonly OddForm[]
  /** Its segments, decoded one by one: what is encoded separates none. */
  readonly segments: readonly string[]
  /** What services may read instead that separate, or resolve dot segments. Each begins with `/`. */
  readonly otherReadings: readonly string[]
}

/** `;` begins a parameter of a segment to some servers, which then see `..` in `..;a` (RFC 3986 §3.3). */
const dotSegment = /^\.{1,2}(?:;|$)/
const hasDotSegment = /[/\\]\.{1,2}(?:[/\\;]|$)/
const encodedSlash = /%2f/i

/** Tells what is odd about a path; `undefined` where nothing is. `path` is `rawPath` decoded. */
export function readOddPath(rawPath: string, path: string): OddPath | undefined {
  const forms: OddForm[] = []
  if (encodedSlash.test(rawPath)) forms.push('encodedSlash')
  // A plain one was refused before.
  if (path.includes('\\')) forms.push('encodedBackslash')
  if (hasDotSegment.test(path)) forms.push('dotSegments')
  if (forms.length === 0) return undefined
  const separated = path.replaceAll('\\', '/')
  const segments = rawPath.slice(1).split('/').map(decodeURIComponent)
  return { forms, segments, otherReadings: [separated, resolved(separated)] }
}

/** RFC 3986 §5.2.4. */
function resolved(path: string): string {
  const kept: string[] = []
  const segments = path.slice(1).split('/')
  for (const segment of segments) {
    if (/^\.\.(?:;|$)/.test(segment)) kept.pop()
    else if (!dotSegment.test(segment)) kept.push(segment)
  }
  return `/${kept.join('/')}`
}
