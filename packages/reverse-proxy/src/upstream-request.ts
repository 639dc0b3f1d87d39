import type { Destination } from './clusters/destination.ts'
import type { Client } from './edge/client.ts'
import type { InspectedRequest } from './edge/inspect-request.ts'
import type { Exchange } from './exchange.ts'
import { takesTrailers } from './response-trailers.ts'
import { isHttp2 } from './servers/http2-server.ts'
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

/** Headers for a destination; `further` are those of this attempt. */
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
  // gRPC servers ask for it; it is the one value of it that HTTP/2 has (RFC 9113 §8.2.2).
  if (isHttp2(request) && takesTrailers(request)) headers.push('te', 'trailers')
  if (inspected.body === 'length') headers.push('content-length', String(inspected.contentLength))
  return headers
}
