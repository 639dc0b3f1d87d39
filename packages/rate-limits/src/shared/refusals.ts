import type { Clock } from '../ports.ts'
import type { Outcome } from '../rate-limit.ts'

/** Refusals of Redis that still hold, so that a flood of refused takes costs Redis nothing. */
export type Refusals = {
  /** The refusal that a take of this cost would get from Redis too. */
  find(place: string, cost: number): Outcome | undefined
  /** Keeps a refusal. `askedAt`: when Redis was asked, by the clock. */
  keep(place: string, cost: number, outcome: Outcome, askedAt: number): void
}

type Refusal = { cost: number; outcome: Outcome; until: number; askedAt: number }

/**
 * Remembers refusals for as long as Redis said they hold. That is right for all algorithms: `retryAfterMilliseconds` is how long it takes
 * until enough permits are free **if nobody takes one before**; takes of others can only make it longer, and no take gives permits back. It
 * is counted from when Redis was asked, before Redis counted it, so we ask again too early rather than too late. Should Redis lose its
 * counts meanwhile, we refuse for no longer than was promised to the client anyway.
 * Of more than `maximumKeys` the oldest is dropped: it costs one more question.
 */
export function createRefusals(options: { clock: Clock; maximumKeys: number }): Refusals {
  const { clock, maximumKeys } = options
  const refusals = new Map<string, Refusal>()

  return {
    find(place, cost) {
      const refusal = refusals.get(place)
      if (!refusal) return undefined
      const now = clock.now()
      if (now >= refusal.until) refusals.delete(place)
      if (now >= refusal.until || cost < refusal.cost) return undefined
      return later(refusal.outcome, now - refusal.askedAt)
    },
    keep(place, cost, outcome, askedAt) {
      refusals.delete(place)
      for (const oldest of refusals.keys()) {
        if (refusals.size < maximumKeys) break
        refusals.delete(oldest)
      }
      refusals.set(place, { cost, outcome, until: askedAt + outcome.retryAfterMilliseconds, askedAt })
    },
  }
}

/** A dearer take than the one that was refused may have to wait longer: what is told is the least it has to. */
const later = (outcome: Outcome, elapsed: number): Outcome => ({
  ...outcome,
  retryAfterMilliseconds: Math.max(1, Math.ceil(outcome.retryAfterMilliseconds - elapsed)),
  resetMilliseconds: Math.max(1, Math.ceil(outcome.resetMilliseconds - elapsed)),
})
