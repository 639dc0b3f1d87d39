import { CacheError } from '../errors.ts'
import type { Degraded } from '../telemetry/events.ts'

/** What a flight brought for the one who began it. */
export type Answer = {
  value: unknown
  version: number
  source: 'redis' | 'database'
  ttlMilliseconds?: number
  degraded?: Degraded
  /** Whether those who joined may take it too: only what was accepted by the store, or read after they had joined. */
  shared: Promise<boolean> | boolean
}

/**
 * One attempt to find out a value, which other reads may join while it is open. It must be closed **before** the command that decides the
 * answer is sent: who came later could have come after an invalidation that the answer knows nothing of.
 */
export type Flight = {
  readonly open: boolean
  /** Aborts when the last one who waited has left. */
  readonly signal: AbortSignal
  /** Fulfilled when there is nothing more to come, whatever came. */
  readonly ended: Promise<void>
  close(): void
  /** Waits with the caller's own patience: his signal ends his wait, not the load that others share. */
  wait(signal?: AbortSignal): Promise<Answer>
}

/** Begins a flight; `work` closes it when the answer is decided. */
export function beginFlight(work: (flight: Flight) => Promise<Answer>): Flight {
  const abandoned = new AbortController()
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  let open = true
  let landed = false
  let waiters = 0

  const flight: Flight = {
    get open() {
      return open
    },
    signal: abandoned.signal,
    ended,
    close() {
      open = false
    },
    async wait(signal) {
      waiters++
      try {
        return await (signal ? orAborted(answer, signal) : answer)
      } finally {
        waiters--
        if (waiters === 0 && !landed) {
          open = false
          abandoned.abort(new CacheError('load-abandoned', 'Everyone who waited for this load has left.'))
        }
      }
    },
  }

  const answer = work(flight).finally(() => {
    landed = true
    open = false
  })
  answer.then(
    () => end(),
    () => end(), // whoever waits is told; perhaps nobody does any more
  )
  return flight
}

/** `work`, or the reason of the signal as soon as it is aborted. */
export function orAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  if (signal.aborted) return Promise.reject(signal.reason)
  const { promise, resolve, reject } = Promise.withResolvers<Result>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  return promise
}
