import { preflightHeaders } from './cors/cors.ts'
import type { CorsPolicy } from './cors/cors-policy.ts'
import type { EdgeRefusal } from './edge/edge-refusal.ts'
import type { Refusal } from './exchange.ts'
import type { ForwarderErrorName } from './forwarding/forwarder-error.ts'
import { changed } from './transforms/transform-headers.ts'
import type { RoutedExchange } from './upstream-request.ts'

const edgeTitles: Record<EdgeRefusal['status'], [code: string, title: string]> = {
  400: ['bad-request', 'The request is not well formed'],
  405: ['method-not-allowed', 'Method not allowed'],
  408: ['request-too-slow', 'The request came too slowly'],
  413: ['body-too-large', 'The body is too large'],
  414: ['url-too-long', 'The URL is too long'],
  417: ['expectation-failed', 'The expectation cannot be met'],
  426: ['upgrade-required', 'Another version is required'],
  431: ['headers-too-large', 'The headers are too large'],
  501: ['not-implemented', 'Not implemented'],
  505: ['version-not-supported', 'This version of HTTP is not supported'],
}

/** Which version of WebSocket is spoken (RFC 6455 §4.4). */
const webSocketVersion = {
  ...{ connection: 'upgrade, close', upgrade: 'websocket', 'sec-websocket-version': '13' },
}

/** The connection closes: after a request that two servers could read differently nothing on it is certain. */
export function edgeRefusal({ status, reason }: EdgeRefusal): Refusal {
  const [code, title] = edgeTitles[status]
  const headers = status === 426 ? webSocketVersion : { connection: 'close' }
  return { status, code, title, detail: `${reason}.`, headers }
}

export const oddPath = edgeRefusal({
  status: 400,
  reason: 'The path has a form that this address does not take',
})

/** `OPTIONS *` asks for the gateway itself (RFC 9110 §9.3.7). */
export const gatewayOptions: Refusal = {
  ...{ status: 204, code: 'options', title: 'Options', detail: 'The gateway was asked for its options.' },
  headers: { allow: 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS' },
}

export const noRoute: Refusal = {
  ...{ status: 404, code: 'not-found', title: 'Not found', detail: 'Nothing is served at this address.' },
}

/** Whether allowed or not, the answer is a success: what the browser may do stands in its headers (Fetch standard §3.2.2). */
export const preflightAnswer = (policy: CorsPolicy | 'disabled', rawHeaders: readonly string[]): Refusal => ({
  ...{ status: 204, code: 'preflight', title: 'Preflight', detail: 'A preflight was answered.' },
  headers: preflightHeaders(policy, rawHeaders),
})

export const methodNotAllowed = (allow: readonly string[]): Refusal => ({
  ...{ status: 405, code: 'method-not-allowed', title: 'Method not allowed' },
  detail: `This address takes ${allow.join(', ')}.`,
  headers: { allow: allow.join(', ') },
})

/** The client wants only what is stored (RFC 9111 §5.2.1.7). */
export const notStored: Refusal = {
  ...{ status: 504, code: 'not-stored', title: 'Not stored' },
  detail: 'No stored answer can be used, and only-if-cached allows no other.',
}

export const bodyTooLarge = (limit: number): Refusal => ({
  ...{ status: 413, code: 'body-too-large', title: 'The body is too large' },
  detail: `At most ${limit} bytes are taken here.`,
  headers: { connection: 'close' },
})

export const bodyWithoutMeaning = edgeRefusal({
  status: 400,
  reason: 'This address takes no body with this method',
})

export const bodyTooSlow = edgeRefusal({ status: 408, reason: 'The body came too slowly' })

/** The body of a refusal that no app has made one for. */
export const plainRefusal = ({ status, title, detail }: Refusal): { type: string; body: string } => ({
  ...{ type: 'application/problem+json', body: JSON.stringify({ title, status, detail }) },
})

export const internalFault: Refusal = {
  ...{
    status: 500,
    code: 'internal-error',
    title: 'Internal error',
    detail: 'Something went wrong on our side.',
  },
}

const unavailable = { status: 503, code: 'unavailable', title: 'Not available' }

/** What a client is told of an upstream's failure: nothing of its inside. `retryAfterMilliseconds`: when it may be over. */
export function upstreamRefusal(error: ForwarderErrorName, retryAfterMilliseconds = 5000): Refusal {
  const headers = { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMilliseconds / 1000))) }
  if (error === 'NoAvailableDestinations' || error === 'CircuitOpen')
    return { ...unavailable, headers, detail: 'The service behind this address is not available.' }
  if (error === 'ConcurrencyLimit')
    return { ...unavailable, headers, detail: 'The service behind this address has too much to do.' }
  if (error === 'RequestTimedOut') {
    const detail = 'The service behind this address did not answer in time.'
    return { status: 504, code: 'upstream-timeout', title: 'No answer in time', detail }
  }
  if (error === 'RequestBodyClient') {
    const detail = 'The body of the request stopped coming.'
    const headers = { connection: 'close' }
    return { status: 408, code: 'body-timeout', title: 'The body did not come', detail, headers }
  }
  const detail = 'The service behind this address could not be reached or gave no proper answer.'
  return { status: 502, code: 'upstream-failed', title: 'No proper answer', detail }
}

/** What the transforms say of an answer, said of the one that takes its place: no answer is a failure (GW-14). */
export function transformRefusal(refusal: Refusal, { route, values }: RoutedExchange): Refusal {
  const headers = Object.entries(refusal.headers ?? {}).flat()
  const result: Record<string, string> = {}
  const transformed = changed(headers, route.transforms.response, values, refusal.status)
  for (let index = 0; index < transformed.length; index += 2)
    result[transformed[index] as string] = transformed[index + 1] as string
  return { ...refusal, headers: result }
}
