import { valuesOf } from '#src/edge/header-names.ts'
import { requestHeaders } from '#src/transforms/transform-headers.ts'
import type { RoutedExchange } from '#src/upstream-request.ts'
import { type CacheControl, readCacheControl } from './cache-control.ts'
import { credentialsOf, type Partition, toldAddressKey, uriKey, userKey } from './cache-key.ts'

/** A request that may be answered from what is stored. */
export type Asked = {
  readonly partition: Partition
  readonly uri: string
  /** URI, what is told of it, and user. */
  readonly key: string
  /** As they are forwarded: what the service never sees tells no answers apart. */
  readonly headers: readonly string[]
  readonly control: CacheControl
  readonly isHead: boolean
  readonly hasCredentials: boolean
  readonly hasCookies: boolean
  /** Whether its answer is kept for this user alone. */
  readonly isPrivate: boolean
}

/** Headers of a request whose answer is no whole one, or that only the service can judge (RFC 9111 §4.3.2). */
const bypassing = ['range', 'if-range', 'if-match', 'if-unmodified-since']

/** Reads a request; `undefined` where it goes around the cache. */
export function readAsked(exchange: RoutedExchange, partition: Partition): Asked | undefined {
  const { request, inspected, client, route, values, upstreamHeaders } = exchange
  const { method = '', rawHeaders } = request
  const { policy } = partition
  const isHead = method === 'HEAD'
  if (!isHead && method !== 'GET') return undefined
  if (route.transforms.methods.has(method) || inspected.body !== 'none') return undefined
  if (bypassing.some((name) => valuesOf(rawHeaders, name).length > 0)) return undefined
  const control = readAskedControl(rawHeaders)
  if (control.has('no-store')) return undefined
  const headers = requestHeaders({
    ...{ rawHeaders, nominated: inspected.nominated, transforms: route.transforms, values, client },
    ...{ host: '', own: upstreamHeaders },
  })
  const credentials = credentialsOf(exchange, headers)
  const uri = uriKey(partition, exchange)
  return {
    ...{
      partition,
      uri,
      key: [uri, toldAddressKey(route.transforms, headers), userKey(policy, credentials)].join('\n'),
      headers,
      control,
      isHead,
    },
    hasCredentials: credentials.length > 0,
    hasCookies: valuesOf(headers, 'cookie').length > 0,
    isPrivate: policy.varyByUser && credentials.length > 0,
  }
}

/** `Pragma: no-cache` is how HTTP/1.0 said it (RFC 9111 §5.4). */
function readAskedControl(rawHeaders: readonly string[]): CacheControl {
  const control = readCacheControl(rawHeaders)
  const isOld = control.size === 0 && valuesOf(rawHeaders, 'pragma').some((value) => /no-cache/i.test(value))
  return isOld ? new Map([['no-cache', ['']]]) : control
}
