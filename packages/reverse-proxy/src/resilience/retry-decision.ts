import type { Cluster } from '#src/clusters/cluster.ts'
import { valuesOf } from '#src/edge/header-names.ts'
import { type ForwarderErrorName, isUnsent } from '#src/forwarding/forwarder-error.ts'
import type { RoutedExchange } from '#src/upstream-request.ts'

/** Whether one exchange may be tried once more, and when. Retries never double what a client asked for: idempotent methods, bodies that are held whole. */
export class RetryDecision {
  readonly perTryTimeoutMilliseconds: number | undefined
  readonly hedgeAfterMilliseconds: number | undefined
  /** Whether the body is read whole before the first attempt, so that there can be a second. */
  readonly isBodyReplayed: boolean
  readonly #cluster: Cluster
  readonly #isSentOnce: boolean
  #mayRetry: boolean

  constructor(cluster: Cluster, method: string, { inspected, isSentOnce }: RoutedExchange) {
    const { retry, hedging } = cluster.configuration.resilience ?? {}
    const { body, contentLength } = inspected
    this.#cluster = cluster
    this.#isSentOnce = isSentOnce
    const isHeld = body === 'none' || (body === 'length' && contentLength <= (retry?.replayBytes ?? 0))
    this.#mayRetry = isHeld && (retry?.methods.has(method) ?? false)
    this.isBodyReplayed = this.#mayRetry && body === 'length'
    this.perTryTimeoutMilliseconds = retry?.perTryTimeoutMilliseconds
    this.hedgeAfterMilliseconds =
      body === 'none' && !isSentOnce && hedging?.methods.has(method) ? hedging.delayMilliseconds : undefined
  }

  /** There is nobody left to retry for. */
  stop(): void {
    this.#mayRetry = false
  }

  /** The pause before the next attempt in milliseconds; `undefined` where the answer is to be passed on. */
  afterStatus(status: number, rawHeaders: readonly string[], attempts: number): number | undefined {
    const { retry } = this.#cluster.configuration.resilience ?? {}
    if (!this.#mayRetry || this.#isSentOnce || !retry?.statuses.has(status)) return undefined
    const asked = retryAfterOf(rawHeaders)
    if (asked !== undefined && asked > retry.longestRetryAfterMilliseconds) return undefined
    const pause = this.#pauseAfter(attempts)
    return pause === undefined ? undefined : Math.max(pause, asked ?? 0)
  }

  /** The pause before the next attempt in milliseconds; `undefined` where the failure is final. */
  afterError(name: ForwarderErrorName, error: Error, attempts: number): number | undefined {
    if (this.#isSentOnce && !isUnsent(error)) return undefined
    const isRetried = this.#cluster.configuration.resilience?.retry?.errors.has(name)
    return this.#mayRetry && isRetried ? this.#pauseAfter(attempts) : undefined
  }

  /** Full jitter: clients that failed together do not come back together. */
  #pauseAfter(attempts: number): number | undefined {
    const { retry } = this.#cluster.configuration.resilience ?? {}
    if (!retry || attempts >= retry.attempts || !this.#cluster.budget?.take()) return undefined
    const longest = Math.min(
      retry.backoffMilliseconds * 2 ** (attempts - 1),
      retry.longestBackoffMilliseconds,
    )
    return this.#cluster.random() * longest
  }
}

/** `Retry-After` in milliseconds: seconds, or a date (RFC 9110 §10.2.3). */
function retryAfterOf(rawHeaders: readonly string[]): number | undefined {
  const [value] = valuesOf(rawHeaders, 'retry-after')
  if (value === undefined) return undefined
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now())
}
