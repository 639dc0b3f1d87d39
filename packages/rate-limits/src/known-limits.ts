import { createHash } from 'node:crypto'
import { checkRateLimit, refillOf, segmentsOf } from './check-rate-limit.ts'
import type { RateLimit } from './rate-limit.ts'

/** What is worked out of a limit once. */
export type KnownLimit = {
  limit: RateLimit
  /** All that its counting depends on: keys of different shapes are apart, so that a limit that was changed begins anew. */
  shape: string
  /** What one instance may admit when it counts alone. */
  share: RateLimit
}

/** More of a key is not kept: a client that may choose it, by a header say, chooses no memory. */
const longestKey = 100

/**
 * Works each limit out once, and checks it then.
 * @throws {RateLimitError} as `checkRateLimit`
 */
export function createKnownLimits(instances: number): (limit: RateLimit) => KnownLimit {
  const known = new WeakMap<RateLimit, KnownLimit>()
  return (limit) => {
    const found = known.get(limit)
    if (found) return found
    checkRateLimit(limit)
    const made = { limit, shape: shapeOf(limit), share: shareOf(limit, instances) }
    known.set(limit, made)
    return made
  }
}

/** Where the count of a key is kept, the same in all instances. */
export function placeOf({ shape }: KnownLimit, key: string): string {
  if (key.length <= longestKey) return `${shape}:${key}`
  return `${shape}#${createHash('sha256').update(key).digest('base64url')}`
}

const shapeOf = (limit: RateLimit): string =>
  [
    limit.algorithm,
    limit.permits,
    limit.windowMilliseconds,
    ...(limit.algorithm === 'sliding-window' ? [segmentsOf(limit)] : []),
    ...(limit.algorithm === 'token-bucket' ? [refillOf(limit)] : []),
  ].join('/')

function shareOf(limit: RateLimit, instances: number): RateLimit {
  const permits = Math.max(1, Math.floor(limit.permits / instances))
  if (limit.algorithm !== 'token-bucket') return { ...limit, permits }
  // A longer window instead of fewer tokens in it: that division leaves no rest, so that all instances together refill at the same rate.
  const windowMilliseconds = limit.windowMilliseconds * instances
  return { ...limit, permits, windowMilliseconds, refillPermits: refillOf(limit) }
}
