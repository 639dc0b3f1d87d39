import type { ServerResponse } from 'node:http'
import { type Readable, Transform } from 'node:stream'
import type { Cluster } from './clusters/cluster.ts'
import type { Destination } from './clusters/destination.ts'
import { drainRequest } from './drain-request.ts'
import type { InspectedRequest } from './edge/inspect-request.ts'
import type { Exchange, Refusal } from './exchange.ts'
import {
  BodyTooLarge,
  blamesDestination,
  ClientGone,
  ExchangeTimeout,
  nameError,
} from './forwarding/forwarder-error.ts'
import { bodyTooLarge, upstreamRefusal } from './refusals.ts'
import { requestHeaders, responseHeaders } from './transforms/transform-headers.ts'
import { transformPath } from './transforms/transform-path.ts'

/** What forwarding needs besides the exchange. */
export type ForwardParts = {
  response: ServerResponse
  cluster: Cluster
  destination: Destination
  bodyLimit: number
  /** Headers for the client, made of the upstream's. */
  finishHeaders(exchange: Exchange, headers: string[], status: number): string[]
  refuse(refusal: Refusal): void
  /** Called once, when the exchange is over. */
  done(): void
}

type Routed = Exchange & { inspected: InspectedRequest; route: NonNullable<Exchange['route']> }

/** Takes a request to a destination and its answer back, both as streams. */
export function forwardExchange(exchange: Routed, parts: ForwardParts): void {
  const { response, cluster, destination, bodyLimit, refuse, done } = parts
  const { inspected, route, request } = exchange
  exchange.destination = `${cluster.configuration.id}/${destination.configuration.id}`
  destination.inFlight++
  const startedAt = performance.now()
  let headersCame = false
  let over = false

  // :: 1 :: The client's body, counted on its way. A forwarder destroys the stream it reads: our counter, never the client's socket.
  const body =
    inspected.body === 'none' ? undefined : countBody(request, bodyLimit, (error) => flow.abort(error))

  // :: 2 :: One end for every way it can end.
  function finish(error: Error | undefined): void {
    if (over) return
    over = true
    clearTimeout(timer)
    destination.inFlight--
    if (error) exchange.error = nameError(error, headersCame)
    cluster.note(destination, blamesDestination(exchange.error))
    if (error) {
      if (body) request.unpipe(body)
      if (headersCame || error instanceof ClientGone) response.destroy()
      else refuse(error instanceof BodyTooLarge ? bodyTooLarge(bodyLimit) : upstreamRefusal(exchange.error))
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
      ...{ method: request.method as string, path: upstreamPath(exchange, destination), body },
      headers: upstreamHeaders(exchange, destination),
      activityTimeoutMilliseconds: cluster.configuration.activityTimeoutMilliseconds,
    },
    {
      onHeaders(status, rawHeaders, message) {
        headersCame = true
        exchange.timings.upstream = performance.now() - startedAt
        exchange.status = status
        const headers = responseHeaders(rawHeaders, status, route.transforms)
        response.sendDate = !headers.includes('date')
        response.writeHead(status, message, parts.finishHeaders(exchange, headers, status))
        // Of an answer without a length the first chunk may be long in coming: an event stream opens at once.
        if (!headers.includes('content-length')) response.flushHeaders()
      },
      onData: (chunk) => response.write(chunk),
      onEnd() {
        response.end()
        if (body && !request.complete) drainRequest(request.unpipe(body))
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
  return configuration.basePath + transformPath(rawPath, route.transforms, values) + query
}

/** Headers for a destination. */
export function upstreamHeaders(exchange: Routed, { configuration }: Destination): string[] {
  const { request, inspected, route, upstreamHeaders: own } = exchange
  const client = {
    address: (request.socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, ''),
    host: inspected.host,
    proto: 'encrypted' in request.socket ? 'https' : 'http',
  } as const
  const headers = requestHeaders({
    ...{ rawHeaders: request.rawHeaders, nominated: inspected.nominated, transforms: route.transforms },
    ...{ host: configuration.host, client, own },
  })
  if (inspected.body === 'length') headers.push('content-length', String(inspected.contentLength))
  return headers
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
