import type { Destination } from './clusters/destination.ts'
import type { Client } from './edge/client.ts'
import type { InspectedRequest } from './edge/inspect-request.ts'
import type { Exchange } from './exchange.ts'
import type { UpstreamRequest } from './forwarding/forwarder.ts'
import { takesTrailers } from './response-trailers.ts'
import { Http1Request } from './servers/http1/http1-request.ts'
import { isHttp2 } from './servers/http2-server.ts'
import { forwardedHeaders } from './transforms/forwarded-headers.ts'
import { requestHeaders } from './transforms/transform-headers.ts'
import { transformPath, transformQuery } from './transforms/transform-target.ts'

/** An exchange that has its route. */
export type RoutedExchange = Exchange & {
  inspected: InspectedRequest
  client: Client
  route: NonNullable<Exchange['route']>
}

export const isRouted = (exchange: Exchange): exchange is RoutedExchange =>
  exchange.route !== undefined && exchange.inspected !== undefined && exchange.client !== undefined

/** Path and query for a destination. */
export function upstreamPath(
  { inspected, route, values }: RoutedExchange,
  { configuration }: Destination,
): string {
  const { rawPath, query } = inspected.target
  const { transforms } = route
  return (
    configuration.basePath +
    transformPath(rawPath, transforms.path, values, route.path) +
    transformQuery(query, transforms.query, values)
  )
}

/** The method for a destination. */
export const upstreamMethod = ({ request, route }: RoutedExchange): string =>
  route.transforms.methods.get(request.method as string) ?? (request.method as string)

/** What a destination is sent as fields; `further` are those of this attempt. */
export function upstreamFields(
  exchange: RoutedExchange,
  destination: Destination,
  further?: readonly string[],
): Pick<UpstreamRequest, 'passed' | 'headers'> {
  const { request, inspected, client, route } = exchange
  const passed =
    request instanceof Http1Request && inspected.nominated.size === 0
      ? request.fields.passing(route.transforms)
      : undefined
  if (passed) {
    const { host } = destination.configuration
    const headers = ['host', route.transforms.originalHost ? client.host : host]
    addAll(headers, forwardedHeaders(request.rawHeaders, route.transforms, client))
    addAll(headers, exchange.upstreamHeaders)
    if (further) addAll(headers, further)
    if (!sharesName(passed.list, headers)) return { passed, headers: withMessageFields(exchange, headers) }
  }
  return { passed: undefined, headers: upstreamHeaders(exchange, destination, further) }
}

/** All headers for a destination in one list. */
export function upstreamHeaders(
  exchange: RoutedExchange,
  { configuration }: Destination,
  further?: readonly string[],
): string[] {
  const { request, inspected, client, route, values, upstreamHeaders: own } = exchange
  const headers = requestHeaders({
    rawHeaders: request.rawHeaders,
    nominated: inspected.nominated,
    transforms: route.transforms,
    host: configuration.host,
    client,
    own: further ? [...own, ...further] : own,
    values,
  })
  return withMessageFields(exchange, headers)
}

/** Adds what belongs to the message itself. */
function withMessageFields({ request, inspected }: RoutedExchange, headers: string[]): string[] {
  // gRPC servers ask for it; it is the one value of it that HTTP/2 has (RFC 9113 §8.2.2).
  if (isHttp2(request) && takesTrailers(request)) headers.push('te', 'trailers')
  if (inspected.body === 'length') headers.push('content-length', String(inspected.contentLength))
  return headers
}

function addAll(headers: string[], further: readonly string[]): void {
  for (const part of further) headers.push(part)
}

function sharesName(one: readonly string[], other: readonly string[]): boolean {
  for (let index = 0; index < one.length; index += 2)
    for (let place = 0; place < other.length; place += 2) if (one[index] === other[place]) return true
  return false
}
