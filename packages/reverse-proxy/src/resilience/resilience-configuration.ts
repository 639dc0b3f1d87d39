import type { ForwarderErrorName } from '#src/forwarding/forwarder-error.ts'

/** What a cluster does where a destination fails, is slow or has too much to do. Each part is off where it is `undefined`. */
export type ResilienceConfiguration = {
  readonly retry: RetryConfiguration | undefined
  readonly budget: RetryBudgetConfiguration
  readonly breaker: BreakerConfiguration | undefined
  readonly outliers: OutlierConfiguration | undefined
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

/** When a destination is left out because its peers answer better. */
export type OutlierConfiguration = {
  /** Answers from 500 on and failures of the connection, one after the other. */
  readonly consecutiveFailures: number
  /** The same of answers 502, 503 and 504 and failures of the connection. */
  readonly consecutiveGatewayFailures: number
  /** How often the shares of successes are compared. */
  readonly intervalMilliseconds: number
  /** Fewer than these with enough requests are not compared. */
  readonly minimumDestinations: number
  readonly minimumRequests: number
  /** How many standard deviations below the mean a share is too far below. */
  readonly deviations: number
  /** Times the number of times that it was left out lately. */
  readonly ejectMilliseconds: number
  readonly longestEjectMilliseconds: number
  /** The share of destinations that are left out at most, from 0 to 1; one may always be, and never all. */
  readonly mostEjected: number
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
