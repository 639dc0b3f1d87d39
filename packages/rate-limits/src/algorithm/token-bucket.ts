import type { Outcome } from '../rate-limit.ts'

/**
 * What is missing in the bucket, and since when that is so. It is counted in parts of a token: a token has as many parts as its window has
 * milliseconds, so each millisecond brings a whole number of them back. All numbers are whole, nothing is rounded, and nothing drifts.
 */
export type TokenBucket = { missing: number; at: number }

/** Takes tokens of a bucket that refills evenly. `now`, whole milliseconds, must not go back. */
export function takeFromTokenBucket(
  limit: { permits: number; windowMilliseconds: number; refillPermits: number },
  before: TokenBucket | undefined,
  cost: number,
  now: number,
): { state: TokenBucket; outcome: Outcome } {
  const { windowMilliseconds: token, refillPermits: refill } = limit
  const capacity = limit.permits * token
  const current = before ? Math.max(0, before.missing - (now - before.at) * refill) : 0
  const wanted = current + cost * token
  const allowed = wanted <= capacity
  const missing = allowed ? wanted : current
  return {
    state: { missing, at: now },
    outcome: {
      allowed,
      remaining: Math.floor((capacity - missing) / token),
      retryAfterMilliseconds: allowed ? 0 : Math.ceil((wanted - capacity) / refill),
      resetMilliseconds: Math.ceil(missing / refill),
    },
  }
}
