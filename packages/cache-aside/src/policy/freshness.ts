import type { Policy } from './policy.ts'

/** What is known of a value's freshness. */
export type Aging = {
  readonly value: unknown
  readonly freshUntil: number
  /** What its load took. */
  readonly loadMilliseconds: number
}

/**
 * `fresh`: the answer. `due`: the answer, and it is time to load anew beside it. `expired`: the answer only if a fresh one is not to be had.
 */
export type Freshness = 'fresh' | 'due' | 'expired'

/** −ln of the smallest number above 0 that `Math.random` gives; a random 0 counts as that. */
const farthest = 53 * Math.LN2

/**
 * XFetch: the value is due when `now − δ·β·ln(random) ≥ freshUntil`, δ being the time its load took. The clock is this process's: one that
 * is fast refreshes early, which costs a load.
 */
export function freshnessOf(aging: Aging, policy: Policy, now: number, random: () => number): Freshness {
  const left = aging.freshUntil - now
  const spread = aging.loadMilliseconds * policy.earlyRefresh
  if (left > spread * farthest) return 'fresh' // nearly always, and without a logarithm
  if (left > 0) return -spread * Math.log(random()) >= left ? 'due' : 'fresh'
  return answeredUntil(aging, policy) > now ? 'due' : 'expired'
}

/** Until when the value may be answered at once. */
export const answeredUntil = ({ value, freshUntil }: Aging, { staleWhileRevalidate }: Policy): number =>
  value === undefined ? freshUntil : freshUntil + staleWhileRevalidate

/** Whether the value may be answered when there is trouble with a fresh one. */
export const isFailSafe = ({ value, freshUntil }: Aging, { failSafe }: Policy, now: number): boolean =>
  value !== undefined && freshUntil + failSafe > now
