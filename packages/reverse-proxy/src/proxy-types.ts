import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Server } from 'node:net'
import type { WatchAttempt } from './attempt-watch.ts'
import type { ProxyConfiguration } from './configuration/proxy-configuration.ts'
import type { Exchange, OwnAnswer, Refusal } from './exchange.ts'
import type { Clock, Log } from './ports.ts'
import type { DestinationResolver } from './resolving/destination-resolver.ts'
import type { OpenSocket } from './servers/open-socket.ts'
import type { ProtocolSwitch } from './servers/protocol-switch.ts'
import type { Snapshot } from './snapshot.ts'

/** A stream that goes on for as long as both sides like. */
export type OpenStream = {
  /** Ends it because its client may not go on: a WebSocket is told so (1008), and what the client still sends goes nowhere. */
  bar(): void
}

/** Hears of streams; may give a function that hears of the end. */
export type OnStreamOpened = (exchange: Exchange, stream: OpenStream) => (() => void) | undefined

/** Where an app takes part in an exchange. All are optional. */
export type ProxyHooks = {
  /** First of all, before the request is even looked at. */
  begin?(exchange: Exchange): void
  /** For each request that a route takes, before anything is sent. A refusal is the answer. */
  authorize?(exchange: Exchange): Refusal | undefined | Promise<Refusal | undefined>
  /** An attempt begins. */
  attempt?: WatchAttempt
  /**
   * An exchange has become a stream whose end nobody knows: another protocol such as WebSocket, an event stream, or gRPC. What is given is called when the
   * stream has ended.
   */
  opened?: OnStreamOpened
  /** Answers a request that passed, where its route's cluster is one of the app's own (`ReadOptions.ownClusters`). Without it: 404. */
  answer?(exchange: Exchange): OwnAnswer | Refusal | Promise<OwnAnswer | Refusal>
  /** Takes a request that no route takes. `false` = it does not want it, and the client gets 404. */
  unmatched?(exchange: Exchange, response: ServerResponse): boolean
  /** Takes an offer of WebSocket that no route takes. `false` = it does not want it, and the client gets 404. */
  unmatchedUpgrade?(exchange: Exchange, response: ServerResponse & ProtocolSwitch): boolean
  /** Changes the headers of every answer: names in lower case and values in turn. */
  finishHeaders?(exchange: Exchange, headers: string[], status: number): string[]
  /** Makes the body of a refusal. */
  renderRefusal?(exchange: Exchange, refusal: Refusal): { type: string; body: string }
  /** Last of all, with all timings. */
  end?(exchange: Exchange): void
}

/** How to make a proxy. */
export type ReverseProxyOptions = {
  configuration: ProxyConfiguration
  hooks?: ProxyHooks
  log: Log
  /** Default: the system's clock. */
  clock?: Clock
  /** Numbers from 0 to below 1. Default `Math.random`. */
  random?: () => number
  /** 32 bytes that encrypt the keys of session affinity; gateways that share clients share it. Default: random ones. */
  affinitySecret?: Uint8Array
  /** How much the output cache stores in memory, over all policies. Default 64 MiB. */
  outputCacheBytes?: number
  /** Finds where the names of destinations lead, where the configuration says that they are to be resolved. Default: DNS. */
  resolver?: DestinationResolver
  /** How its servers get the sockets that they listen on. Default: each opens its own. */
  openSocket?: OpenSocket
  /**
   * How long clients may go on with connections that are idle when it closes: each gets one more answer, which says that the connection ends, so
   * that a request that is on its way meets no closed socket. In milliseconds. Default 0: idle connections close at once.
   */
  idleGraceMilliseconds?: number
}

/** A reverse proxy with its server. */
export type ReverseProxy = {
  /** Speaks HTTP/1.1. */
  readonly server: Server
  /** Takes a request that another proxy read: this one is asked behind it. */
  serve(request: IncomingMessage, response: ServerResponse): void
  /** Opens the port, and those of the configuration's `Listeners`. Resolves with all of them, this one first. */
  listen(address: { host: string; port: number }): Promise<readonly [number, ...number[]]>
  /** What serves now. */
  snapshot(): Snapshot
  /** How much the output cache stores now, its own overhead included. */
  outputCacheBytes(): number
  /** Serves another configuration from the next request on. Requests at work end under the old one. */
  reload(configuration: ProxyConfiguration): void
  /** Takes no new connection, lets requests at work end for so long, then closes. */
  close(graceMilliseconds?: number): Promise<void>
}
