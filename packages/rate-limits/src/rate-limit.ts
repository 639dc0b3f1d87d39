/** What a limit answers while Redis does not. */
export type OnOutage =
  /** Each instance counts alone and admits its share: `permits` ÷ instances, at least 1. */
  | 'local'
  /** Everything is admitted, and nobody counts. */
  | 'open'
  /** Everything is refused. */
  | 'closed'

type LimitBase = {
  /** How many permits a key has, a whole number from 1 to 10⁹. */
  permits: number
  /** Milliseconds, a whole number from 1 to those of 366 days. */
  windowMilliseconds: number
  /** Default: that of the limiter. */
  onOutage?: OnOutage
}

/**
 * At most `permits` in a window, which begins with the first permit taken and not at a round time: the clients that were refused do not all
 * come back in the same second. Up to twice as many may pass around the end of a window.
 */
export type FixedWindowLimit = LimitBase & { algorithm: 'fixed-window' }

/**
 * Never more than `permits` within **any** span of `windowMilliseconds`. The window is counted in segments; a permit is free again when its
 * whole segment has left the window, so up to one segment late and never early.
 */
export type SlidingWindowLimit = LimitBase & {
  algorithm: 'sliding-window'
  /** Into how many segments the window is divided: more of them give permits back sooner, and cost more memory. 1 to 100, default 10. */
  segments?: number
}

/** A bucket of `permits` tokens, full at first, that refills evenly: bursts up to `permits`, and a steady rate in the long run. */
export type TokenBucketLimit = LimitBase & {
  algorithm: 'token-bucket'
  /** How many tokens come back in `windowMilliseconds`, a whole number from 1 to 10⁹. Default `permits`. */
  refillPermits?: number
}

/** How often something may happen. A value: make it once, and do not change it. */
export type RateLimit = FixedWindowLimit | SlidingWindowLimit | TokenBucketLimit

/** What an algorithm says to one take. */
export type Outcome = {
  allowed: boolean
  /** How many permits are left after this take. */
  remaining: number
  /** 0 where it was allowed; otherwise how long such a take is refused for certain, at least 1. */
  retryAfterMilliseconds: number
  /** When all permits are there again if nobody takes one until then; 0: now. */
  resetMilliseconds: number
}

/** Who decided: all instances together, this one alone, or the rule for outages because nobody could count. */
export type DecisionSource = 'shared' | OnOutage

/** The answer to one take. */
export type Decision = Outcome & {
  /** The limit as it was asked for, also where this instance held its share of it alone. */
  limit: RateLimit
  source: DecisionSource
}
