import type { Refusal } from '#src/exchange.ts'
import { abortResponse, addTrailers, writeHead } from '#src/servers/client-response.ts'
import { writeInformation } from '#src/servers/interim-answers.ts'
import type { RoutedExchange } from '#src/upstream-request.ts'
import type { Call } from './call.ts'
import { isNotModified } from './conditions.ts'
import { type Serving, serveStored, withoutBody } from './serve-stored.ts'
import type { StoredAnswer } from './stored-answer.ts'

type LeadingParts = {
  /** Whether the client has its answer already. */
  hasAnswer: boolean
  /** It takes more of the answer. */
  onDrain(): void
  /** It left before it had its answer. */
  onLeave(): void
}

/** The client whose request a fetch was begun for: it gets the answer as it comes. */
export class LeadingClient {
  readonly #call: Call
  readonly #fetched: RoutedExchange
  readonly #parts: LeadingParts
  /** `streaming`: it gets what comes. `over`: it has its answer, or is gone. */
  #state: 'waiting' | 'streaming' | 'over'

  constructor(call: Call, fetched: RoutedExchange, parts: LeadingParts) {
    this.#call = call
    this.#fetched = fetched
    this.#parts = parts
    this.#state = parts.hasAnswer ? 'over' : 'waiting'
    if (parts.hasAnswer) return
    const { response } = call.outlet
    response.once('close', this.#leave)
    response.on('drain', parts.onDrain)
  }

  get isThere(): boolean {
    return this.#state !== 'over'
  }

  /** Passes on an answer before the answer. Others who wait get none: whether they share the answer itself is not known yet. */
  writeInformation(status: number, headers: string[]): void {
    if (this.#state === 'waiting') writeInformation(this.#call.outlet.response, status, headers)
  }

  /** Begins its answer. Gives whether it wants the body. */
  begin(status: number, message: string, headers: string[]): boolean {
    if (!this.isThere) return false
    const { exchange, outlet, asked } = this.#call
    const { response } = outlet
    this.#learn()
    const hasIt = status === 200 && isNotModified(asked.headers, headers)
    exchange.status = hasIt ? 304 : status
    const own = hasIt ? withoutBody(headers) : headers
    response.sendDate = false
    const finished = outlet.finishHeaders(exchange, own, exchange.status)
    writeHead(response, exchange.status, hasIt ? '' : message, finished)
    this.#state = 'streaming'
    if (!hasIt) return true
    response.end()
    this.#finish()
    return false
  }

  flushHeaders(): void {
    if (this.#state === 'streaming') this.#call.outlet.response.flushHeaders()
  }

  /** Gives whether it takes more. */
  write(chunk: Buffer): boolean {
    if (this.#state !== 'streaming') return true
    this.#call.exchange.sentBytes += chunk.length
    return this.#call.outlet.response.write(chunk)
  }

  addTrailers(trailers: [string, string][]): void {
    if (this.#state === 'streaming') addTrailers(this.#call.outlet.response, trailers.flat())
  }

  end(): void {
    if (this.#state === 'streaming') this.#call.outlet.response.end()
  }

  destroy(): void {
    if (this.isThere) abortResponse(this.#call.outlet.response)
  }

  refuse(refusal: Refusal): void {
    if (!this.isThere) return
    this.#learn()
    this.#call.outlet.refuse(refusal)
  }

  /** Answers it with what is stored. */
  serve(stored: StoredAnswer, serving: Serving): void {
    if (!this.isThere) return
    this.#learn()
    this.#release()
    serveStored(this.#call, stored, serving)
  }

  /** Leaves its answer to somebody else. Gives whether there is one to give. */
  handOver(): boolean {
    const wasThere = this.isThere
    this.#release()
    return wasThere
  }

  /** The fetch is over. */
  done(): void {
    if (!this.isThere) return
    this.#learn()
    this.#call.exchange.error = this.#fetched.error
    this.#finish()
  }

  /** What the fetch tells of the way that the answer took. */
  #learn(): void {
    const { exchange } = this.#call
    const { attempts, destination, timings } = this.#fetched
    exchange.attempts = attempts
    exchange.destination = destination
    if (timings.upstream === undefined) return
    const { queue, connect, firstByte, upstream, body } = timings
    Object.assign(exchange.timings, { queue, connect, firstByte, upstream, body })
  }

  #leave = () => {
    if (!this.isThere || this.#call.outlet.response.writableEnded) return
    this.#call.exchange.error = this.#state === 'streaming' ? 'ResponseBodyCanceled' : 'RequestCanceled'
    this.#learn()
    this.#finish()
    this.#parts.onLeave()
  }

  #finish(): void {
    this.#release()
    this.#call.outlet.done()
  }

  #release(): void {
    const { response } = this.#call.outlet
    this.#state = 'over'
    response.off('close', this.#leave)
    response.off('drain', this.#parts.onDrain)
  }
}
