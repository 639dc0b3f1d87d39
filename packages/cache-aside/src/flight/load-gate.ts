import { overloaded } from '../errors.ts'
import type { Policy } from '../policy/policy.ts'
import type { StartTimer } from '../ports.ts'
import { publish } from '../telemetry.ts'
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
export function createLoadGate(of: Policy, { startTimer }: { startTimer: StartTimer }): LoadGate {
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
      publish({ type: 'load-refused', class: name, reason: error.reason })
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
      const loading = Promise.try(load)
      loading.then(end, end) // whoever asked may have left: the source is at work all the same
      return loading
    },
  }
}
