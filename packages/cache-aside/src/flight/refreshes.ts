import type { CacheParts } from '../cache-class/parts.ts'
import type { Decoded } from '../entry/entry.ts'
import type { Policy } from '../policy/policy.ts'
import { beginFlight, type Flight } from './flight.ts'
import type { Target } from './load-and-store.ts'
import type { Seat } from './load-batch.ts'
import { EntryGone, flyToRefresh } from './refresh-flight.ts'

/** The source is left alone for about so long after a refresh failed, while there is something else to answer. */
const restMilliseconds = 1000
/** Beyond it rests are forgotten, which costs loads. */
const mostRests = 10_000

/** What is to be loaded anew. */
export type RefreshWanted = { target: Target; seen: Decoded; seat?: Seat | undefined }

/** The refreshes of one class, at most one per key in this process. */
export function createRefreshes(parts: CacheParts, of: Policy) {
  const flights = new Map<string, Flight>()
  const rests = new Map<string, number>()

  function begin({ target, seen, seat }: RefreshWanted): Flight {
    const { key } = target
    const flight = beginFlight((mine) =>
      flyToRefresh({ parts, of, target, seat, expected: seen.markKeys }, seen, mine),
    )
    flights.set(key, flight)
    // It goes on when nobody waits any more: this one always does.
    const outcome = flight.wait().then(
      () => {
        rests.delete(key)
        tell('succeeded')
      },
      (error) => {
        if (error instanceof EntryGone) return tell('gone')
        rest(key)
        tell('failed')
      },
    )
    parts.inBackground(
      outcome.then(() => {
        if (flights.get(key) === flight) flights.delete(key)
      }),
    )
    return flight
  }

  const tell = (outcome: 'succeeded' | 'failed' | 'gone') =>
    parts.tell({ type: 'refreshed', class: of.name, outcome })

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
    isUnderWay: (key: string) => flights.has(key),
    /** Whether a refresh failed a moment ago. */
    isResting,
    /** Beside the answer, for nobody in particular. */
    inBackground(wanted: RefreshWanted): void {
      const { key } = wanted.target
      if (!flights.has(key) && !isResting(key)) begin(wanted)
    },
    /** The flight under way that may still be joined, or a new one. */
    flight(wanted: RefreshWanted): { flight: Flight; joined: boolean } {
      const underWay = flights.get(wanted.target.key)
      if (!underWay?.open) return { flight: begin(wanted), joined: false }
      wanted.seat?.leave()
      return { flight: underWay, joined: true }
    },
  }
}
