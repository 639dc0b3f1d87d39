import { takeFrom } from '../algorithm/algorithm.ts'
import type { KnownLimit } from '../known-limits.ts'
import type { Clock } from '../ports.ts'
import type { Outcome } from '../rate-limit.ts'
import { type Counts, createCounts } from './counts.ts'

/** Counts in this process alone. */
export type LocalLimits = {
  /** Takes from the share of one instance. `place` is where the key is counted. */
  take(known: KnownLimit, place: string, cost: number): Outcome
  /** How many counts are remembered. */
  size(): number
}

/** Those who find no room share so many counts for each limit. */
const sharedCounts = 256

/**
 * Counts for at most `maximumKeys` keys. One is forgotten only when it is void, that is when it says no more than none would: who is refused
 * cannot get himself a new count by flooding us with other keys, as he could where the least used one is dropped. When there is no room, new
 * keys share a few counts by their hash: all of them together then get a bounded number of permits, and who has a count of his own keeps it.
 */
export function createLocalLimits(options: { clock: Clock; maximumKeys: number }): LocalLimits {
  const { clock, maximumKeys } = options
  const own = createCounts()
  const shared = createCounts()
  // Nobody outside can know which keys share a count.
  const seed = Math.floor(Math.random() * 2 ** 32)

  function countedAt(place: string, shape: string, now: number): { counts: Counts; key: string } {
    if (own.get(place)) return { counts: own, key: place }
    own.sweep(now)
    if (own.size() < maximumKeys) return { counts: own, key: place }
    shared.sweep(now)
    return { counts: shared, key: `${shape}:${hash(place, seed) % sharedCounts}` }
  }

  return {
    take({ share, shape }, place, cost) {
      const now = Math.floor(clock.now())
      const { counts, key } = countedAt(place, shape, now)
      // What costs more than the share takes all of it: else it would be refused until Redis is back.
      const { state, outcome } = takeFrom(share, counts.get(key)?.state, Math.min(cost, share.permits), now)
      counts.set(key, { state, voidAt: now + outcome.resetMilliseconds })
      return outcome
    },
    size: () => own.size() + shared.size(),
  }
}

/** FNV-1a, 32 bits. */
function hash(text: string, seed: number): number {
  let value = seed
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  }
  return value >>> 0
}
