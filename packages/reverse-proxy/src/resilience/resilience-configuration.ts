import type { ForwarderErrorName } from '#src/forwarding/forwarder-error.ts'

/** What a cluster does where a destination fails, is slow or has too much to do. Each part is off where it is `undefined`. */
export type ResilienceConfiguration = {
  readonly retry: RetryConfiguration | undefined
  readonly budget: RetryBudgetConfiguration
  readonly breaker: BreakerConfiguration | undefined
  readonly hedging: HedgingConfiguration | undefined
  readonly concurrency: ConcurrencyConfiguration | undefined
}

/** When a request is sent once more (GW-29, GW-31). */
export type RetryConfiguration = {
  /** The first one counts. */
  readonly attempts: number
  readonly methods: ReadonlySet<string>
  readonly statuses: ReadonlySet<number>
  readonly errors: ReadonlySet<ForwarderErrorName>
  readonly perTryTimeoutMilliseconds: number | undefined
  /** The pause before the second attempt is a random part of it; it doubles with each further one. */
  readonly backoffMilliseconds: number
  readonly longestBackoffMilliseconds: number
  /** A service that asks for a longer pause is left alone: its answer goes to the client. */
  readonly longestRetryAfterMilliseconds: number
  /** In bytes: a longer body is sent once. */
  readonly replayBytes: number
}

/** How many retries and hedges a cluster may make at all (GW-30). */
export type RetryBudgetConfiguration = {
  /** Share of the requests of the last ten seconds. */
  readonly ratio: number
  readonly minimumPerSecond: number
}

/** When a destination is left alone for a while (GW-32). */
export type BreakerConfiguration = {
  readonly windowMilliseconds: number
  /** Fewer outcomes in the window decide nothing. */
  readonly minimumRequests: number
  /** From 0 to 1. */
  readonly failureRatio: number
  /** Statuses that count as failures, beside failures of the connection. */
  readonly statuses: ReadonlySet<number>
  /** An answer that begins later counts as slow. */
  readonly slowMilliseconds: number | undefined
  readonly slowRatio: number
  /** It doubles each time that the probes fail. */
  readonly openMilliseconds: number
  readonly longestOpenMilliseconds: number
  /** How many requests try it, when that time is over; all must succeed. */
  readonly probes: number
}

/** When a second attempt begins beside the first (GW-34). */
export type HedgingConfiguration = {
  readonly delayMilliseconds: number
  readonly methods: ReadonlySet<string>
}

/** How many exchanges may be at work at once (GW-33). */
export type ConcurrencyConfiguration = {
  readonly perDestination: number
  readonly perCluster: number
  /** How many may wait for their turn. */
  readonly queueLength: number
  readonly queueMilliseconds: number
}
