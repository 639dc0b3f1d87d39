import type { ServerResponse } from 'node:http'
import type { Transform } from 'node:stream'
import type { AnswerWriter } from './answer-writer.ts'
import { Attempt, type AttemptOwner } from './attempt.ts'
import type { WatchAttempt } from './attempt-watch.ts'
import type { Cluster } from './clusters/cluster.ts'
import type { Destination } from './clusters/destination.ts'
import type { Limits } from './configuration/read-limits.ts'
import { fieldOf } from './edge/header-names.ts'
import type { Refusal } from './exchange.ts'
import { leaveBody, watchBody } from './forwarding/body-watch.ts'
import type { UpstreamRequest } from './forwarding/forwarder.ts'
import {
  AuthorizationEnded,
  BodyTooLarge,
  BodyTooSlow,
  ClientGone,
  ExchangeTimeout,
  type ForwarderErrorName,
  NotWanted,
  nameError,
} from './forwarding/forwarder-error.ts'
import type { OnStreamOpened, OpenStream } from './proxy-types.ts'
import { bodyTooLarge, bodyTooSlow, transformRefusal, upstreamRefusal } from './refusals.ts'
import { CountedBody, readBody } from './request-body.ts'
import { RetryDecision } from './resilience/retry-decision.ts'
import { acceptsTrailers } from './response-trailers.ts'
import { abortResponse, addTrailers, closeAfter, writeHead } from './servers/client-response.ts'
import { writeInformation } from './servers/interim-answers.ts'
import { responseHeaders, responseTrailers } from './transforms/transform-headers.ts'
import { type RoutedExchange, upstreamFields, upstreamMethod, upstreamPath } from './upstream-request.ts'

/** What forwarding needs besides the exchange. */
export type ForwardParts = {
  response: AnswerWriter
  cluster: Cluster
  limits: Limits
  /** Headers for the client, made of the upstream's. */
  finishHeaders(exchange: RoutedExchange, headers: string[], status: number): string[]
  refuse(refusal: Refusal): void
  /** Called once, when the exchange is over. */
  done(): void
  watchAttempt: WatchAttempt | undefined
  onOpened: OnStreamOpened | undefined
  /** Takes the header that ties the client to its destination, which then is not in the answer. */
  takeTie?(tie: Attempt['tie']): void
}

/**
 * Takes a request to a destination and its answer back, both as streams. Where the cluster's policy allows it, an attempt that fails is
 * followed by another, and one that is slow gets company (GW-29, GW-34): the client hears of one answer only.
 */
export class ForwardedExchange implements AttemptOwner, OpenStream {
  readonly #exchange: RoutedExchange
  readonly #parts: ForwardParts
  readonly #method: string
  readonly #retries: RetryDecision
  /** Those at work; two where a hedge runs. */
  #attempts: readonly Attempt[] = []
  #tried: readonly Destination[] = []
  #body: UpstreamRequest['body']
  /** Whose answer the client gets. */
  #winner: Attempt | undefined
  #timer: NodeJS.Timeout | undefined
  /** Until the next attempt, or a hedge. */
  #pause: NodeJS.Timeout | undefined
  #leaveLine: (() => void) | undefined
  /** How long it has waited for its turn, in milliseconds. */
  #waited = 0
  /** What the answer says of its length in bytes, and its body where that came in one piece. */
  #wholeLength: number | undefined
  #whole: Buffer | undefined
  #sendsTrailers = false
  #rawTrailers: readonly string[] = []
  #isOver = false
  #onClosed: (() => void) | undefined

  constructor(exchange: RoutedExchange, parts: ForwardParts) {
    this.#exchange = exchange
    this.#parts = parts
    this.#method = upstreamMethod(exchange)
    this.#retries = new RetryDecision(parts.cluster, this.#method, exchange)
  }

  get #bodyLimit(): number {
    return this.#exchange.route.maxRequestBodySize ?? this.#parts.limits.body
  }

  start(): void {
    const { response, cluster, limits } = this.#parts
    const { request, inspected, route } = this.#exchange
    cluster.budget?.noteRequest()
    response.on('drain', () => this.#winner?.resume())
    // A client that leaves takes the upstream's request with it.
    response.on('close', () => {
      if (!response.writableEnded) this.#giveUp(new ClientGone())
    })
    if (route.timeoutMilliseconds !== undefined)
      this.#timer = setTimeout(() => this.#giveUp(new ExchangeTimeout()), route.timeoutMilliseconds)
    if (inspected.body === 'none') {
      this.#try()
      return
    }
    const stop = (error: Error) => this.#giveUp(error)
    if (!this.#retries.isBodyReplayed) {
      const onBegin = (counter: Transform) => {
        watchBody(request, limits, stop, counter)
        if (inspected.awaitsContinue && !this.#winner) response.writeContinue?.()
      }
      this.#body = new CountedBody(this.#exchange, { limit: this.#bodyLimit, onTooLarge: stop, onBegin })
      this.#try()
      return
    }
    watchBody(request, limits, stop)
    readBody(request, (body) => {
      this.#exchange.receivedBytes = body.length
      this.#body = body
      if (!this.#isOver) this.#try()
    })
  }

  /** Gives whether it made use of its turn, or waits for another one. */
  #try(): boolean {
    const { cluster } = this.#parts
    const { request, client } = this.#exchange
    const choice = cluster.choose(request.rawHeaders, client.proto === 'https', this.#tried)
    if (choice === 'ConcurrencyLimit') return this.#wait()
    if (typeof choice === 'string') return this.#refuseWith(choice)
    this.#tried = [...this.#tried, choice.destination]
    this.#exchange.attempts++
    const { watchAttempt } = this.#parts
    const { configuration } = choice.destination
    const watch = watchAttempt?.(this.#exchange, cluster.configuration.id, configuration)
    const attempt = new Attempt(this, cluster, choice, watch)
    this.#attempts = [...this.#attempts, attempt]
    this.#exchange.destination = choice.destination.name
    attempt.send(this.#requestTo(choice.destination, watch?.headers), this.#retries.perTryTimeoutMilliseconds)
    if (this.#attempts.length === 1 && this.#retries.hedgeAfterMilliseconds !== undefined)
      this.#pause = setTimeout(() => this.#hedge(), this.#retries.hedgeAfterMilliseconds)
    return true
  }

  #requestTo(destination: Destination, further: readonly string[] | undefined): UpstreamRequest {
    const { activityTimeoutMilliseconds } = this.#parts.cluster.configuration
    return {
      method: this.#method,
      path: upstreamPath(this.#exchange, destination),
      ...upstreamFields(this.#exchange, destination, further),
      body: this.#body,
      awaitsContinue: this.#exchange.inspected.awaitsContinue,
      activityTimeoutMilliseconds,
    }
  }

  #wait(): boolean {
    const waitingSince = performance.now()
    this.#leaveLine = this.#parts.cluster.wait({
      turn: () => {
        this.#waited += performance.now() - waitingSince
        return this.#try()
      },
      tooLong: () => this.#refuseWith('ConcurrencyLimit'),
    })
    return this.#leaveLine !== undefined || this.#refuseWith('ConcurrencyLimit')
  }

  #hedge(): void {
    if (this.#isOver || this.#winner || this.#attempts.length !== 1) return
    if (this.#parts.cluster.hasOtherThan(this.#tried) && this.#parts.cluster.budget?.take()) this.#try()
  }

  onAttemptInformation(status: number, rawHeaders: string[]): void {
    // Of two attempts nobody knows yet whose answer it will be.
    if (this.#winner || this.#isOver || this.#attempts.length !== 1) return
    const { route, values } = this.#exchange
    const headers = responseHeaders(rawHeaders, status, route.transforms, values)
    writeInformation(this.#parts.response, status, headers)
  }

  onAttemptHeaders(attempt: Attempt, status: number, rawHeaders: string[], message: string): boolean {
    const { response, finishHeaders, takeTie } = this.#parts
    const exchange = this.#exchange
    if (
      this.#attempts.length === 1 &&
      this.#retriesAfter(this.#retries.afterStatus(status, rawHeaders, exchange.attempts))
    ) {
      this.#forget(attempt)
      return false
    }
    this.#win(attempt)
    exchange.timings.upstream = attempt.headersAfter
    exchange.status = status
    const headers = responseHeaders(rawHeaders, status, exchange.route.transforms, exchange.values)
    if (takeTie) takeTie(attempt.tie)
    else if (attempt.tie) headers.push(...attempt.tie)
    response.sendDate = !headers.includes('date')
    // A client that was not asked for its body may send it or not: nothing behind this answer is certain (RFC 9110 §10.1.1).
    if (this.#body instanceof CountedBody && !this.#body.hasBegun) closeAfter(response as ServerResponse)
    writeHead(response, status, message, finishHeaders(exchange, headers, status))
    // Of an answer without a length the first chunk may be long in coming: an event stream opens at once.
    const length = fieldOf(headers, 'content-length')
    if (length === undefined) {
      response.flushHeaders()
      if (isStream(headers)) this.#onClosed = this.#parts.onOpened?.(exchange, this)
    } else this.#wholeLength = Number(length)
    this.#sendsTrailers = acceptsTrailers(exchange.request, length !== undefined)
    return true
  }

  bar(): void {
    this.#giveUp(new AuthorizationEnded())
  }

  /** The first answer is the client's; the other attempt is told to stop. */
  #win(winner: Attempt): void {
    clearTimeout(this.#pause)
    this.#winner = winner
    this.#noteStages(winner)
    for (const attempt of this.#attempts) if (attempt !== winner) attempt.abort(new NotWanted())
    this.#exchange.destination = winner.destination.name
  }

  /** Tells how long each stage of an attempt took, as far as it came. */
  #noteStages({ sentAfter, connectMilliseconds, headersAfter }: Attempt): void {
    if (sentAfter === undefined) return
    const { timings } = this.#exchange
    timings.connect = connectMilliseconds
    timings.queue = this.#waited + Math.max(0, sentAfter - connectMilliseconds)
    if (headersAfter > 0) timings.firstByte = headersAfter - sentAfter
  }

  onAttemptData(chunk: Buffer): boolean {
    this.#exchange.sentBytes += chunk.length
    if (chunk.length === this.#wholeLength) {
      // The end comes with it: headers and body leave in one write.
      this.#whole = chunk
      return true
    }
    return this.#parts.response.write(chunk)
  }

  onAttemptTrailers(rawTrailers: string[]): void {
    this.#rawTrailers = rawTrailers
  }

  onAttemptEnd(attempt: Attempt): void {
    if (attempt !== this.#winner) return
    const { response } = this.#parts
    const { status, route, values } = this.#exchange
    if (this.#sendsTrailers)
      addTrailers(response, responseTrailers(this.#rawTrailers, status, route.transforms, values))
    response.end(this.#whole)
    this.#finish()
  }

  onAttemptError(attempt: Attempt, error: Error, name: ForwarderErrorName): void {
    this.#forget(attempt)
    if (this.#isOver || (attempt !== this.#winner && this.#attempts.length > 0)) return
    if (!this.#winner && this.#retriesAfter(this.#retries.afterError(name, error, this.#exchange.attempts)))
      return
    if (attempt !== this.#winner) this.#noteStages(attempt)
    this.#fail(error, name)
  }

  #forget(attempt: Attempt): void {
    this.#attempts = this.#attempts.filter((one) => one !== attempt)
  }

  /** Begins the next attempt after its pause; `false` where there is none. */
  #retriesAfter(pauseMilliseconds: number | undefined): boolean {
    if (pauseMilliseconds === undefined || this.#isOver) return false
    clearTimeout(this.#pause)
    this.#pause = setTimeout(() => this.#try(), pauseMilliseconds)
    return true
  }

  /** Ends what is at work, for a reason of the client's or of the route's. */
  #giveUp(reason: Error): void {
    if (this.#isOver) return
    const isUnderWay = this.#attempts.length > 0
    this.#retries.stop()
    for (const attempt of this.#attempts) attempt.abort(reason)
    // Nothing may be at work while it waits for its turn, for its body, or for the next attempt.
    if (!isUnderWay) this.#fail(reason, nameError(reason, false))
  }

  #refuseWith(name: ForwarderErrorName): false {
    this.#exchange.error = name
    this.#parts.refuse(upstreamRefusal(name, this.#parts.cluster.retryAfterMilliseconds()))
    this.#finish()
    return false
  }

  #fail(error: Error, name: ForwarderErrorName): void {
    const { response, refuse } = this.#parts
    this.#exchange.error = name
    if (this.#winner || error instanceof ClientGone) abortResponse(response)
    else if (error instanceof BodyTooLarge) refuse(bodyTooLarge(this.#bodyLimit))
    else if (error instanceof BodyTooSlow) refuse(bodyTooSlow)
    else refuse(transformRefusal(upstreamRefusal(name), this.#exchange))
    this.#finish()
  }

  #finish(): void {
    if (this.#isOver) return
    this.#isOver = true
    clearTimeout(this.#timer)
    clearTimeout(this.#pause)
    this.#leaveLine?.()
    this.#onClosed?.()
    const { request, inspected, timings } = this.#exchange
    if (this.#winner) timings.body = performance.now() - this.#winner.startedAt - this.#winner.headersAfter
    // What stands for several clients has no body: the output cache takes none.
    if (inspected.body !== 'none') leaveBody(request, this.#parts.response as ServerResponse, inspected)
    this.#parts.done()
  }
}

/** Answers that may go on for hours: Server-Sent Events, and what gRPC streams. */
const isStream = (headers: readonly string[]): boolean =>
  /^(?:text\/event-stream|application\/grpc)\b/i.test(fieldOf(headers, 'content-type') ?? '')
