import type { CacheParts } from '../cache-class/parts.ts'
import { CacheError, overloaded } from '../errors.ts'
import type { Policy } from '../policy/policy.ts'
import type { LoadFailure } from '../telemetry/events.ts'
import { orAborted } from './flight.ts'
import { createTurns, NoTurn, type Turns } from './turns.ts'

/** Lets no more loads of a class through at once than its source can bear from this process. */
export type LoadGate = {
  readonly turns: Pick<Turns, 'running' | 'waiting'>
  /**
   * Runs `load` when it is its turn, unless the signal aborts before.
   * @throws CacheError `overloaded`
   */
  pass<Result>(signal: AbortSignal, load: () => Promise<Result>): Promise<Result>
}

/** A loader that ignores its signal works on, so it keeps its turn; when it has taken so often its time limit, it is taken for dead. */
const limitsUntilDead = 2

/**
 * The bound holds whatever the loads are for: a herd on many cold keys, refreshes, or everything at once because the store is away. Many
 * keys that are loaded by one call of `loadMany` are one load.
 */
export function createLoadGate(
  of: Policy,
  { startTimer, tell }: Pick<CacheParts, 'startTimer' | 'tell'>,
): LoadGate {
  const { name, maximumLoads, loadQueue, loadQueueTimeout, loadTimeout } = of
  const turns = createTurns({
    atOnce: maximumLoads,
    queue: loadQueue,
    waitMilliseconds: loadQueueTimeout,
    longestTurn: limitsUntilDead * loadTimeout,
    startTimer,
  })

  async function turn(signal: AbortSignal): Promise<() => void> {
    try {
      return await turns.take(signal)
    } catch (error) {
      if (!(error instanceof NoTurn)) throw error
      tell({ type: 'load-refused', class: name, reason: error.reason })
      throw overloaded(
        error.reason === 'queue-full'
          ? `${loadQueue} loads of "${name}" wait for their turn already.`
          : `A load of "${name}" waited ${loadQueueTimeout} ms for its turn.`,
        loadQueueTimeout,
      )
    }
  }

  return {
    turns,
    async pass(signal, load) {
      const end = await turn(signal)
      const started = performance.now()
      const taken = () => ({ class: name, durationMilliseconds: performance.now() - started })
      const loading = Promise.try(load)
      loading.then(end, end) // whoever asked may have left: the source is at work all the same
      try {
        const result = await orAborted(loading, signal)
        tell({ type: 'loaded', ...taken() })
        return result
      } catch (error) {
        tell({ type: 'load-failed', ...taken(), reason: failureIn(error), error })
        throw error
      }
    },
  }
}

function failureIn(error: unknown): LoadFailure {
  if (!(error instanceof CacheError)) return 'error'
  if (error.code === 'load-timeout') return 'timeout'
  return error.code === 'load-abandoned' || error.code === 'closed' ? 'abandoned' : 'error'
}
