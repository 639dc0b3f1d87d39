import type { Readable } from 'node:stream'
import type { Flow, UpstreamListener, UpstreamRequest } from '#src/forwarding/forwarder.ts'
import type { BodyLength } from './request-head.ts'
import { ticksOf } from './ticks.ts'
import { UpstreamError } from './upstream-error.ts'

/** Whoever has an exchange in hand: the queue, then a connection. */
export type Carrier = {
  /** Lets go of it, without a word to its listener. */
  drop(exchange: UpstreamExchange): void
  resume(): void
}

/** Methods that do no more when they are done twice (RFC 9110 §9.2.2); TRACE is never forwarded. */
const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

/** One request and its answer. However it ends, its listener hears of one end. */
export class UpstreamExchange implements Flow {
  readonly request: UpstreamRequest
  readonly listener: UpstreamListener
  head = ''
  length: BodyLength = 'none'
  carrier: Carrier | undefined
  /** How long it has waited for a connection, in ticks of the pool. */
  ticksLeft = 0
  /** How long nothing may flow. */
  readonly activityTicks: number
  #isOver = false

  constructor(request: UpstreamRequest, listener: UpstreamListener) {
    this.request = request
    this.listener = listener
    this.activityTicks = ticksOf(request.activityTimeoutMilliseconds)
    if (request.body && !Buffer.isBuffer(request.body)) this.#watch(request.body)
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** Once a request may have reached an upstream, it is sent again only where that does no harm (RFC 9110 §9.2.2, RFC 9112 §9.3.1). */
  get mayRepeat(): boolean {
    const { body, method } = this.request
    return (body === undefined || Buffer.isBuffer(body)) && idempotent.has(method)
  }

  resume(): void {
    this.carrier?.resume()
  }

  abort(reason: Error): void {
    if (this.#isOver) return
    this.carrier?.drop(this)
    this.fail(reason)
  }

  /** Gives whether the listener was told; it was not where it had heard an end before. */
  fail(error: Error): boolean {
    if (this.#isOver) return false
    this.#leave()
    this.listener.onError(error)
    return true
  }

  end(): void {
    if (this.#isOver) return
    this.#leave()
    this.listener.onEnd()
  }

  #leave(): void {
    this.#isOver = true
    this.carrier = undefined
    // Nobody reads what is left of a body.
    const { body } = this.request
    if (body && !Buffer.isBuffer(body) && !body.readableEnded) body.destroy()
  }

  /** A source may die at any time, also while the request waits for a connection. */
  #watch(body: Readable): void {
    const onLost = (cause?: Error) => this.abort(bodyLost(cause))
    body.on('error', onLost)
    body.on('close', () => {
      if (!body.readableEnded) onLost()
    })
    if (body.destroyed || body.readableEnded) process.nextTick(onLost)
  }
}

const bodyLost = (cause: Error | undefined) =>
  new UpstreamError('request-body-failed', 'The body of the request broke off', { cause })
