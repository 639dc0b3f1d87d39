import type { Destination } from './clusters/destination.ts'
import type { Exchange } from './exchange.ts'
import type { ForwarderErrorName } from './forwarding/forwarder-error.ts'

/** What follows one attempt: a request that is sent to one destination for an exchange, retries and hedges each by itself. */
export type AttemptWatch = {
  /** For this attempt alone: names in lower case and values in turn. */
  readonly headers: readonly string[]
  /** It has ended. `status`: the one that it was answered with, 0 where it was not. Called once. */
  end(status: number, error: ForwarderErrorName): void
}

/** Begins to follow an attempt; `undefined` where nobody wants to. */
export type WatchAttempt = (
  exchange: Exchange,
  cluster: string,
  destination: Destination['configuration'],
) => AttemptWatch | undefined
