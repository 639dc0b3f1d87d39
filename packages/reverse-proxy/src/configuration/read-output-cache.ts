import type { OutputCachePolicy } from '#src/output-cache/output-cache-policy.ts'
import type { Section } from './section.ts'

const usualBytes = 65_536
/** A header's name (RFC 9110 §5.6.2). */
const token = /^[\w!#$%&'*+.^`|~-]+$/

/**
 * Reads one of `Policies.OutputCache`: `Duration`, `VaryByHeaders`, `VaryByQuery`, `VaryByUser`, `MaxBytes`, `StaleWhileRevalidate`,
 * `StaleIfError`.
 */
export function readOutputCachePolicy(name: string, section: Section): OutputCachePolicy {
  const headers = section.texts('VaryByHeaders') ?? []
  for (const header of headers) {
    if (header === '*' || !token.test(header))
      section.fault(
        'VaryByHeaders',
        `has one that is no header (${header})`,
        'Write names such as Accept-Language',
      )
  }
  const policy: OutputCachePolicy = {
    name,
    durationMilliseconds: section.timeSpan('Duration'),
    varyByHeaders: headers.map((header) => header.toLowerCase()),
    varyByQuery: readVaryByQuery(section),
    varyByUser: section.boolean('VaryByUser', false),
    maxBytes: section.whole('MaxBytes', { least: 1 }, usualBytes),
    staleWhileRevalidateMilliseconds: section.timeSpan('StaleWhileRevalidate') ?? 0,
    staleIfErrorMilliseconds: section.timeSpan('StaleIfError') ?? 0,
  }
  section.end()
  return policy
}

/** All parameters unless some are named; an empty list = the query tells nothing apart. */
function readVaryByQuery(section: Section): ReadonlySet<string> | 'all' {
  const names = section.texts('VaryByQuery', ['*'])
  if (!names.includes('*')) return new Set(names.map((name) => name.toLowerCase()))
  if (names.length > 1) section.fault('VaryByQuery', 'has * beside others', 'Keep * or the names')
  return 'all'
}
