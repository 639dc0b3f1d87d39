import { CacheError } from '../errors.ts'
import type { StartTimer } from '../ports.ts'
import { publish } from '../telemetry.ts'
import { orAborted } from './flight.ts'

/** Loads, given a signal that says when nobody wants the value any more. */
export type Load = (signal: AbortSignal) => Promise<unknown>

/** What was loaded, in the form in which every reader gets it. */
export type Loaded = { value: unknown; milliseconds: number }

/**
 * Runs a loader within its hard time limit. It ends at the limit even if the loader ignores its signal.
 * @throws CacheError `load-timeout`; whatever the loader throws
 */
export async function runLoad(options: {
  className: string
  load: Load
  milliseconds: number
  /** Aborts when nobody waits any more. */
  signal: AbortSignal
  startTimer: StartTimer
}): Promise<Loaded> {
  const { className, load, milliseconds, startTimer } = options
  const started = performance.now()
  const limit = new AbortController()
  const stop = startTimer(milliseconds, () =>
    limit.abort(
      new CacheError('load-timeout', `Loading an entry of "${className}" took more than ${milliseconds} ms.`),
    ),
  )
  const signal = AbortSignal.any([options.signal, limit.signal])
  try {
    signal.throwIfAborted()
    const value = await orAborted(load(signal), signal)
    const taken = performance.now() - started
    publish({ type: 'loaded', class: className, durationMilliseconds: taken })
    return { value, milliseconds: taken }
  } catch (error) {
    publish({ type: 'load-failed', class: className, error })
    throw error
  } finally {
    stop()
  }
}
