import type { KnownLimit } from '../known-limits.ts'
import type { Clock } from '../ports.ts'
import type { Outcome } from '../rate-limit.ts'

/** Permits that were taken ahead for keys that are asked for all the time. */
export type Reserves = {
  /** Takes permits that are here already; `undefined` where Redis is to be asked. Also notes that the key is asked for. */
  take(known: KnownLimit, place: string, cost: number): Outcome | undefined
}

type Reserve = {
  left: number
  /** Permits that nobody used until then are given up: they may be counted for a window that is over. */
  until: number
  /** What Redis said when they were taken. */
  outcome: Outcome
  takenAt: number
  isFetching: boolean
  fetchAgainAt: number
  /** Takes in the span that began then, and in the one before. */
  spanBegan: number
  takes: number
  takesBefore: number
}

const spanMilliseconds = 100
/** A key that is asked for less often is counted one by one. */
const hotTakes = 20
const lifeMilliseconds = 300
/** Of a limit's permits, over all instances: what a limit may admit less than it says, and never more (GW-44). */
const largestShare = 0.01
const nothing: Outcome = { allowed: true, remaining: 0, retryAfterMilliseconds: 0, resetMilliseconds: 0 }

/**
 * Takes permits ahead, in the background, for keys that are asked for more than two hundred times a second: Redis counts them when they are
 * taken, so that all instances together still never admit more than the limit, and no request waits for it.
 * `fetch` takes permits from Redis; `undefined` where it cannot be asked or does not answer.
 */
export function createReserves(options: {
  clock: Clock
  maximumKeys: number
  instances: number
  fetch(known: KnownLimit, place: string, permits: number): Promise<Outcome | undefined>
}): Reserves {
  const { clock, maximumKeys, instances, fetch } = options
  const reserves = new Map<string, Reserve>()

  function reserveOf(place: string, now: number): Reserve {
    const found = reserves.get(place)
    if (found) return found
    // They hold nothing that could not be asked for again.
    if (reserves.size >= maximumKeys) reserves.clear()
    const made = {
      ...{ left: 0, until: 0, outcome: nothing, takenAt: 0, isFetching: false, fetchAgainAt: 0 },
      ...{ spanBegan: now, takes: 0, takesBefore: 0 },
    }
    reserves.set(place, made)
    return made
  }

  async function refill(known: KnownLimit, place: string, reserve: Reserve, permits: number): Promise<void> {
    reserve.isFetching = true
    const outcome = await fetch(known, place, permits)
    reserve.isFetching = false
    const now = clock.now()
    reserve.fetchAgainAt = now + (outcome?.allowed ? 0 : spanMilliseconds)
    if (!outcome?.allowed) return
    if (now >= reserve.until) reserve.left = 0
    reserve.left += permits
    reserve.until = now + lifeMilliseconds
    reserve.outcome = outcome
    reserve.takenAt = now
  }

  return {
    take(known, place, cost) {
      const now = clock.now()
      const reserve = reserveOf(place, now)
      countTake(reserve, now)
      const wanted = Math.min(
        Math.floor((known.limit.permits * largestShare) / instances),
        reserve.takesBefore * 2,
      )
      const left = now < reserve.until ? reserve.left : 0
      const isHot = reserve.takesBefore >= hotTakes && wanted >= hotTakes
      if (isHot && left < wanted / 2 && !reserve.isFetching && now >= reserve.fetchAgainAt)
        void refill(known, place, reserve, wanted)
      if (left < cost) return undefined
      reserve.left -= cost
      const { outcome, takenAt } = reserve
      return {
        ...{ allowed: true, remaining: outcome.remaining + reserve.left, retryAfterMilliseconds: 0 },
        resetMilliseconds: Math.max(0, outcome.resetMilliseconds - (now - takenAt)),
      }
    },
  }
}

function countTake(reserve: Reserve, now: number): void {
  const elapsed = now - reserve.spanBegan
  if (elapsed >= spanMilliseconds) {
    // After a pause the key is not hot any more.
    reserve.takesBefore = elapsed < 2 * spanMilliseconds ? reserve.takes : 0
    reserve.takes = 0
    reserve.spanBegan = now
  }
  reserve.takes++
}
