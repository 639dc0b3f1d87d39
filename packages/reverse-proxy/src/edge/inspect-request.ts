import type { IncomingMessage } from 'node:http'
import { isIPv6 } from 'node:net'
import { Http1Request } from '#src/servers/http1/http1-request.ts'
import { endsWithHeaders, isHttp2 } from '#src/servers/http2-server.ts'
import { type EdgeRefusal, refuse } from './edge-refusal.ts'
import { type Framing, readFraming, readHttp2Framing } from './framing.ts'
import { isFramingTwin, isReservedTwin, mayNotBeNominated, nominatedNames } from './header-names.ts'
import { type RequestTarget, readTarget } from './request-target.ts'
import { isWebSocket } from './web-socket.ts'

/** A request that is safe to route and to forward. */
export type InspectedRequest = Framing & {
  readonly target: RequestTarget
  /** In lower case, with its port. */
  readonly host: string
  /** Names that `Connection` nominated. */
  readonly nominated: ReadonlySet<string>
}

const mostHeaders = 200
const hostForm = /^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[([0-9a-f:.]+)\])(?::(\d{1,5}))?$/

/**
 * Holds a request against the edge's strictness (GW-63): nothing accepted here can be read as another request further in.
 * @returns the request, a refusal, or `*` where the server itself is asked for its options
 */
export function inspectRequest(
  request: IncomingMessage,
  longestTarget: number,
): InspectedRequest | EdgeRefusal | '*' {
  const { rawHeaders, method = '', httpVersion } = request
  if (httpVersion !== '1.1' && httpVersion !== '1.0' && !isHttp2(request))
    return refuse('HTTP/1.1 is spoken here', 505)
  if (method === 'TRACE' || method === 'CONNECT') return refuse(`${method} is not served`, 405)
  if (rawHeaders.length > mostHeaders * 2) return refuse('There are too many headers', 431)
  const hosts: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] as string).toLowerCase()
    const value = rawHeaders[index + 1] as string
    if (name === 'host') hosts.push(value)
    else if (name === 'expect' && value.toLowerCase() !== '100-continue')
      return refuse('Only 100-continue can be expected', 417)
    else if (isFramingTwin(name)) return refuse('A header’s name is a twin of one that frames the message')
    else if (isReservedTwin(name)) return refuse('A header’s name is a twin of one that tells who calls')
  }
  const host = hosts[0]?.toLowerCase()
  if (hosts.length !== 1 || !host || !isHost(host))
    return refuse('There must be one Host header, host[:port]')
  const framing = framingOf(request)
  if ('status' in framing) return framing
  const nominated = nominatedNames(rawHeaders)
  for (const name of nominated)
    if (mayNotBeNominated(name)) return refuse('Connection names a header that it may not')
  const handshake =
    isWebSocket(request) && nominated.has('upgrade') ? inspectHandshake(request, framing) : undefined
  if (handshake) return handshake
  const target = readTarget(request.url as string, { method, host, longest: longestTarget })
  if (target === 400) return refuse('The path is not in its plain form')
  if (target === 414) return refuse('The URL is too long', 414)
  return target === '*' ? target : { target, host, nominated, ...framing }
}

/** `host[:port]`, without userinfo (RFC 9110 §7.2). */
function isHost(host: string): boolean {
  const [whole, address, port = '0'] = hostForm.exec(host) ?? []
  return whole !== undefined && (address === undefined || isIPv6(address)) && Number(port) <= 65_535
}

/** RFC 6455 §4.2.1. A body before the frames would be read as frames by whoever takes the upgrade. */
function inspectHandshake({ headers }: IncomingMessage, { body }: Framing): EdgeRefusal | undefined {
  if (body !== 'none') return refuse('A WebSocket handshake has no body')
  if (headers['sec-websocket-version'] !== '13') return refuse('Version 13 of WebSocket is spoken here', 426)
  return undefined
}

/** The server that read an HTTP/1.1 request had to know; HTTP/2 tells it apart from the headers. */
function framingOf(request: IncomingMessage): Framing | EdgeRefusal {
  if (request instanceof Http1Request) return request.framing
  return isHttp2(request)
    ? readHttp2Framing(request.rawHeaders, endsWithHeaders(request))
    : readFraming(request.rawHeaders, request.httpVersion)
}
