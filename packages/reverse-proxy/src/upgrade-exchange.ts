import type { ServerResponse } from 'node:http'
import { type Duplex, pipeline, type Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AttemptWatch, WatchAttempt } from './attempt-watch.ts'
import type { Choice, Cluster } from './clusters/cluster.ts'
import { type Destination, noteAnswer } from './clusters/destination.ts'
import { valuesOf, without } from './edge/header-names.ts'
import { webSocket } from './edge/offered-protocol.ts'
import { acceptOf } from './edge/web-socket-handshake.ts'
import type { Refusal } from './exchange.ts'
import {
  ClientGone,
  ExchangeTimeout,
  type ForwarderErrorName,
  nameError,
} from './forwarding/forwarder-error.ts'
import { malformed } from './forwarding/http1/upstream-error.ts'
import type { OwnAnswers } from './own-answers.ts'
import type { OnStreamOpened } from './proxy-types.ts'
import { keyMissing, upstreamRefusal } from './refusals.ts'
import { RetryDecision } from './resilience/retry-decision.ts'
import { abortResponse, isGone, writeHead } from './servers/client-response.ts'
import { isHttp2 } from './servers/http2-server.ts'
import { writeInformation } from './servers/interim-answers.ts'
import type { ProtocolSwitch } from './servers/protocol-switch.ts'
import { responseHeaders } from './transforms/transform-headers.ts'
import { closeNow } from './upgrades/end-duplex.ts'
import type { OpenTunnels } from './upgrades/open-tunnels.ts'
import { Tunnel, type TunnelEnd } from './upgrades/tunnel.ts'
import type { UpgradeAnswer, UpgradeOffer } from './upgrades/upgrade-offer.ts'
import { WebSocketFrames } from './upgrades/web-socket-frames.ts'
import { type RoutedExchange, upstreamHeaders, upstreamMethod, upstreamPath } from './upstream-request.ts'

/** What an upgrade needs besides the exchange. */
export type UpgradeParts = {
  response: ServerResponse & ProtocolSwitch
  cluster: Cluster
  tunnels: OpenTunnels
  finishHeaders: OwnAnswers['finishHeaders']
  /** Answers instead of an upgrade. */
  refuse(refusal: Refusal): void
  /** Called once, when the exchange is over. */
  done(): void
  watchAttempt: WatchAttempt | undefined
  onOpened: OnStreamOpened | undefined
}

/**
 * Whether the protocol that an exchange offers is one that its route takes, and its destinations can be offered: HTTP/2 alone carries nothing but
 * WebSockets. What is not taken is a plain request.
 */
export function takesOffer(
  { inspected: { protocol }, route }: RoutedExchange,
  { configuration }: Cluster,
): boolean {
  if (protocol === undefined || !route.upgrades.has(protocol)) return false
  return protocol === webSocket || configuration.connection.version !== '2'
}

/**
 * Takes an offer of another protocol to a destination, and if that accepts, both sides' bytes to each other until both have ended. Where the cluster's policy
 * allows it, an offer that fails or is answered by a failure is made to another destination.
 */
export class UpgradedExchange {
  readonly #exchange: RoutedExchange
  readonly #protocol: string
  readonly #parts: UpgradeParts
  /** Nobody waits for the destination's answer any longer. */
  readonly #abort = new AbortController()
  readonly #retries: RetryDecision
  #tried: readonly Destination[] = []
  #timer: NodeJS.Timeout | undefined
  #tunnel: Tunnel | undefined
  /** How long it has to end, in milliseconds, since that was asked before it had begun. */
  #ownMilliseconds: number | undefined

  constructor(exchange: RoutedExchange, protocol: string, parts: UpgradeParts) {
    this.#exchange = exchange
    this.#protocol = protocol
    this.#parts = parts
    this.#retries = new RetryDecision(parts.cluster, upstreamMethod(exchange), exchange)
  }

  start(): void {
    const { cluster, response, tunnels } = this.#parts
    const { activityTimeoutMilliseconds } = cluster.configuration
    cluster.budget?.noteRequest()
    const choice = this.#choose()
    if (!choice) {
      this.#parts.done()
      return
    }
    response.once('close', this.#onGone)
    const patience = Math.min(
      this.#exchange.route.timeoutMilliseconds ?? Number.POSITIVE_INFINITY,
      activityTimeoutMilliseconds,
    )
    this.#timer = setTimeout(() => this.#abort.abort(new ExchangeTimeout()), patience)
    tunnels.add(this)
    void this.#run(choice)
  }

  /** A destination, another one than before where there is one. Where there is none the client is told. */
  #choose(): Choice | undefined {
    const { cluster, refuse } = this.#parts
    const { request, client } = this.#exchange
    const choice = cluster.choose(request.rawHeaders, client.proto === 'https', this.#tried)
    if (typeof choice !== 'string') return choice
    this.#exchange.error = choice
    refuse(upstreamRefusal(choice, cluster.retryAfterMilliseconds()))
    return undefined
  }

  /** Ends it in the words of its protocol, where it has begun. */
  shutDown(milliseconds: number): void {
    this.#ownMilliseconds = milliseconds
    this.#tunnel?.shutDown(milliseconds)
  }

  destroy(): void {
    this.#abort.abort(new ClientGone())
    this.#tunnel?.destroy()
    abortResponse(this.#parts.response)
  }

  async #run(first: Choice): Promise<void> {
    let choice: Choice | undefined = first
    while (choice) choice = await this.#nextAfter(await this.#attempt(choice))
    clearTimeout(this.#timer)
    this.#parts.tunnels.delete(this)
    this.#parts.done()
  }

  /** Makes the offer to a destination. Gives how long to wait until it is made to the next one, in milliseconds; `undefined` where this was the last. */
  async #attempt(choice: Choice): Promise<number | undefined> {
    const { cluster, watchAttempt } = this.#parts
    const { destination } = choice
    const exchange = this.#exchange
    exchange.destination = destination.name
    exchange.error = 'None'
    exchange.attempts++
    this.#tried = [...this.#tried, destination]
    const startedAt = performance.now()
    const watch = watchAttempt?.(exchange, cluster.configuration.id, destination.configuration)
    const isProbe = cluster.begin(destination)
    let [status, answeredAfter] = [0, 0]
    let pause: number | undefined
    try {
      const answer = await destination.upgrader.offer(this.#offerTo(choice, watch), this.#abort.signal)
      answeredAfter = performance.now() - startedAt
      status = answer.kind === 'switched' ? 101 : answer.status
      pause = this.#pauseAfterAnswer(answer)
      if (pause === undefined) await this.#take(answer, choice, answeredAfter)
    } catch (error) {
      // Node wraps the reason of an abort up.
      const reason: Error = this.#abort.signal.reason ?? error
      exchange.error = nameOf(reason)
      // Before an answer nothing was sent in the other protocol: nothing is lost.
      if (status === 0) pause = this.#pauseAfterError(reason)
      if (pause === undefined) this.#fail(reason)
    } finally {
      watch?.end(status, exchange.error)
      noteAnswer(destination, status, answeredAfter || performance.now() - startedAt)
      cluster.end(destination, { outcome: outcomeOf(exchange.error), isProbe, name: exchange.error })
    }
    return pause
  }

  #pauseAfterAnswer(answer: UpgradeAnswer): number | undefined {
    if (answer.kind === 'switched') return undefined
    const { status, rawHeaders, body } = answer
    const pause = this.#retries.afterStatus(status, rawHeaders, this.#exchange.attempts)
    if (pause !== undefined) body.destroy()
    return pause
  }

  #pauseAfterError(error: Error): number | undefined {
    if (this.#abort.signal.aborted) return undefined
    return this.#retries.afterError(nameError(error, false), error, this.#exchange.attempts)
  }

  /** Waits, and chooses a destination for the next attempt, where there is to be one. */
  async #nextAfter(pause: number | undefined): Promise<Choice | undefined> {
    if (pause === undefined) return undefined
    const { signal } = this.#abort
    await sleep(pause, undefined, { signal }).catch(() => {})
    if (!signal.aborted) return this.#choose()
    this.#exchange.error = nameOf(signal.reason)
    this.#fail(signal.reason)
    return undefined
  }

  /** Nothing else is asked from here on. */
  async #take(answer: UpgradeAnswer, choice: Choice, answeredAfter: number): Promise<void> {
    clearTimeout(this.#timer)
    const { timings } = this.#exchange
    timings.upstream = answeredAfter
    timings.firstByte = answeredAfter - (timings.connect ?? 0)
    if (answer.kind === 'switched') await this.#join(answer, choice)
    else await this.#passOn(answer, choice)
  }

  #offerTo({ destination }: Choice, watch: AttemptWatch | undefined): UpgradeOffer {
    return {
      protocol: this.#protocol,
      method: upstreamMethod(this.#exchange),
      path: upstreamPath(this.#exchange, destination),
      headers: upstreamHeaders(this.#exchange, destination, watch?.headers),
      onBegin: (connectMilliseconds) => {
        this.#exchange.timings.connect = connectMilliseconds
      },
      onInformation: (status, rawHeaders) => {
        const { route, values } = this.#exchange
        writeInformation(
          this.#parts.response,
          status,
          responseHeaders(rawHeaders, status, route.transforms, values),
        )
      },
    }
  }

  /** Both sides speak the other protocol from here on. Resolves when both have closed. */
  async #join({ rawHeaders, stream }: UpgradeAnswer & { kind: 'switched' }, choice: Choice): Promise<void> {
    const { response, cluster } = this.#parts
    const exchange = this.#exchange
    const fault = this.#faultOf(rawHeaders, stream)
    if (fault) {
      closeNow(stream)
      throw fault
    }
    response.off('close', this.#onGone)
    const headers = without(this.#headersFor(rawHeaders, 101, choice), 'connection')
    const ofClient = isHttp2(exchange.request) ? without(headers, 'sec-websocket-accept') : headers
    exchange.status = isHttp2(exchange.request) ? 200 : 101
    const { promise, resolve } = Promise.withResolvers<TunnelEnd>()
    const tunnel = new Tunnel({
      client: response.switchProtocols(this.#protocol, ofClient),
      upstream: stream,
      idleMilliseconds: cluster.configuration.activityTimeoutMilliseconds,
      frames: this.#protocol === webSocket ? new WebSocketFrames() : undefined,
      onReceived: (bytes) => {
        exchange.receivedBytes += bytes
      },
      onSent: (bytes) => {
        exchange.sentBytes += bytes
      },
      onClosed: resolve,
    })
    this.#tunnel = tunnel
    if (this.#ownMilliseconds !== undefined) tunnel.shutDown(this.#ownMilliseconds)
    const onClosed = this.#parts.onOpened?.(exchange, tunnel)
    const reason = await promise
    onClosed?.()
    if (reason === 'idle') exchange.error = 'UpgradeActivityTimeout'
    else if (reason === 'barred') exchange.error = 'AuthorizationEnded'
  }

  /** Why the two cannot be joined. What has closed already would never say so again. */
  #faultOf(rawHeaders: readonly string[], upstream: Duplex): Error | undefined {
    if (this.#abort.signal.aborted || isGone(this.#parts.response)) return new ClientGone()
    if (upstream.destroyed) return malformed('The upstream has closed what it had agreed to')
    // A client of HTTP/1.1 sees by itself whether the answer is to its key (RFC 6455 §4.1). Where the key is ours, so is that.
    const isOurs = isHttp2(this.#exchange.request)
    if (!isOurs || valuesOf(rawHeaders, 'sec-websocket-accept').join() === acceptOf(this.#key ?? ''))
      return undefined
    return malformed('The upstream has not read the key of the WebSocket')
  }

  /** The destination stays with HTTP: its answer is the client's. Resolves when it has ended. */
  async #passOn(answer: UpgradeAnswer & { kind: 'refused' }, choice: Choice): Promise<void> {
    const { response } = this.#parts
    const { request } = this.#exchange
    const { status, message, rawHeaders, body } = answer
    // To a client of HTTP/2 any success would say that its protocol begins (RFC 8441 §5).
    if (isHttp2(request) && status < 300) {
      body.destroy()
      throw malformed('The upstream answers an offer as if there had been none')
    }
    this.#exchange.status = status
    writeHead(response, status, message, this.#headersFor(rawHeaders, status, choice))
    await this.#send(body)
  }

  #send(body: Readable): Promise<void> {
    const { response } = this.#parts
    const { promise, resolve } = Promise.withResolvers<void>()
    body.on('data', (chunk: Buffer) => {
      this.#exchange.sentBytes += chunk.length
    })
    pipeline(body, response, (error) => {
      if (error)
        this.#exchange.error = response.destroyed ? 'ResponseBodyCanceled' : 'ResponseBodyDestination'
      if (error) abortResponse(response)
      resolve()
    })
    return promise
  }

  #headersFor(rawHeaders: readonly string[], status: number, { tie }: Choice): string[] {
    const { route, values } = this.#exchange
    const headers = responseHeaders(rawHeaders, status, route.transforms, values)
    if (tie) headers.push(...tie)
    return this.#parts.finishHeaders(this.#exchange, headers, status)
  }

  #fail(error: Error): void {
    const name = nameError(error, false)
    if (error instanceof ClientGone) abortResponse(this.#parts.response)
    else this.#parts.refuse(name === 'RequestCreation' ? keyMissing : upstreamRefusal(name))
  }

  get #key(): string | undefined {
    return valuesOf(this.#exchange.request.rawHeaders, 'sec-websocket-key')[0]
  }

  readonly #onGone = (): void => this.#abort.abort(new ClientGone())
}

/** How a failure before the other protocol has begun is named. */
function nameOf(error: Error): ForwarderErrorName {
  const name = nameError(error, false)
  return name === 'Request' || name === 'ResponseHeaders' ? 'UpgradeRequestDestination' : name
}

/** `undefined` where it says nothing of the destination. */
function outcomeOf(error: ForwarderErrorName): 'success' | 'failure' | undefined {
  if (error === 'RequestCanceled' || error === 'RequestCreation') return undefined
  const isOwnEnd = error === 'UpgradeActivityTimeout' || error === 'AuthorizationEnded'
  return error === 'None' || error === 'ResponseBodyCanceled' || isOwnEnd ? 'success' : 'failure'
}
