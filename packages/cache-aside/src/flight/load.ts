import type { CacheParts } from '../cache-class/parts.ts'
import { CacheError } from '../errors.ts'
import { type Policy, versionIn } from '../policy/policy.ts'
import { orAborted } from './flight.ts'

/**
 * Loads, given a signal that says when nobody wants the value any more, and the least version that will do; 0: any, `Infinity`: the newest.
 * `began` is called when the source is asked, after any wait for a turn.
 */
export type Load = (signal: AbortSignal, atLeast: number, began: () => void) => Promise<unknown>

/** What was loaded, in the form in which every reader gets it. */
export type Loaded = { value: unknown; version: number; milliseconds: number }

/** How often, and after how long at first, a loader is asked again whose source is behind. */
const mostTries = 3
const firstRetryMilliseconds = 20

/**
 * Runs a loader within the hard time limit of its class. It ends at the limit even if the loader ignores its signal.
 * @throws CacheError `load-timeout`, `version-behind`; whatever the loader throws
 */
export async function runLoad(options: {
  parts: Pick<CacheParts, 'startTimer' | 'random' | 'ending'>
  of: Policy
  load: Load
  /** The least version that will do. */
  atLeast: number
  /** Whether the source is asked for the newest that there is, whatever will do. */
  newest: boolean
  /** Aborts when nobody waits any more. */
  signal: AbortSignal
}): Promise<Loaded> {
  const { of, atLeast } = options
  const { startTimer, ending } = options.parts
  const { name: className, loadTimeout: milliseconds } = of
  let started = performance.now()
  // A wait for a turn is no reason to refresh earlier: that would make more loads where there are too many.
  const began = () => {
    started = performance.now()
  }
  const limit = new AbortController()
  const stop = startTimer(milliseconds, () =>
    limit.abort(
      new CacheError('load-timeout', `Loading an entry of "${className}" took more than ${milliseconds} ms.`),
    ),
  )
  const stopListening = ending.onEnd((reason) => limit.abort(reason))
  const signal = AbortSignal.any([options.signal, limit.signal])
  try {
    signal.throwIfAborted()
    const loaded = await loadAtLeast({ ...options, signal }, atLeast, began)
    return { ...loaded, milliseconds: performance.now() - started }
  } finally {
    stop()
    stopListening()
  }
}

/** A replica that is behind is given a moment, and the loader a chance to ask another source. That there is nothing is believed at last. */
async function loadAtLeast(
  { parts, of, load, newest, signal }: Parameters<typeof runLoad>[0],
  atLeast: number,
  began: () => void,
): Promise<{ value: unknown; version: number }> {
  for (let tries = 1; ; tries++) {
    const value = await orAborted(load(signal, newest ? Number.POSITIVE_INFINITY : atLeast, began), signal)
    const version = versionIn(of, value)
    if (version >= atLeast || (value === undefined && tries === mostTries)) return { value, version }
    if (tries === mostTries) throw versionBehind(of.name, version, atLeast)
    await nap(parts, firstRetryMilliseconds * 2 ** tries * (0.5 + parts.random()), signal)
  }
}

/** Neither the last writer nor a reader who knows of a version may be answered with one before it. */
export const versionBehind = (className: string, version: number, atLeast: number): CacheError =>
  new CacheError(
    'version-behind',
    `The source of "${className}" says version ${version}, and at least ${atLeast} is wanted: ask a source that has it.`,
  )

function nap({ startTimer }: Pick<CacheParts, 'startTimer'>, milliseconds: number, signal: AbortSignal) {
  const { promise, resolve } = Promise.withResolvers<void>()
  const stop = startTimer(milliseconds, resolve)
  return orAborted(promise, signal).finally(stop)
}
