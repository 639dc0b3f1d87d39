import type { IncomingMessage } from 'node:http'
import type { RouteConfiguration } from './configuration/proxy-configuration.ts'
import type { Client } from './edge/client.ts'
import type { InspectedRequest } from './edge/inspect-request.ts'
import type { ForwarderErrorName } from './forwarding/forwarder-error.ts'
import type { OutputCacheResult } from './output-cache/output-cache-result.ts'
import type { RouteValues } from './routing/match-path.ts'

/**
 * How long each stage took; `undefined` where it was not reached. What concerns the upstream is told of the attempt whose answer the client got, or of
 * the last one.
 */
export class Timings {
  /** Asking the app. */
  authorize: number | undefined = undefined
  /** Waiting for a turn at the cluster, and for a connection that is in use. */
  queue: number | undefined = undefined
  /** Waiting for a new connection to open; 0 where one was open. */
  connect: number | undefined = undefined
  /** From the first byte of the request that was sent to the head of the answer. */
  firstByte: number | undefined = undefined
  /** From the beginning of the attempt to the head of its answer: what `connect` and `firstByte` are parts of. */
  upstream: number | undefined = undefined
  /** From the head of the answer to its end. */
  body: number | undefined = undefined
  /** All of it. */
  total: number | undefined = undefined
}

/** One request and what becomes of it. Hooks may add headers of their own. A class, so that all have one shape: it is made for each request. */
export class Exchange {
  readonly request: IncomingMessage
  /** From `performance.now()`, as are all durations: milliseconds. */
  readonly startedAt = performance.now()
  /** `undefined` where the edge refused it. */
  inspected: InspectedRequest | undefined = undefined
  /** Who sent it; `undefined` where the edge refused it. */
  client: Client | undefined = undefined
  /** `undefined` where no route takes it. */
  route: RouteConfiguration | undefined = undefined
  values: RouteValues = noValues
  /** Whether it is a browser's question about another request, which the gateway answers itself. */
  isPreflight = false
  /** Such as `orders/1`. */
  destination: string | undefined = undefined
  /** How many requests were sent for it. */
  attempts = 0
  /** How the output cache answered; `undefined` where the route has none. */
  outputCache: OutputCacheResult | undefined = undefined
  /** Headers for the upstream, added last: names in lower case and values in turn. */
  readonly upstreamHeaders: string[] = []
  /** Whether it holds something that a service takes only once, such as a proof: it is not sent again once it may have arrived. */
  isSentOnce = false
  readonly timings = new Timings()
  /** Of the bodies, in bytes, as far as they went. */
  receivedBytes = 0
  sentBytes = 0
  /** The status that the client was given; 0 where it left before. */
  status = 0
  error: ForwarderErrorName = 'None'
  /** For the app to keep what it knows of it. */
  notes: unknown = undefined

  constructor(request: IncomingMessage) {
    this.request = request
  }
}

const noValues: RouteValues = Object.freeze({})

/** What the app answers where a route is its own. */
export type OwnAnswer = { readonly status: 200; readonly type: string; readonly body: string }

/** An answer of the gateway's own instead of the upstream's. */
export type Refusal = {
  readonly status: number
  /** In kebab-case, for programs. */
  readonly code: string
  readonly title: string
  /** The client reads it. */
  readonly detail: string
  readonly headers?: Readonly<Record<string, string>>
  /** Further members of the body. */
  readonly extra?: Readonly<Record<string, unknown>>
}
