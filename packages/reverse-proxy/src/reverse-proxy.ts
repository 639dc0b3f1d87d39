import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ProxyConfiguration } from './configuration/proxy-configuration.ts'
import { webSocket } from './edge/offered-protocol.ts'
import { Exchange, type OwnAnswer, type Refusal } from './exchange.ts'
import { ForwardedExchange } from './forward-exchange.ts'
import { createOutputCache } from './output-cache/output-cache.ts'
import { createOwnAnswers } from './own-answers.ts'
import type { ReverseProxy, ReverseProxyOptions } from './proxy-types.ts'
import { internalFault, noRoute, protocolNotServed } from './refusals.ts'
import { dnsResolver } from './resolving/dns-resolver.ts'
import { ResolvedConfiguration } from './resolving/resolved-configuration.ts'
import { routeExchange } from './route-exchange.ts'
import { abortResponse, closeAfter, isGone } from './servers/client-response.ts'
import { Http1Side } from './servers/http1/http1-side.ts'
import { breakStream, createHttp2Side, isHttp2, outletOf } from './servers/http2-server.ts'
import { type Listener, openListener } from './servers/listener.ts'
import { openOwnSocket } from './servers/open-socket.ts'
import { canSwitch } from './servers/protocol-switch.ts'
import { SlowReaders } from './servers/slow-readers.ts'
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
  resolver = dnsResolver,
  openSocket = openOwnSocket,
  idleGraceMilliseconds = 0,
}: ReverseProxyOptions): ReverseProxy {
  const parts = { clock, random, affinitySecret }
  const resolved = new ResolvedConfiguration({ resolver, log, onChange: use })
  let snapshot = createSnapshot(resolved.adopt(configuration), undefined, parts)
  const outputCache = createOutputCache({ limit: outputCacheBytes, clock })
  outputCache.adopt(configuration)
  let closing = false
  const tunnels = new OpenTunnels()
  const answers = createOwnAnswers({ hooks, outputCache, isClosing: () => closing })
  const { finishHeaders } = answers

  /** Serves a configuration from the next request on. */
  function use(next: ProxyConfiguration): void {
    const old = snapshot
    snapshot = createSnapshot(next, old, parts)
    retireSnapshot(old, snapshot).catch((error: unknown) =>
      log.warn({ error }, 'Old destinations did not close'),
    )
  }

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
  async function answerItself(exchange: Exchange): Promise<OwnAnswer | Refusal> {
    try {
      return (await hooks.answer?.(exchange)) ?? noRoute
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
    if (expectsSwitch(exchange)) closeAfter(response)
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
    return forward(exchange, response, current, refusal)
  }

  function isTakenByApp(exchange: Exchange, response: ServerResponse): boolean {
    if (!mustSwitch(exchange)) return hooks.unmatched?.(exchange, response) ?? false
    if (!canSwitch(response) || !hooks.unmatchedUpgrade?.(exchange, response)) return false
    slowReaders.leave(outletOf(exchange.request))
    const cut = () =>
      isHttp2(exchange.request) ? abortResponse(response) : void exchange.request.socket.destroy()
    const open = { shutDown: cut, destroy: cut }
    tunnels.add(open)
    response.once('close', () => tunnels.delete(open))
    return true
  }

  function answer(exchange: Exchange, response: ServerResponse, own: OwnAnswer | Refusal): void {
    answers.send(exchange, response, own)
    finish(exchange)
  }

  function forward(
    exchange: Exchange,
    response: ServerResponse,
    current: Snapshot,
    refusal: Refusal | undefined,
  ): void | Promise<void> {
    if (refusal || !isRouted(exchange)) return answer(exchange, response, refusal ?? noRoute)
    if (isGone(response)) {
      exchange.error = 'RequestCanceled'
      finish(exchange)
      return
    }
    const cluster = current.clusters.get(exchange.route.clusterId)
    const { protocol } = exchange.inspected
    if (!cluster) {
      // What the app answers itself, it answers in no other protocol.
      if (mustSwitch(exchange)) return answer(exchange, response, noRoute)
      return answerItself(exchange).then((own) => answer(exchange, response, own))
    }
    const parts = {
      response,
      finishHeaders,
      cluster,
      limits: current.configuration.limits,
      watchAttempt: hooks.attempt,
      onOpened: hooks.opened,
      refuse: (reason: Refusal) => answers.send(exchange, response, reason),
      done: () => finish(exchange),
    }
    if (protocol !== undefined && canSwitch(response) && takesOffer(exchange, cluster)) {
      slowReaders.leave(outletOf(exchange.request))
      new UpgradedExchange(exchange, protocol, { ...parts, response, tunnels }).start()
    } else if (protocol !== undefined && isHttp2(exchange.request)) {
      // It cannot be served as a plain request: it has none of its own.
      answer(exchange, response, protocolNotServed)
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
  const http1 = new Http1Side(onRequest)
  const slowReaders = new SlowReaders(() => snapshot.configuration.limits.answerMinimumRate)
  const http2 = createHttp2Side(onRequest, (stream) => slowReaders.watch(stream, () => breakStream(stream)))
  const acceptHttp1 = (socket: Socket) => {
    slowReaders.watch(socket, () => socket.destroy())
    http1.accept(socket)
  }
  const server = createServer({ noDelay: true, allowHalfOpen: true }, acceptHttp1)
  const listeners: Listener[] = []
  const sides = { http1: acceptHttp1, http2: http2.accept }

  /** Takes nothing new, lets what is at work end, and cuts what is left when the time is over. */
  async function drain(graceMilliseconds: number): Promise<void> {
    closing = true
    resolved.close()
    // What the kernel has accepted would be reset with its socket: one turn of the event loop takes all of it.
    await nextTurn()
    server.close()
    const listenersClosed = listeners.map((listener) => listener.close())
    http1.drain(idleGraceMilliseconds)
    http2.drain(idleGraceMilliseconds)
    const timer = setTimeout(() => {
      http1.destroy()
      tunnels.destroy()
      http2.destroy()
      for (const listener of listeners) listener.destroy()
    }, graceMilliseconds)
    const tunnelsClosed = tunnels.close(graceMilliseconds)
    await Promise.all([http1.ended(), http2.ended(), ...listenersClosed, tunnelsClosed])
    clearTimeout(timer)
    slowReaders.close()
    outputCache.close()
    await retireSnapshot(snapshot, undefined)
  }
  let closed: Promise<void> | undefined

  return {
    server,
    serve: onRequest,
    async listen({ host, port }) {
      await resolved.asked()
      for (const listener of snapshot.configuration.listeners)
        listeners.push(await openListener(listener, sides, { log, openSocket }))
      await openSocket(server, { host, port })
      return [(server.address() as AddressInfo).port, ...listeners.map((listener) => listener.port)]
    },
    snapshot: () => snapshot,
    outputCacheBytes: () => outputCache.bytes,
    reload(next) {
      use(resolved.adopt(next))
      outputCache.adopt(next)
    },
    close(graceMilliseconds = 10_000) {
      closed ??= drain(graceMilliseconds)
      return closed
    },
  }
}

/** Whether it makes no sense as a plain request: a WebSocket is meant as nothing else, and over HTTP/2 nothing is that offers a protocol. */
const mustSwitch = ({ inspected, request }: Exchange): boolean =>
  inspected?.protocol === webSocket || (inspected?.protocol !== undefined && isHttp2(request))

/** Whether its client may have sent on in another protocol already: what is refused then is the last of its connection. */
const expectsSwitch = ({ inspected, route }: Exchange): boolean =>
  inspected?.protocol !== undefined &&
  (route?.upgrades.has(inspected.protocol) ?? inspected.protocol === webSocket)
