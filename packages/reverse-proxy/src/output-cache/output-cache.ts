import type { ServerResponse } from 'node:http'
import type { ProxyConfiguration } from '#src/configuration/proxy-configuration.ts'
import type { Exchange } from '#src/exchange.ts'
import type { Clock } from '#src/ports.ts'
import { notStored } from '#src/refusals.ts'
import type { RoutedExchange } from '#src/upstream-request.ts'
import { AnswerStore } from './answer-store.ts'
import { type Asked, readAsked } from './asked.ts'
import { uriKey } from './cache-key.ts'
import type { Call, Forward, Outlet } from './call.ts'
import { fetchAnswer } from './fetch-answer.ts'
import { Flight, type Landing } from './flight.ts'
import { noteHeadAnswer } from './head-answer.ts'
import { createPartitions } from './partitions.ts'
import { PassMarks } from './pass-marks.ts'
import { reuseOf } from './reuse.ts'
import { serveStored } from './serve-stored.ts'
import { dated, type StoredAnswer } from './stored-answer.ts'
import { variantKey } from './vary.ts'

/** A shared cache between clients and services (RFC 9111). */
export type OutputCache = {
  /** Answers a request of a route that has a policy: from what is stored, or through `forward`. */
  serve(exchange: RoutedExchange, outlet: Outlet<ServerResponse>, forward: Forward): void
  /** Call it for every answer before its client has it: what an unsafe request may have changed is forgotten (RFC 9111 §4.4). */
  note(exchange: Exchange, status: number): void
  /** Call it with each new configuration: what was stored under another one is forgotten. */
  adopt(configuration: ProxyConfiguration): void
  /** What is stored, in bytes. */
  readonly bytes: number
  /** Ends fetches that no client waits for. */
  close(): void
}

/** A service that tells answers apart by other headers each time makes nobody wait for ever. */
const mostRounds = 2

const safeMethods: readonly unknown[] = ['GET', 'HEAD', 'OPTIONS']

/** Makes a cache that holds so many bytes. */
export function createOutputCache({ limit, clock }: { limit: number; clock: Clock }): OutputCache {
  const store = new AnswerStore(limit)
  const flights = new Map<string, Flight>()
  const fetching = new Set<Flight>()
  const passMarks = new PassMarks(clock)
  const partitions = createPartitions()

  function answer(call: Call, round = 0) {
    const { outlet, asked } = call
    const now = clock.now()
    const stored = store.find(asked)
    const reuse = stored && reuseOf(stored, asked.control, asked.partition.policy, now)
    if (stored && reuse === 'fresh') return serveStored(call, stored, { result: 'hit', now })
    const place = placeOf(asked, store.namesOf(asked))
    const flight = flights.get(place)
    if (stored && reuse === 'stale') {
      serveStored(call, stored, { result: 'stale', now })
      if (!flight && !asked.isHead) fetch(call, stored, { place, round, isBehind: true })
      return
    }
    if (asked.control.has('only-if-cached')) {
      outlet.refuse(notStored)
      return outlet.done()
    }
    if (asked.isHead && stored) return passHead(call, stored)
    if (asked.isHead || round > mostRounds) return pass(call)
    if (!mayBeShared(call, stored, place)) return fetch(call, stored, { round, isBehind: false })
    if (!flight) return fetch(call, stored, { place, round, isBehind: false })
    flight.join(call, (landing) => land(call, landing, round + 1))
  }

  /** Whether others may wait for the same fetch: not where it is likely that each needs its own. */
  function mayBeShared({ asked }: Call, stored: StoredAnswer | undefined, place: string): boolean {
    if (asked.hasCredentials && !asked.isPrivate && !stored) return false
    return !passMarks.has(place)
  }

  /** Fetches an answer. `place`: where others find the fetch. */
  function fetch(
    call: Call,
    stored: StoredAnswer | undefined,
    { place, round, isBehind }: { place?: string; round: number; isBehind: boolean },
  ): void {
    const flight = new Flight(call.asked, (landing) => {
      fetching.delete(flight)
      if (place === undefined) return
      if (flights.get(place) === flight) flights.delete(place)
      if (landing.kind === 'unstorable' && landing.isUsual && !flight.isVoid) passMarks.add(place)
    })
    fetching.add(flight)
    if (place !== undefined) flights.set(place, flight)
    if (!isBehind) call.exchange.outputCache = 'miss'
    fetchAnswer({
      ...{ call, flight, stored, isBehind, store, clock },
      again: (one) => answer(one, round + 1),
    })
  }

  /** Answers a client that waited for another's fetch. Those who need their own begin at once, all together. */
  function land(call: Call, landing: Landing, round: number) {
    const { asked, exchange, outlet } = call
    const now = clock.now()
    if (landing.kind === 'refused') {
      exchange.error = landing.error
      outlet.refuse(landing.refusal)
      return outlet.done()
    }
    if (landing.kind === 'stale') return serveStored(call, landing.stored, { result: 'stale', now })
    if (landing.kind === 'unstorable') return pass(call)
    if (landing.kind === 'stored' && landing.variant === variantKey(landing.names, asked.headers))
      return serveStored(call, landing.stored, { result: 'hit', now })
    answer(call, round)
  }

  /** Straight to the service, with the client's own conditions; nothing is kept. */
  function pass({ exchange, outlet, forward }: Call): void {
    exchange.outputCache = 'miss'
    forward(exchange, outlet)
  }

  /** The same, and what the answer tells of the one that is stored is noted. */
  function passHead(call: Call, stored: StoredAnswer): void {
    const { outlet, asked } = call
    const sentAt = clock.now()
    const finishHeaders: typeof outlet.finishHeaders = (exchange, headers, status) => {
      const receivedAt = clock.now()
      const answered = { status, headers: dated(headers, receivedAt), sentAt, receivedAt }
      noteHeadAnswer(store, asked, stored, answered)
      return outlet.finishHeaders(exchange, headers, status)
    }
    pass({ ...call, outlet: { ...outlet, finishHeaders } })
  }

  function invalidate(uris: ReadonlySet<string>): void {
    for (const uri of uris) store.invalidate(uri)
    for (const flight of fetching) if (uris.has(flight.asked.uri)) makeVoid(flight)
  }

  /** Those who come from now on do not wait for it: they might miss the change that they know of. */
  function makeVoid(flight: Flight): void {
    flight.isVoid = true
    for (const [place, one] of flights) if (one === flight) flights.delete(place)
  }

  return {
    serve(exchange, outlet, forward) {
      const partition = partitions.of(exchange.route)
      const asked = partition && readAsked(exchange, partition)
      if (asked) return answer({ exchange, outlet, forward, asked })
      if (isRead(exchange.request.method)) exchange.outputCache = 'bypass'
      forward(exchange, outlet)
    },
    note(exchange, status) {
      const { inspected, client, request, error } = exchange
      if (!inspected || !client || safeMethods.includes(request.method)) return
      // Whoever leaves or gives up does not know what came of it.
      const isUnknown = error === 'RequestCanceled' || error === 'RequestTimedOut'
      if (!isUnknown && (status < 200 || status >= 400)) return
      invalidate(new Set([...partitions.current()].map((one) => uriKey(one, { inspected, client }))))
    },
    adopt(configuration) {
      for (const gone of partitions.adopt(configuration)) {
        store.dropPartition(gone)
        for (const flight of fetching) if (flight.asked.partition === gone) makeVoid(flight)
      }
    },
    get bytes() {
      return store.bytes
    },
    close() {
      for (const flight of fetching) flight.abort()
    },
  }
}

const isRead = (method: string | undefined) => method === 'GET' || method === 'HEAD'

/** Where a fetch is found by those who may wait for it. With cookies, what comes is less likely to be for others. */
const placeOf = ({ key, headers, hasCookies }: Asked, names: readonly string[]) =>
  `${key}\n${hasCookies}\n${variantKey(names, headers)}`
