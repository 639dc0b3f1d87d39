import type { ConcurrencyLimit } from './concurrency-limiter.ts'
import type { RateLimit } from './rate-limit.ts'
import { RateLimitError } from './rate-limit-error.ts'

const mostPermits = 1e9
const longestWindow = 366 * 24 * 3600 * 1000
const mostSegments = 100
/** Segments of a sliding window that says nothing else: a permit comes back a tenth of the window late at most. */
const usualSegments = 10

/** Into how many segments a sliding window is divided. */
export const segmentsOf = (limit: RateLimit): number =>
  limit.algorithm === 'sliding-window' ? (limit.segments ?? usualSegments) : 1

/** How many tokens come back to a bucket in its window. */
export const refillOf = (limit: RateLimit): number =>
  limit.algorithm === 'token-bucket' ? (limit.refillPermits ?? limit.permits) : limit.permits

/**
 * Holds a limit against what can be held; for whoever reads limits from a configuration, as each take does it too.
 * @throws {RateLimitError} `permits-invalid`, `window-invalid`, `segments-invalid`, `refill-invalid`, `bucket-too-large`
 */
export function checkRateLimit(limit: RateLimit | ConcurrencyLimit): void {
  if (!isWhole(limit.permits, mostPermits))
    fail('permits-invalid', `"permits" is ${limit.permits}: choose a whole number from 1 to ${mostPermits}.`)
  if (limit.algorithm === 'concurrency') return
  const { permits, windowMilliseconds: window } = limit
  if (!isWhole(window, longestWindow))
    fail(
      'window-invalid',
      `"windowMilliseconds" is ${window}: choose a whole number from 1 to ${longestWindow} (366 days).`,
    )
  if (!isWhole(segmentsOf(limit), Math.min(mostSegments, limit.algorithm === 'sliding-window' ? window : 1)))
    fail(
      'segments-invalid',
      `"segments" is ${segmentsOf(limit)} in a window of ${window} ms: choose a whole number from 1 to ${mostSegments}, and a segment of a millisecond at least.`,
    )
  if (limit.algorithm !== 'token-bucket') return
  if (!isWhole(refillOf(limit), mostPermits))
    fail(
      'refill-invalid',
      `"refillPermits" is ${limit.refillPermits}: choose a whole number from 1 to ${mostPermits}.`,
    )
  if (permits * window > Number.MAX_SAFE_INTEGER)
    fail(
      'bucket-too-large',
      `${permits} permits in ${window} ms cannot be counted exactly: choose a shorter window, and fewer "refillPermits" in it.`,
    )
}

/** @throws {RateLimitError} `cost-invalid`, `cost-exceeds-permits` */
export function checkCost(limit: RateLimit, cost: number): void {
  if (!isWhole(cost, Number.MAX_SAFE_INTEGER))
    fail('cost-invalid', `A take costs ${cost}: choose a whole number from 1.`)
  if (cost > limit.permits)
    fail(
      'cost-exceeds-permits',
      `A take costs ${cost}, and the limit has ${limit.permits} permits: it would be refused for ever.`,
    )
}

const isWhole = (value: number, most: number): boolean =>
  Number.isInteger(value) && value >= 1 && value <= most

function fail(code: ConstructorParameters<typeof RateLimitError>[0], message: string): never {
  throw new RateLimitError(code, message)
}
