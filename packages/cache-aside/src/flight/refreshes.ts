import type { CacheParts } from '../cache-class/parts.ts'
import type { Decoded } from '../entry/entry.ts'
import type { Policy } from '../policy/policy.ts'
import { beginFlight, type Flight } from './flight.ts'
import type { Load } from './load.ts'
import type { Seat } from './load-batch.ts'
import { EntryGone, flyToRefresh } from './refresh-flight.ts'

/** The source is left alone for about so long after a refresh failed, while there is something else to answer. */
const restMilliseconds = 1000
/** Beyond it rests are forgotten, which costs loads. */
const mostRests = 10_000

/** What is to be loaded anew. */
export type RefreshWanted = { key: string; seen: Decoded; load: Load; seat?: Seat | undefined }

/** The refreshes of one class, at most one per key in this process. */
export function createRefreshes(parts: CacheParts, of: Policy) {
  const flights = new Map<string, Flight>()
  const rests = new Map<string, number>()

  function begin({ key, seen, load, seat }: RefreshWanted): Flight {
    const flight = beginFlight((mine) => flyToRefresh({ parts, of, key, load, seat }, seen, mine))
    flights.set(key, flight)
    // It goes on when nobody waits any more: this one always does.
    const outcome = flight.wait().then(
      () => void rests.delete(key),
      (error) => {
        if (!(error instanceof EntryGone)) rest(key)
      },
    )
    parts.inBackground(
      outcome.then(() => {
        if (flights.get(key) === flight) flights.delete(key)
      }),
    )
    return flight
  }

  function rest(key: string): void {
    if (rests.size >= mostRests) rests.clear()
    rests.set(key, parts.clock.now() + restMilliseconds * (0.5 + parts.random()))
  }

  function isResting(key: string): boolean {
    const until = rests.get(key)
    if (until === undefined) return false
    if (until > parts.clock.now()) return true
    rests.delete(key)
    return false
  }

  return {
    /** Whether a refresh failed a moment ago. */
    isResting,
    /** Beside the answer, for nobody in particular. */
    inBackground(wanted: RefreshWanted): void {
      if (!flights.has(wanted.key) && !isResting(wanted.key)) begin(wanted)
    },
    /** The flight under way that may still be joined, or a new one. */
    flight(wanted: RefreshWanted): { flight: Flight; joined: boolean } {
      const underWay = flights.get(wanted.key)
      if (!underWay?.open) return { flight: begin(wanted), joined: false }
      wanted.seat?.leave()
      return { flight: underWay, joined: true }
    },
  }
}
