import { EventEmitter } from 'node:events'
import type { AnswerWriter } from '#src/answer-writer.ts'
import { valuesOf, without } from '#src/edge/header-names.ts'
import { Exchange, type Refusal } from '#src/exchange.ts'
import type { Clock } from '#src/ports.ts'
import type { RoutedExchange } from '#src/upstream-request.ts'
import type { AnswerStore } from './answer-store.ts'
import type { Call, Outlet, Tie } from './call.ts'
import { conditionNames, isSameTag, validatingHeaders } from './conditions.ts'
import type { Flight } from './flight.ts'
import { LeadingClient } from './leading-client.ts'
import { servesOnError } from './reuse.ts'
import { isStorable } from './storable.ts'
import { dated, type FreshAnswer, mergedHeaders, type StoredAnswer, toStored } from './stored-answer.ts'
import { toldApartBy, variantKey } from './vary.ts'

/** What a fetch is made of. */
export type FetchParts = {
  readonly call: Call
  readonly flight: Flight
  /** What the service is asked to confirm. */
  readonly stored: StoredAnswer | undefined
  /** Whether the call has its answer already, and only the store waits. */
  readonly isBehind: boolean
  readonly store: AnswerStore
  /** Answers the call anew, from the beginning. */
  again(call: Call): void
  readonly clock: Clock
}

/** Fetches an answer for a call and for all who wait for the same. */
export function fetchAnswer(parts: FetchParts): void {
  const fetched = new Fetch(parts)
  parts.call.forward(fetched.exchange, fetched.outlet)
}

/**
 * The far end of a fetch, which forwarding takes for the client's response. What comes is kept up to the policy's bound, and goes to the
 * client that asked first as it comes; from there on nothing is kept and the fetch is that client's alone.
 */
class Fetch extends EventEmitter implements AnswerWriter {
  /** The client's, asked for whole: its conditions are ours to answer, the service gets those of what is stored. */
  readonly exchange: RoutedExchange
  sendDate = true
  readonly destroyed = false
  writableEnded = false
  readonly #parts: FetchParts
  readonly #client: LeadingClient
  readonly #sentAt: number
  #answer: FreshAnswer | undefined
  /** `undefined` where nothing is kept. */
  #chunks: Buffer[] | undefined
  #size = 0
  #tie: Tie
  #isAbandoned = false

  constructor(parts: FetchParts) {
    super()
    const { call, flight, stored, isBehind, clock } = parts
    const { request, inspected, client, route, values, upstreamHeaders, notes } = call.exchange
    this.#parts = parts
    this.#sentAt = clock.now()
    this.exchange = Object.assign(new Exchange(request), {
      ...{ client, route, values, notes },
      inspected: { ...inspected, nominated: new Set([...inspected.nominated, ...conditionNames]) },
      upstreamHeaders: [...upstreamHeaders, ...validatingHeaders(stored)],
    })
    this.#client = new LeadingClient(call, this.exchange, {
      hasAnswer: isBehind,
      onDrain: () => this.emit('drain'),
      onLeave: () => this.#abandonIfDeserted(),
    })
    flight.onDeserted = () => this.#abandonIfDeserted()
    flight.abort = () => this.#abandon()
  }

  get outlet(): Outlet<AnswerWriter> {
    return {
      response: this,
      takeTie: (tie) => {
        this.#tie = tie
      },
      finishHeaders: (_exchange, headers) => headers,
      refuse: (refusal) => this.#refuse(refusal),
      done: () => {
        this.#parts.flight.land({ kind: 'unstorable', isUsual: false })
        this.#client.done()
      },
    }
  }

  writeInformation(status: number, headers: string[]): void {
    this.#client.writeInformation(status, headers)
  }

  writeHead(status: number, message: string, rawHeaders: string[]) {
    const { stored, clock } = this.#parts
    const receivedAt = clock.now()
    const answer = { status, headers: dated(rawHeaders, receivedAt), sentAt: this.#sentAt, receivedAt }
    if (stored && status === 304) return this.#confirm(stored, answer)
    if (stored && isFailure(status) && this.#serveInstead(stored)) return this.#abandonSoon()
    this.#answer = answer
    if (this.#isKept(answer)) this.#chunks = []
    else this.#giveUp(status)
    const isWanted = this.#client.begin(status, message, this.#ownHeaders(answer.headers))
    if (!isWanted && !this.#chunks) this.#abandonSoon()
  }

  flushHeaders(): void {
    this.#client.flushHeaders()
  }

  write(chunk: Buffer): boolean {
    this.#size += chunk.length
    // A copy: a piece of what was read at once would hold all of it.
    this.#chunks?.push(Buffer.from(chunk))
    if (this.#chunks && this.#size > this.#mostBytes) this.#giveUp()
    const hasRoom = this.#client.write(chunk)
    if (!this.#chunks && !this.#client.isThere) this.#abandonSoon()
    // While others wait for what is kept, a slow reader does not make them wait: it is bounded.
    return this.#chunks !== undefined || hasRoom
  }

  addTrailers(trailers: [string, string][]): void {
    this.#client.addTrailers(trailers)
  }

  end(body?: Buffer): void {
    if (body) this.write(body)
    this.writableEnded = true
    if (this.#answer && this.#chunks) this.#keep(this.#answer, Buffer.concat(this.#chunks))
    this.#client.end()
  }

  destroy(): void {
    this.#client.destroy()
  }

  /** Whether an answer is to be kept, as far as its head tells. */
  #isKept(answer: FreshAnswer): boolean {
    const { flight, call } = this.#parts
    const { policy } = call.asked.partition
    const length = Number(valuesOf(answer.headers, 'content-length')[0] ?? 0)
    return !flight.isVoid && length <= this.#mostBytes && isStorable(answer, policy, call.asked)
  }

  /** What is stored goes where the service has something else now. A refusal for one client says nothing of it. */
  #giveUp(status = 200): void {
    const { store, call, flight, stored } = this.#parts
    this.#chunks = undefined
    if (stored && (status < 400 || status === 404 || status === 410)) store.remove(call.asked, stored)
    // While a service fails, one request at a time is enough to find out.
    flight.land({ kind: 'unstorable', isUsual: status < 500 })
  }

  get #mostBytes(): number {
    const { call, store } = this.#parts
    return Math.min(call.asked.partition.policy.maxBytes, store.limit)
  }

  #keep(answer: FreshAnswer, body: Buffer): StoredAnswer {
    const { store, call, flight } = this.#parts
    const { asked } = call
    const stored = toStored(answer, body, { policy: asked.partition.policy, isPrivate: asked.isPrivate })
    const names = toldApartBy(answer.headers, asked.partition.policy.varyByHeaders)
    if (!this.#isKept(answer)) this.#giveUp()
    else {
      store.put(asked, names, stored)
      flight.land({ kind: 'stored', stored, names, variant: variantKey(names, asked.headers) })
    }
    return stored
  }

  /** The service says that what is stored still holds (RFC 9111 §4.3.4). */
  #confirm(stored: StoredAnswer, { headers, ...answer }: FreshAnswer): void {
    const { store, call, flight, clock } = this.#parts
    const [tag] = valuesOf(headers, 'etag')
    if (tag !== undefined && stored.entityTag !== undefined && !isSameTag(tag, stored.entityTag)) {
      store.remove(call.asked, stored)
      flight.land({ kind: 'again' })
      if (this.#client.handOver()) this.#parts.again(call)
      return
    }
    const merged = without(mergedHeaders(stored, headers), 'set-cookie')
    const renewed = this.#keep({ ...answer, status: stored.status, headers: merged }, stored.body)
    const cookies = valuesOf(headers, 'set-cookie').flatMap((value) => ['set-cookie', value])
    const own = this.#ownHeaders(cookies)
    this.#client.serve(renewed, { result: 'revalidated', now: clock.now(), own })
  }

  /** Gives what is stored in the place of a failure, where that is allowed. */
  #serveInstead(stored: StoredAnswer): boolean {
    const { call, flight, clock } = this.#parts
    const now = clock.now()
    if (!servesOnError(stored, call.asked.partition.policy, now)) return false
    flight.land({ kind: 'stale', stored })
    this.#client.serve(stored, { result: 'stale', now, own: this.#ownHeaders([]) })
    return true
  }

  #refuse(refusal: Refusal): void {
    const { stored, flight } = this.#parts
    if (stored && isFailure(refusal.status) && this.#serveInstead(stored)) return
    this.#client.refuse(refusal)
    flight.land({ kind: 'refused', refusal, error: this.exchange.error })
  }

  #ownHeaders = (headers: readonly string[]) => [...headers, ...(this.#tie ?? [])]

  /** A client has left. The fetch goes on for those who wait, and for the store where it was begun for that. */
  #abandonIfDeserted(): void {
    const { flight, isBehind } = this.#parts
    if (!this.#client.isThere && !flight.hasWaiters && !isBehind) this.#abandon()
  }

  /** Forwarding hears it as a client that leaves. */
  #abandon(): void {
    if (!this.writableEnded) this.emit('close')
  }

  /** Not within forwarding's own call. What ends by then leaves its connection whole. */
  #abandonSoon(): void {
    if (this.#isAbandoned) return
    this.#isAbandoned = true
    setImmediate(() => this.#abandon())
  }
}

const isFailure = (status: number) => status === 500 || (status >= 502 && status <= 504)
