import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Readable, Transform } from 'node:stream'
import type { Choice, Cluster } from './clusters/cluster.ts'
import type { Destination } from './clusters/destination.ts'
import type { Limits } from './configuration/read-limits.ts'
import type { Client } from './edge/client.ts'
import { valuesOf } from './edge/header-names.ts'
import type { InspectedRequest } from './edge/inspect-request.ts'
import type { Exchange, Refusal } from './exchange.ts'
import { leaveBody, watchBody } from './forwarding/body-watch.ts'
import {
  BodyTooLarge,
  BodyTooSlow,
  blamesDestination,
  ClientGone,
  ExchangeTimeout,
  nameError,
} from './forwarding/forwarder-error.ts'
import { bodyTooLarge, bodyTooSlow, upstreamRefusal } from './refusals.ts'
import { changed, requestHeaders, responseHeaders, responseTrailers } from './transforms/transform-headers.ts'
import { transformPath, transformQuery } from './transforms/transform-target.ts'

/** What forwarding needs besides the exchange. */
export type ForwardParts = {
  response: ServerResponse
  cluster: Cluster
  choice: Choice
  limits: Limits
  /** Headers for the client, made of the upstream's. */
  finishHeaders(exchange: Exchange, headers: string[], status: number): string[]
  refuse(refusal: Refusal): void
  /** Called once, when the exchange is over. */
  done(): void
}

type Routed = Exchange & {
  inspected: InspectedRequest
  client: Client
  route: NonNullable<Exchange['route']>
}

/** Takes a request to a destination and its answer back, both as streams. */
export function forwardExchange(exchange: Routed, parts: ForwardParts): void {
  const { response, cluster, choice, limits, refuse, done } = parts
  const { destination, tie } = choice
  const { inspected, route, request, values } = exchange
  const bodyLimit = route.maxRequestBodySize ?? limits.body
  exchange.destination = `${cluster.configuration.id}/${destination.configuration.id}`
  destination.inFlight++
  const startedAt = performance.now()
  let headersCame = false
  let over = false
  let sendsTrailers = false
  let rawTrailers: readonly string[] = []

  // :: 1 :: The client's body, counted on its way. undici destroys the stream it reads: our counter, never the client's socket.
  const stop = (error: Error) => flow.abort(error)
  const body = inspected.body === 'none' ? undefined : countBody(request, bodyLimit, stop)
  if (body) watchBody(request, limits, body, stop)

  // :: 2 :: One end for every way it can end.
  function finish(error: Error | undefined): void {
    if (over) return
    over = true
    clearTimeout(timer)
    destination.inFlight--
    if (error) exchange.error = nameError(error, headersCame)
    cluster.note(destination, blamesDestination(exchange.error))
    if (body) leaveBody(request, response)
    if (error) {
      if (headersCame || error instanceof ClientGone) response.destroy()
      else if (error instanceof BodyTooLarge) refuse(bodyTooLarge(bodyLimit))
      else if (error instanceof BodyTooSlow) refuse(bodyTooSlow)
      else refuse(transformRefusal(upstreamRefusal(exchange.error), exchange))
    }
    done()
  }
  const { timeoutMilliseconds } = route
  const timer = timeoutMilliseconds
    ? setTimeout(() => flow.abort(new ExchangeTimeout()), timeoutMilliseconds)
    : undefined

  // :: 3 :: The request goes up, the answer comes down; whichever side is slower slows the other.
  const flow = destination.forwarder.send(
    {
      method: route.transforms.methods.get(request.method as string) ?? (request.method as string),
      ...{ path: upstreamPath(exchange, destination), body },
      headers: upstreamHeaders(exchange, destination),
      activityTimeoutMilliseconds: cluster.configuration.activityTimeoutMilliseconds,
    },
    {
      onHeaders(status, rawHeaders, message) {
        headersCame = true
        exchange.timings.upstream = performance.now() - startedAt
        exchange.status = status
        const headers = responseHeaders(rawHeaders, status, route.transforms, values)
        if (tie) headers.push(...tie)
        response.sendDate = !headers.includes('date')
        response.writeHead(status, message, parts.finishHeaders(exchange, headers, status))
        // Of an answer without a length the first chunk may be long in coming: an event stream opens at once.
        const hasLength = headers.includes('content-length')
        if (!hasLength) response.flushHeaders()
        // Trailers need chunks, and a client that says it takes them (RFC 9110 §6.5.1).
        sendsTrailers = !hasLength && acceptsTrailers(request)
      },
      onData: (chunk) => response.write(chunk),
      onTrailers(trailers) {
        rawTrailers = trailers
      },
      onEnd() {
        if (sendsTrailers)
          addTrailers(response, responseTrailers(rawTrailers, exchange.status, route.transforms, values))
        response.end()
        finish(undefined)
      },
      onError: finish,
    },
  )
  response.on('drain', () => flow.resume())

  // :: 4 :: A client that leaves takes the upstream's request with it.
  response.on('close', () => {
    if (!over && !response.writableEnded) flow.abort(new ClientGone())
  })
}

/** Path and query for a destination. */
export function upstreamPath({ inspected, route, values }: Routed, { configuration }: Destination): string {
  const { rawPath, query } = inspected.target
  const { transforms } = route
  return (
    configuration.basePath +
    transformPath(rawPath, transforms.path, values) +
    transformQuery(query, transforms.query, values)
  )
}

/** Headers for a destination. */
export function upstreamHeaders(exchange: Routed, { configuration }: Destination): string[] {
  const { request, inspected, client, route, values, upstreamHeaders: own } = exchange
  const headers = requestHeaders({
    ...{ rawHeaders: request.rawHeaders, nominated: inspected.nominated, transforms: route.transforms },
    ...{ host: configuration.host, client, own, values },
  })
  if (inspected.body === 'length') headers.push('content-length', String(inspected.contentLength))
  return headers
}

/** What the transforms say of an answer, said of the one that takes its place: no answer is a failure (GW-14). */
function transformRefusal(refusal: Refusal, { route, values }: Routed): Refusal {
  const headers = Object.entries(refusal.headers ?? {}).flat()
  const result: Record<string, string> = {}
  const transformed = changed(headers, route.transforms.response, values, refusal.status)
  for (let index = 0; index < transformed.length; index += 2)
    result[transformed[index] as string] = transformed[index + 1] as string
  return { ...refusal, headers: result }
}

const acceptsTrailers = ({ rawHeaders, httpVersion, method }: IncomingMessage) =>
  httpVersion === '1.1' &&
  method !== 'HEAD' &&
  valuesOf(rawHeaders, 'te').some((value) => /(?:^|,)\s*trailers\s*(?:,|;|$)/i.test(value))

function addTrailers(response: ServerResponse, trailers: readonly string[]): void {
  const pairs: [string, string][] = []
  for (let index = 0; index < trailers.length; index += 2)
    pairs.push([trailers[index] as string, trailers[index + 1] as string])
  if (pairs.length > 0) response.addTrailers(pairs)
}

function countBody(request: Readable, limit: number, onTooLarge: (error: Error) => void): Transform {
  let size = 0
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      size += chunk.length
      if (size <= limit) return next(null, chunk)
      onTooLarge(new BodyTooLarge('The body is larger than the route takes'))
      return undefined
    },
  })
  counter.on('error', () => {})
  return request.pipe(counter)
}
