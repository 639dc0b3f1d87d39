import { overloaded } from '../errors.ts'
import { startTimer as nodeTimer, type StartTimer } from '../ports.ts'
import { type Answer, beginFlight, type Flight } from './flight.ts'
import { createTurns, NoTurn } from './turns.ts'

/** How many loads fall on the database outside of the cache, all classes of it together. */
export type BypassOptions = {
  /** Loads at once. Default 8. */
  concurrency?: number
  /** Keys that wait for their turn; one more is refused with `overloaded`. Default 256. */
  queue?: number
  /** A load waits no longer for its turn, milliseconds. Default 2000. */
  queueTimeout?: number
}

type Work = (flight: Flight) => Promise<Answer>

/** Loads while the cache is away. */
export type Bypass = {
  /** The flight for this key that has not begun to load, or a new one. */
  flight(key: string, work: Work): Flight
}

/**
 * Bounds what falls on the database while the cache is away. A key is loaded by one at a time; who comes while it is being loaded waits
 * for the next load together with all others that do, and so gets nothing older than his question.
 */
export function createBypass(
  { concurrency = 8, queue = 256, queueTimeout = 2000 }: BypassOptions = {},
  startTimer: StartTimer = nodeTimer,
): Bypass {
  const waiting = new Map<string, Flight>()
  const loading = new Map<string, Promise<void>>()
  const turns = createTurns({
    atOnce: concurrency,
    queue: Number.POSITIVE_INFINITY, // it is `waiting` that is bounded
    waitMilliseconds: queueTimeout,
    startTimer,
  })

  async function turn(key: string, flight: Flight): Promise<() => void> {
    try {
      return await turns.take(flight.signal)
    } catch (error) {
      if (waiting.get(key) === flight) waiting.delete(key)
      throw error instanceof NoTurn ? refused(`A load waited ${queueTimeout} ms for its turn.`) : error
    }
  }

  const refused = (why: string) => overloaded(`The cache is away. ${why}`, queueTimeout)

  async function load(key: string, flight: Flight, work: Work): Promise<Answer> {
    await loading.get(key)
    const pass = await turn(key, flight)
    const { promise: loaded, resolve: end } = Promise.withResolvers<void>()
    try {
      flight.close()
      if (waiting.get(key) === flight) waiting.delete(key)
      flight.signal.throwIfAborted()
      loading.set(key, loaded)
      return await work(flight)
    } finally {
      if (loading.get(key) === loaded) loading.delete(key)
      end()
      pass()
    }
  }

  return {
    flight(key, work) {
      const open = waiting.get(key)
      if (open?.open) return open
      if (waiting.size >= queue) {
        throw refused(`${queue} loads wait for the database already.`)
      }
      const flight = beginFlight((mine) => Promise.resolve().then(() => load(key, mine, work)))
      waiting.set(key, flight)
      return flight
    },
  }
}
