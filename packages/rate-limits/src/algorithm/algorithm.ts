import { refillOf, segmentsOf } from '../check-rate-limit.ts'
import type { Outcome, RateLimit } from '../rate-limit.ts'
import { type FixedWindow, takeFromFixedWindow } from './fixed-window.ts'
import { type SlidingWindow, takeFromSlidingWindow } from './sliding-window.ts'
import { type TokenBucket, takeFromTokenBucket } from './token-bucket.ts'

/** What has to be remembered of a key. `undefined` is as good as any state once its `resetMilliseconds` have passed. */
export type LimitState = FixedWindow | SlidingWindow | TokenBucket

/** Answers one take by what is remembered; changes nothing. The scripts for Redis do the same (shared/scripts.ts). */
export function takeFrom(
  limit: RateLimit,
  before: LimitState | undefined,
  cost: number,
  now: number,
): { state: LimitState; outcome: Outcome } {
  const { permits, windowMilliseconds } = limit
  switch (limit.algorithm) {
    case 'fixed-window':
      return takeFromFixedWindow({ permits, windowMilliseconds }, before as FixedWindow, cost, now)
    case 'sliding-window':
      return takeFromSlidingWindow(
        { permits, windowMilliseconds, segments: segmentsOf(limit) },
        before as SlidingWindow,
        cost,
        now,
      )
    case 'token-bucket':
      return takeFromTokenBucket(
        { permits, windowMilliseconds, refillPermits: refillOf(limit) },
        before as TokenBucket,
        cost,
        now,
      )
  }
}
