import type { IncomingMessage } from 'node:http'
import { Http1Request } from '#src/servers/http1/http1-request.ts'
import { hasBody, isHttp2 } from '#src/servers/http2-server.ts'
import { type EdgeRefusal, refuse } from './edge-refusal.ts'
import { type Framing, readFraming, readHttp2Framing } from './framing.ts'
import { type InspectedFields, inspectFields } from './inspect-fields.ts'
import { readOffer } from './offered-protocol.ts'
import { type RequestTarget, readTarget } from './request-target.ts'

/** A request that is safe to route and to forward. */
export type InspectedRequest = InspectedFields & {
  readonly target: RequestTarget
  /** The one that it offers to change to, in lower case; `undefined` where it offers none. */
  readonly protocol: string | undefined
}

/**
 * Holds a request against the edge's strictness (GW-63): nothing accepted here can be read as another request further in.
 * @returns the request, a refusal, or `*` where the server itself is asked for its options
 */
export function inspectRequest(
  request: IncomingMessage,
  longestTarget: number,
): InspectedRequest | EdgeRefusal | '*' {
  const { method = '', httpVersion } = request
  if (httpVersion !== '1.1' && httpVersion !== '1.0' && !isHttp2(request))
    return refuse('HTTP/1.1 is spoken here', 505)
  if (method === 'TRACE' || method === 'CONNECT') return refuse(`${method} is not served`, 405)
  const fields = fieldsOf(request)
  if ('status' in fields) return fields
  const { host, nominated, awaitsContinue, body, contentLength } = fields
  const protocol = nominated.has('upgrade') ? readOffer(request, fields) : undefined
  if (typeof protocol === 'object') return protocol
  const target = readTarget(request.url as string, { method, host, longest: longestTarget })
  if (target === 400) return refuse('The path is not in its plain form')
  if (target === 414) return refuse('The URL is too long', 414)
  if (target === '*') return target
  return { target, host, nominated, protocol, awaitsContinue, body, contentLength }
}

/** Fields that an HTTP/1.1 client sends again have been looked at. HTTP/2 tells framing apart from the headers. */
function fieldsOf(request: IncomingMessage): InspectedFields | EdgeRefusal {
  if (!(request instanceof Http1Request)) return inspectFields(request, framingOf(request))
  const { fields } = request
  fields.inspected ??= inspectFields(request, fields.framing)
  return fields.inspected
}

const framingOf = (request: IncomingMessage): Framing | EdgeRefusal =>
  isHttp2(request)
    ? readHttp2Framing(request.rawHeaders, !hasBody(request))
    : readFraming(request.rawHeaders, request.httpVersion)
