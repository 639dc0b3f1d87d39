import { createHash } from 'node:crypto'
import { isReserved, valuesOf } from '#src/edge/header-names.ts'
import type { ForwardedAction, RouteTransforms } from '#src/transforms/transform.ts'
import type { RoutedExchange } from '#src/upstream-request.ts'
import type { OutputCachePolicy } from './output-cache-policy.ts'

/** The answers of one route under one configuration. */
export type Partition = {
  readonly id: number
  readonly policy: OutputCachePolicy
  /** How long a request waits for what another one fetches. */
  readonly patienceMilliseconds: number
}

/** Names a URI within a partition: the client's own bytes. Two ways to write a path may mean two things to a service. */
export function uriKey(
  { id, policy }: Partition,
  { inspected, client }: Pick<RoutedExchange, 'inspected' | 'client'>,
): string {
  const { rawPath, query } = inspected.target
  // None of these can hold a line break: the edge has seen to that.
  return [id, client.proto, inspected.host, rawPath, keyedQuery(policy, query)].join('\n')
}

/** The parameters that tell answers apart, as the client wrote them and in its order. */
function keyedQuery({ varyByQuery }: OutputCachePolicy, query: string): string {
  // Some servers take `;` for `&`: what is one parameter to us is several to them, so all of it counts.
  if (varyByQuery === 'all' || query.includes(';')) return query
  return query
    .slice(1)
    .split('&')
    .filter((part) => varyByQuery.has(baseName(part)))
    .join('&')
}

/** A parameter's name as servers read it at their most generous: decoded, in any case, and `a[]` and `a[b]` are `a`. */
const baseName = (part: string) =>
  ([...new URLSearchParams(part).keys()][0] ?? '').toLowerCase().replace(/\[.*$/s, '').trim()

/**
 * What a client tells of the address that it asked, where the route lets its word through: a service that makes links of it would make them
 * for all. Where the proxy sets these headers, host and scheme are in the key already.
 */
export function toldAddressKey(
  { xForwarded, forwarded }: RouteTransforms,
  headers: readonly string[],
): string {
  const letsThrough = (action: ForwardedAction | undefined) => action === 'Append' || action === 'Off'
  const names = (['host', 'proto', 'prefix'] as const)
    .filter((part) => letsThrough(xForwarded?.parts[part]))
    .map((part) => `${xForwarded?.prefix}${part}`)
  if (letsThrough(forwarded?.action)) names.push('forwarded')
  return names.length > 0 ? JSON.stringify(names.map((name) => valuesOf(headers, name))) : ''
}

/** Who asks, as a service may learn it: the client's credentials, its certificate, and what the app says of it. Empty = nobody says. */
export function credentialsOf(
  { request, route, upstreamHeaders }: RoutedExchange,
  forwarded: readonly string[],
): string[] {
  const { clientCertificate } = route.transforms
  const credentials = [
    ...valuesOf(request.rawHeaders, 'authorization'),
    ...valuesOf(forwarded, 'authorization'),
    ...(clientCertificate ? valuesOf(forwarded, clientCertificate) : []),
  ]
  for (let index = 0; index < upstreamHeaders.length; index += 2) {
    const name = upstreamHeaders[index] as string
    if (isReserved(name)) credentials.push(`${name}: ${upstreamHeaders[index + 1]}`)
  }
  return credentials
}

/**
 * Names whose answers a key leads to. Without `VaryByUser`, requests with credentials share theirs among themselves: what a service says to
 * somebody is not what it says to nobody.
 */
export function userKey({ varyByUser }: OutputCachePolicy, credentials: readonly string[]): string {
  if (credentials.length === 0) return ''
  return varyByUser ? createHash('sha256').update(JSON.stringify(credentials)).digest('base64') : 'somebody'
}
