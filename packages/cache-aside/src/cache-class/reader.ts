import { deepFreeze } from '../entry/deep-freeze.ts'
import { type Answer, beginFlight, type Flight } from '../flight/flight.ts'
import { type FlightClass, flyForLease, LeaseWaitEnded } from '../flight/lease-flight.ts'
import { type Load, runLoad } from '../flight/load.ts'
import type { Seat } from '../flight/load-batch.ts'
import { StoreUnavailable } from '../store/cache-store.ts'
import type { CacheReadReport, Degraded } from '../telemetry.ts'
import type { CacheParts } from './parts.ts'
import { createSecondLevel, type Found } from './second-level.ts'

/** One read that the first level could not answer. */
export type Question = {
  key: string
  load: Load
  /** `performance.now()` when it was asked. */
  started: number
  signal?: AbortSignal | undefined
  /** What the second level said and the place in the batch of loads, where many keys were asked for at once. */
  found?: Promise<Found | undefined>
  seat?: Seat | undefined
}

/** After so many joined loads that an invalidation overtook, a read loads for itself: it must end under any number of writes. */
const mostRefusals = 3

/** Reads of one class below its first level: the second level, flights for the lease, and the way around when the store is away. */
export function createReader(parts: CacheParts, of: FlightClass) {
  const flights = new Map<string, Flight>()
  const secondLevel = createSecondLevel({ parts, className: of.name })

  async function read(question: Question): Promise<unknown> {
    try {
      question.signal?.throwIfAborted()
      return await readThrough(question)
    } catch (error) {
      if (error instanceof StoreUnavailable) return await readAround(question, 'store-unavailable')
      if (error instanceof LeaseWaitEnded) return await readAround(question, 'lease-wait')
      throw error
    } finally {
      question.seat?.leave()
    }
  }

  async function readThrough(question: Question): Promise<unknown> {
    const { key, signal, seat } = question
    for (let refusals = 0; refusals < mostRefusals; refusals++) {
      let flight = openFlight(key)
      if (!flight) {
        const found = await (question.found ?? secondLevel.lookUp(key))
        if (found) return answered(question, { ...found, source: 'redis' })
        flight = openFlight(key)
      }
      if (!flight) return answered(question, await lead(question).wait(signal))
      seat?.leave()
      const answer = await flight.wait(signal)
      if (await answer.shared) return answered(question, { ...answer, source: 'joined' })
    }
    return readAround(question, 'contended')
  }

  function openFlight(key: string): Flight | undefined {
    const flight = flights.get(key)
    return flight?.open ? flight : undefined
  }

  function lead({ key, load, seat }: Question): Flight {
    const flight = beginFlight((mine) => flyForLease({ parts, of, key, load, seat }, mine))
    flights.set(key, flight)
    parts.inBackground(
      flight.ended.then(() => {
        if (flights.get(key) === flight) flights.delete(key)
      }),
    )
    return flight
  }

  /** Bounded, and nothing is kept: what is read without a lease may be overtaken by an invalidation. */
  async function readAround(question: Question, degraded: Degraded): Promise<unknown> {
    const { key, load, signal, seat } = question
    seat?.leave()
    const flight = parts.bypass.flight(key, async (mine) => {
      const limits = { milliseconds: of.loadTimeout, signal: mine.signal, startTimer: parts.startTimer }
      const { value } = await runLoad({ className: of.name, load, ...limits })
      return { value: asRead(value), source: 'database', shared: true }
    })
    parts.inBackground(flight.ended)
    return answered(question, { ...(await flight.wait(signal)), degraded })
  }

  function answered(
    { started }: Question,
    answer: Pick<Answer, 'value' | 'ttlMilliseconds' | 'degraded'> & { source: CacheReadReport['source'] },
  ): unknown {
    const { value, source, ttlMilliseconds, degraded } = answer
    parts.report({
      class: of.name,
      source,
      durationMilliseconds: performance.now() - started,
      ...(ttlMilliseconds !== undefined && { ttlMilliseconds }),
      ...(degraded && { degraded }),
    })
    return value
  }

  return { read, lookUpMany: secondLevel.lookUpMany }
}

/** In the form that it would have, had it been stored and read. */
const asRead = (value: unknown): unknown =>
  value === undefined ? undefined : deepFreeze(JSON.parse(JSON.stringify(value)))
