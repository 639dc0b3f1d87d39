import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { applyCors, readPreflight } from './cors/cors.ts'
import { readClient } from './edge/client.ts'
import { connectionOf } from './edge/client-connection.ts'
import { inspectRequest } from './edge/inspect-request.ts'
import { Exchange, type OwnAnswer, type Refusal } from './exchange.ts'
import { ForwardedExchange } from './forward-exchange.ts'
import { leaveBody } from './forwarding/body-watch.ts'
import { tunnel } from './forwarding/upgrade.ts'
import { grpcRefusal, isGrpc } from './grpc-refusal.ts'
import { createOutputCache } from './output-cache/output-cache.ts'
import type { ReverseProxy, ReverseProxyOptions } from './proxy-types.ts'
import {
  bodyTooLarge,
  edgeRefusal,
  gatewayOptions,
  internalFault,
  methodNotAllowed,
  noRoute,
  oddPath,
  plainRefusal,
  preflightAnswer,
  upstreamRefusal,
} from './refusals.ts'
import { matchTarget } from './routing/take-odd-path.ts'
import { closeSpread } from './servers/close-spread.ts'
import { createStrictServer } from './servers/http1-server.ts'
import { abortResponse, createHttp2Side, isGone, writeHead } from './servers/http2-server.ts'
import { type Listener, openListener } from './servers/listener.ts'
import { createSnapshot, retireSnapshot, type Snapshot } from './snapshot.ts'
import { responseHeaders } from './transforms/transform-headers.ts'
import { isRouted, upstreamHeaders, upstreamPath } from './upstream-request.ts'

/** Makes a proxy that serves a configuration read by `readProxyConfiguration`. */
export function createReverseProxy({
  configuration,
  hooks = {},
  log,
  clock = Date,
  random = Math.random,
  affinitySecret = randomBytes(32),
  outputCacheBytes = 64 * 1024 * 1024,
}: ReverseProxyOptions): ReverseProxy {
  const parts = { clock, random, affinitySecret }
  let snapshot = createSnapshot(configuration, undefined, parts)
  const outputCache = createOutputCache({ limit: outputCacheBytes, clock })
  outputCache.adopt(configuration)
  let closing = false
  const upgraded = new Set<Duplex>()
  const finishHeaders = (exchange: Exchange, headers: string[], status: number) => {
    outputCache.note(exchange, status)
    const cors = exchange.route?.cors
    const own =
      cors && !exchange.isPreflight ? applyCors(headers, cors, exchange.request.rawHeaders) : headers
    if (closing) own.push('connection', 'close')
    return hooks.finishHeaders?.(exchange, own, status) ?? own
  }

  /** An answer of our own, as headers and body. */
  function answerOf(exchange: Exchange, refusal: OwnAnswer | Refusal): { headers: string[]; body: Buffer } {
    if ('body' in refusal) return describe(exchange, refusal.status, refusal)
    if (refusal.status === 204) {
      const headers = Object.entries(refusal.headers ?? {}).flat()
      return { headers: finishHeaders(exchange, headers, 204), body: Buffer.alloc(0) }
    }
    const rendered = hooks.renderRefusal?.(exchange, refusal) ?? plainRefusal(refusal)
    return describe(exchange, refusal.status, rendered, Object.entries(refusal.headers ?? {}).flat())
  }

  function describe(
    exchange: Exchange,
    status: number,
    { type, body }: { type: string; body: string },
    further: string[] = [],
  ): { headers: string[]; body: Buffer } {
    const bytes = Buffer.from(body)
    const fixed = ['content-type', type, 'content-length', String(bytes.length), 'cache-control', 'no-store']
    return { headers: finishHeaders(exchange, [...fixed, ...further], status), body: bytes }
  }

  /** Sends an answer of our own: mostly, but not always, a refusal. */
  function refuse(exchange: Exchange, response: ServerResponse, refusal: OwnAnswer | Refusal): void {
    if (response.headersSent || isGone(response)) return
    exchange.status = refusal.status
    const isRefusal = !('body' in refusal)
    if (isRefusal && refusal.headers?.connection) connectionOf(exchange.request.socket)?.closeAfter(response)
    else if (exchange.inspected && exchange.inspected.body !== 'none') leaveBody(exchange.request, response)
    if (isRefusal && isGrpc(exchange.request)) {
      writeHead(response, 200, '', finishHeaders(exchange, grpcRefusal(refusal), refusal.status))
      response.end()
      return
    }
    const { headers, body } = answerOf(exchange, refusal)
    const sent = exchange.request.method === 'HEAD' ? undefined : body
    exchange.sentBytes = sent?.length ?? 0
    writeHead(response, refusal.status, '', headers)
    response.end(sent)
  }

  function finish(exchange: Exchange): void {
    outputCache.note(exchange, 0)
    exchange.timings.total = performance.now() - exchange.startedAt
    hooks.end?.(exchange)
  }

  /** Edge and routing: gives a refusal, or an exchange that has its route. */
  function route(
    exchange: Exchange,
    { router, configuration: { trustedProxies, limits } }: Snapshot,
  ): Refusal | undefined {
    hooks.begin?.(exchange)
    const inspected = inspectRequest(exchange.request, limits.target)
    if (inspected === '*') return gatewayOptions
    if ('status' in inspected) return edgeRefusal(inspected)
    exchange.inspected = inspected
    exchange.client = readClient(exchange.request, inspected.host, trustedProxies)
    const { method = '', rawHeaders } = exchange.request
    const routable = { method, host: inspected.host, query: inspected.target.query, rawHeaders }
    const preflight = readPreflight(method, rawHeaders)
    const asked =
      preflight && matchTarget(router, inspected.target, { ...routable, method: preflight.method })
    if (asked && asked !== 'refused' && asked.route?.cors) {
      exchange.route = asked.route
      exchange.isPreflight = true
      return preflightAnswer(asked.route.cors, rawHeaders)
    }
    const result = matchTarget(router, inspected.target, routable)
    if (result === 'refused') return oddPath
    if (!result.route) return result.allow.length > 0 ? methodNotAllowed(result.allow) : noRoute
    exchange.route = result.route
    exchange.values = result.values
    const limit = result.route.maxRequestBodySize ?? limits.body
    return inspected.contentLength > limit ? bodyTooLarge(limit) : undefined
  }

  /** Asks the app. Whatever goes wrong in a policy, nobody passes. A promise only where something has to be waited for. */
  function authorize(exchange: Exchange): Refusal | undefined | Promise<Refusal | undefined> {
    if (!hooks.authorize) return undefined
    const startedAt = performance.now()
    const settle = (refusal: Refusal | undefined) => {
      exchange.timings.authorize = performance.now() - startedAt
      return refusal
    }
    const fail = (error: unknown) => {
      log.error({ error, route: exchange.route?.id }, 'Authorization failed')
      return settle(internalFault)
    }
    try {
      const answer = hooks.authorize(exchange)
      return answer instanceof Promise ? answer.then(settle, fail) : settle(answer)
    } catch (error) {
      return fail(error)
    }
  }

  /** The reader has seen to it that a route without a cluster is the app's own. */
  function answerItself(exchange: Exchange): OwnAnswer | Refusal {
    try {
      return hooks.answer?.(exchange) ?? noRoute
    } catch (error) {
      log.error({ error, route: exchange.route?.id }, 'An answer of the gateway’s own failed')
      return internalFault
    }
  }

  function handle(request: IncomingMessage, response: ServerResponse): void | Promise<void> {
    const exchange = new Exchange(request)
    const current = snapshot
    const early = route(exchange, current)
    if (early === noRoute && hooks.unmatched?.(exchange, response)) {
      response.once('close', () => {
        exchange.status = response.statusCode
        finish(exchange)
      })
      return
    }
    const refusal = early ?? authorize(exchange)
    if (refusal instanceof Promise)
      return refusal.then((settled) => forward(exchange, response, current, settled))
    forward(exchange, response, current, refusal)
  }

  function forward(
    exchange: Exchange,
    response: ServerResponse,
    current: Snapshot,
    refusal: Refusal | undefined,
  ): void {
    if (refusal || !isRouted(exchange)) {
      refuse(exchange, response, refusal ?? noRoute)
      finish(exchange)
      return
    }
    if (isGone(response)) {
      exchange.error = 'RequestCanceled'
      finish(exchange)
      return
    }
    const cluster = current.clusters.get(exchange.route.clusterId)
    if (!cluster) {
      refuse(exchange, response, answerItself(exchange))
      finish(exchange)
      return
    }
    const parts = {
      ...{ response, finishHeaders, cluster, limits: current.configuration.limits },
      refuse: (reason: Refusal) => refuse(exchange, response, reason),
      done: () => finish(exchange),
    }
    if (exchange.route.outputCache)
      outputCache.serve(exchange, parts, (fetched, outlet) =>
        new ForwardedExchange(fetched, { ...parts, ...outlet }).start(),
      )
    else new ForwardedExchange(exchange, parts).start()
  }

  async function handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const exchange = new Exchange(request)
    upgraded.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => upgraded.delete(socket))
    const current = snapshot
    const refuseUpgrade = (refusal: Refusal) => {
      exchange.status = refusal.status
      const { headers, body } = answerOf(exchange, {
        ...refusal,
        headers: { connection: 'close', ...refusal.headers },
      })
      const lines = headers.map((part, index) => (index % 2 === 0 ? `${part}: ` : `${part}\r\n`)).join('')
      socket.end(Buffer.concat([Buffer.from(`HTTP/1.1 ${refusal.status} Refused\r\n${lines}\r\n`), body]))
      finish(exchange)
    }
    const early = route(exchange, current)
    if (early === noRoute && hooks.unmatchedUpgrade?.(exchange, socket, head)) {
      socket.once('close', () => finish(exchange))
      return
    }
    const refusal = early ?? (await authorize(exchange))
    if (refusal || !isRouted(exchange)) return refuseUpgrade(refusal ?? noRoute)
    const cluster = current.clusters.get(exchange.route.clusterId)
    // What the app answers itself, it does not answer on an upgraded connection.
    if (!cluster) return refuseUpgrade(noRoute)
    const choice = cluster.choose(request.rawHeaders, exchange.client.proto === 'https', [])
    if (typeof choice === 'string') {
      exchange.error = choice
      return refuseUpgrade(upstreamRefusal(choice, cluster.retryAfterMilliseconds()))
    }
    const { destination, tie } = choice
    exchange.destination = `${cluster.configuration.id}/${destination.configuration.id}`
    exchange.attempts = 1
    const isProbe = cluster.begin(destination)
    try {
      const { transforms } = exchange.route
      await tunnel({
        ...{ url: destination.configuration.origin + upstreamPath(exchange, destination), socket, head },
        headers: upstreamHeaders(exchange, destination),
        toClient(rawHeaders, status) {
          exchange.status = status
          const answer = responseHeaders(rawHeaders, status, transforms, exchange.values)
          return finishHeaders(exchange, [...answer, ...(tie ?? [])], status)
        },
      })
      finish(exchange)
    } catch {
      if (!socket.destroyed) exchange.error = 'UpgradeRequestDestination'
      if (socket.destroyed) finish(exchange)
      else refuseUpgrade(upstreamRefusal(exchange.error))
    } finally {
      const outcome = exchange.error === 'None' ? 'success' : 'failure'
      cluster.end(destination, { outcome, isProbe, name: exchange.error })
    }
  }

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    response.on('error', () => {})
    const fail = (error: unknown) => {
      log.error({ error }, 'An exchange failed')
      abortResponse(response)
    }
    try {
      handle(request, response)?.catch(fail)
    } catch (error) {
      fail(error)
    }
  }
  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    handleUpgrade(request, socket, head).catch((error: unknown) => {
      log.error({ error }, 'An upgrade failed')
      socket.destroy()
    })
  }
  const server = createStrictServer(onRequest, onUpgrade)
  const http2 = createHttp2Side(onRequest)
  const listeners: Listener[] = []
  const sides = {
    http1: (socket: Socket) => void server.emit('connection', socket),
    http2: (socket: Socket) => void http2.server.emit('connection', socket),
  }

  /** Takes nothing new, lets what is at work end, and cuts what is left when the time is over. */
  async function drain(graceMilliseconds: number): Promise<void> {
    closing = true
    const serverClosed = once(server, 'close')
    server.close()
    for (const listener of listeners) listener.close()
    http2.drain()
    const timer = setTimeout(() => {
      server.closeAllConnections()
      http2.destroy()
    }, graceMilliseconds)
    await Promise.all([serverClosed, http2.ended(), closeSpread(upgraded, graceMilliseconds * 0.8)])
    clearTimeout(timer)
    outputCache.close()
    await retireSnapshot(snapshot, undefined)
  }
  let closed: Promise<void> | undefined

  return {
    server,
    async listen({ host, port }) {
      for (const listener of snapshot.configuration.listeners)
        listeners.push(await openListener(listener, sides, log))
      server.listen({ host, port })
      await once(server, 'listening')
      return [(server.address() as AddressInfo).port, ...listeners.map((listener) => listener.port)]
    },
    snapshot: () => snapshot,
    outputCacheBytes: () => outputCache.bytes,
    reload(next) {
      const old = snapshot
      snapshot = createSnapshot(next, old, parts)
      outputCache.adopt(next)
      retireSnapshot(old, snapshot).catch((error: unknown) =>
        log.warn({ error }, 'Old destinations did not close'),
      )
    },
    close(graceMilliseconds = 10_000) {
      closed ??= drain(graceMilliseconds)
      return closed
    },
  }
}
