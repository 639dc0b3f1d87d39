import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { webSocket } from './edge/offered-protocol.ts'
import { Exchange, type OwnAnswer, type Refusal } from './exchange.ts'
import { ForwardedExchange } from './forward-exchange.ts'
import { createOutputCache } from './output-cache/output-cache.ts'
import { createOwnAnswers } from './own-answers.ts'
import type { ReverseProxy, ReverseProxyOptions } from './proxy-types.ts'
import { internalFault, noRoute, protocolNotServed } from './refusals.ts'
import { routeExchange } from './route-exchange.ts'
import { abortResponse, isGone } from './servers/client-response.ts'
import { createStrictServer } from './servers/http1-server.ts'
import { createHttp2Side, isHttp2 } from './servers/http2-server.ts'
import { type Listener, openListener } from './servers/listener.ts'
import { canSwitch } from './servers/protocol-switch.ts'
import { createSnapshot, retireSnapshot, type Snapshot } from './snapshot.ts'
import { takesOffer, UpgradedExchange } from './upgrade-exchange.ts'
import { OpenTunnels } from './upgrades/open-tunnels.ts'
import { isRouted } from './upstream-request.ts'

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
  const tunnels = new OpenTunnels()
  const answers = createOwnAnswers({ hooks, outputCache, isClosing: () => closing })
  const { finishHeaders } = answers

  function finish(exchange: Exchange): void {
    outputCache.note(exchange, 0)
    exchange.timings.total = performance.now() - exchange.startedAt
    hooks.end?.(exchange)
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
    hooks.begin?.(exchange)
    const early = routeExchange(exchange, current)
    if (early === noRoute && isTakenByApp(exchange, response)) {
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

  function isTakenByApp(exchange: Exchange, response: ServerResponse): boolean {
    if (exchange.inspected?.protocol === undefined || !canSwitch(response))
      return hooks.unmatched?.(exchange, response) ?? false
    if (!hooks.unmatchedUpgrade?.(exchange, response)) return false
    const cut = () =>
      isHttp2(exchange.request) ? abortResponse(response) : void exchange.request.socket.destroy()
    const open = { shutDown: cut, destroy: cut }
    tunnels.add(open)
    response.once('close', () => tunnels.delete(open))
    return true
  }

  function forward(
    exchange: Exchange,
    response: ServerResponse,
    current: Snapshot,
    refusal: Refusal | undefined,
  ): void {
    if (refusal || !isRouted(exchange)) {
      answers.send(exchange, response, refusal ?? noRoute)
      finish(exchange)
      return
    }
    if (isGone(response)) {
      exchange.error = 'RequestCanceled'
      finish(exchange)
      return
    }
    const cluster = current.clusters.get(exchange.route.clusterId)
    const { protocol } = exchange.inspected
    if (!cluster) {
      // What the app answers itself, it answers in no other protocol.
      answers.send(exchange, response, protocol === undefined ? answerItself(exchange) : noRoute)
      finish(exchange)
      return
    }
    const parts = {
      ...{ response, finishHeaders, cluster, limits: current.configuration.limits },
      refuse: (reason: Refusal) => answers.send(exchange, response, reason),
      done: () => finish(exchange),
    }
    if (protocol !== undefined && canSwitch(response) && takesOffer(exchange, cluster))
      new UpgradedExchange(exchange, protocol, { ...parts, response, tunnels }).start()
    else if (protocol !== undefined && isHttp2(exchange.request)) {
      // It cannot be served as a plain request: it has none of its own.
      answers.send(exchange, response, protocolNotServed)
      finish(exchange)
    } else if (exchange.route.outputCache)
      outputCache.serve(exchange, parts, (fetched, outlet) =>
        new ForwardedExchange(fetched, { ...parts, ...outlet }).start(),
      )
    else new ForwardedExchange(exchange, parts).start()
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
  /** Asked by a server that has to know it before the request is served. */
  function wantsUpgrade(request: IncomingMessage): boolean {
    const exchange = new Exchange(request)
    const early = routeExchange(exchange, snapshot)
    if (early === noRoute)
      return hooks.unmatchedUpgrade !== undefined && exchange.inspected?.protocol === webSocket
    if (early || !isRouted(exchange)) return false
    const cluster = snapshot.clusters.get(exchange.route.clusterId)
    return cluster !== undefined && takesOffer(exchange, cluster)
  }
  const server = createStrictServer(onRequest, wantsUpgrade)
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
      tunnels.destroy()
      http2.destroy()
    }, graceMilliseconds)
    await Promise.all([serverClosed, http2.ended(), tunnels.close(graceMilliseconds)])
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
