import type { IncomingMessage } from 'node:http'
import type { RouteConfiguration } from './configuration/proxy-configuration.ts'
import type { Client } from './edge/client.ts'
import type { InspectedRequest } from './edge/inspect-request.ts'
import type { ForwarderErrorName } from './forwarding/forwarder-error.ts'
import type { RouteValues } from './routing/match-path.ts'

/** One request and what becomes of it. Hooks may add headers of their own. */
export type Exchange = {
  readonly request: IncomingMessage
  /** From `performance.now()`, as are all durations: milliseconds. */
  readonly startedAt: number
  /** `undefined` where the edge refused it. */
  inspected: InspectedRequest | undefined
  /** Who sent it; `undefined` where the edge refused it. */
  client: Client | undefined
  /** `undefined` where no route takes it. */
  route: RouteConfiguration | undefined
  values: RouteValues
  /** Whether it is a browser's question about another request, which the gateway answers itself. */
  isPreflight: boolean
  /** Such as `orders/1`. */
  destination: string | undefined
  /** Headers for the upstream, added last: names in lower case and values in turn. */
  readonly upstreamHeaders: string[]
  /** How long each stage took; `undefined` where it was not reached. */
  /** How many requests were sent for it. */
  attempts: number
  readonly timings: { authorize?: number; upstream?: number; total?: number }
  /** Of the bodies, in bytes, as far as they went. */
  receivedBytes: number
  sentBytes: number
  /** The status that the client was given; 0 where it left before. */
  status: number
  error: ForwarderErrorName
}

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

export function createExchange(request: IncomingMessage): Exchange {
  return {
    ...{ request, startedAt: performance.now(), inspected: undefined, client: undefined },
    ...{ route: undefined, values: {}, isPreflight: false },
    ...{
      destination: undefined,
      attempts: 0,
      upstreamHeaders: [],
      timings: {},
      receivedBytes: 0,
      sentBytes: 0,
      status: 0,
      error: 'None',
    },
  }
}
