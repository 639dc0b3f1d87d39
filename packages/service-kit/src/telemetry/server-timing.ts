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
 * the cache closest to the origin (§2), so Redis stands before the L1.
 */
export function cacheStatus(reads: readonly CacheRead[]): string | undefined {
  if (reads.length === 0) return undefined
  const read = farthest(reads)
  const ttl = read.ttlMilliseconds === undefined ? '' : `; ttl=${Math.ceil(read.ttlMilliseconds / 1000)}`
  if (read.source === 'l1') return `alicerce-l1; hit${ttl}`
  if (read.source === 'joined') return 'alicerce-l1; fwd=miss; collapsed'
  if (read.source === 'redis') return `alicerce-redis; hit${ttl}, alicerce-l1; fwd=miss`
  if (read.degraded === undefined)
    return `alicerce-redis; fwd=miss; stored${ttl}, alicerce-l1; fwd=miss; stored`
  return `alicerce-redis; fwd=bypass; detail="${read.degraded.replace(/[^\w .:-]/g, '')}", alicerce-l1; fwd=miss`
}

function farthest(reads: readonly CacheRead[]): CacheRead {
  return reads.reduce((far, read) =>
    distance.indexOf(read.source) > distance.indexOf(far.source) ? read : far,
  )
}
