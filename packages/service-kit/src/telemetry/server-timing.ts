import type { CacheRead, RequestContext } from './request-context.ts'

/** How far a read had to go: the later, the farther. */
const distance: CacheRead['source'][] = ['l1', 'joined', 'redis', 'database']

/** `Server-Timing` of a response: the service, each class of cached reads, the database. Durations in milliseconds. */
export function serverTiming(service: string, context: RequestContext): string {
  const { startedAt, cacheReads, queries } = context
  const entries = [entry('service', performance.now() - startedAt, service)]
  for (const [name, reads] of Map.groupBy(cacheReads, (read) => read.class)) {
    // Reads of one class run side by side as a rule: their sum would be longer than the response.
    const duration = Math.max(...reads.map((read) => read.durationMilliseconds))
    entries.push(entry('cache', duration, `${name}: ${farthest(reads).source}`))
  }
  if (queries.count > 0) {
    const description = queries.count === 1 ? '1 query' : `${queries.count} queries`
    entries.push(entry('database', queries.durationMilliseconds, description))
  }
  return entries.join(', ')
}

function entry(name: string, duration: number, description: string): string {
  return `${name};dur=${duration.toFixed(2)};desc="${description}"`
}

/**
 * `Cache-Status` (RFC 9211) of a response, by the read that went farthest; `undefined` where nothing was read. The first member is
 * the cache closest to the origin (§2), so Redis stands before the L1. Hits tell two things that are nobody else's, under names that say whose
 * they are (§4), in seconds: how long ago the value was loaded, and how old at most what is missing in it is.
 */
export function cacheStatus({
  cacheReads: reads,
  cacheBehindMilliseconds: behind,
}: Pick<RequestContext, 'cacheReads' | 'cacheBehindMilliseconds'>): string | undefined {
  if (reads.length === 0) return undefined
  const read = farthest(reads)
  const ttl = read.ttlMilliseconds === undefined ? '' : `; ttl=${Math.ceil(read.ttlMilliseconds / 1000)}`
  if (read.source === 'joined') return 'alicerce-l1; fwd=miss; collapsed'
  if (read.source === 'database') return missOf(read, ttl)
  const hit = `hit${ttl}${parameter('age', read.ageMilliseconds)}${parameter('behind', behind)}`
  return read.source === 'l1' ? `alicerce-l1; ${hit}` : `alicerce-redis; ${hit}, alicerce-l1; fwd=miss`
}

function missOf({ degraded }: CacheRead, ttl: string): string {
  if (degraded === undefined) return `alicerce-redis; fwd=miss; stored${ttl}, alicerce-l1; fwd=miss; stored`
  return `alicerce-redis; fwd=bypass; detail="${degraded.replace(/[^\w .:-]/g, '')}", alicerce-l1; fwd=miss`
}

/** Nothing where it is not known. */
const parameter = (name: string, milliseconds: number | undefined) =>
  milliseconds !== undefined && Number.isFinite(milliseconds)
    ? `; alicerce-${name}=${(Math.max(0, milliseconds) / 1000).toFixed(2)}`
    : ''

function farthest(reads: readonly CacheRead[]): CacheRead {
  return reads.reduce((far, read) =>
    distance.indexOf(read.source) > distance.indexOf(far.source) ? read : far,
  )
}
