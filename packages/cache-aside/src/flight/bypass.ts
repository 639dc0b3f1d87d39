import { CacheError } from '../errors.ts'
import { type Answer, beginFlight, type Flight } from './flight.ts'

/** How many loads fall on the database outside of the cache, all classes of it together. */
export type BypassOptions = {
  /** Loads at once. Default 8. */
  concurrency?: number
  /** Keys that wait for their turn; one more is refused with `overloaded`. Default 256. */
  queue?: number
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
export function createBypass({ concurrency = 8, queue = 256 }: BypassOptions = {}): Bypass {
  const waiting = new Map<string, Flight>()
  const loading = new Map<string, Promise<void>>()
  const turns: (() => void)[] = []
  let running = 0

  async function turn(): Promise<void> {
    if (running >= concurrency) await new Promise<void>((resolve) => turns.push(resolve))
    else running++
  }

  /** The turn goes to the next one, if any. */
  function pass(): void {
    const next = turns.shift()
    if (next) next()
    else running--
  }

  async function load(key: string, flight: Flight, work: Work): Promise<Answer> {
    await loading.get(key)
    await turn()
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
        throw new CacheError(
          'overloaded',
          `The cache is away and ${queue} loads wait for the database. Try again in a moment.`,
        )
      }
      const flight = beginFlight((mine) => Promise.resolve().then(() => load(key, mine, work)))
      waiting.set(key, flight)
      return flight
    },
  }
}
