import type { IncomingMessage } from 'node:http'
import { isIPv6 } from 'node:net'
import { Http1Request } from '#src/servers/http1/http1-request.ts'
import { hasBody, isHttp2 } from '#src/servers/http2-server.ts'
import { type EdgeRefusal, refuse } from './edge-refusal.ts'
import { type Framing, readFraming, readHttp2Framing } from './framing.ts'
import { isFramingTwin, isReservedTwin, mayNotBeNominated, nominatedNames, valuesOf } from './header-names.ts'
import { readOffer } from './offered-protocol.ts'
import { type RequestTarget, readTarget } from './request-target.ts'

/** A request that is safe to route and to forward. */
export type InspectedRequest = Framing & {
  readonly target: RequestTarget
  /** In lower case, with its port. */
  readonly host: string
  /** Names that `Connection` nominated. */
  readonly nominated: ReadonlySet<string>
  /** The one that it offers to change to, in lower case; `undefined` where it offers none. */
  readonly protocol: string | undefined
  /** Whether the client wants to be asked before it sends its body (RFC 9110 §10.1.1). */
  readonly awaitsContinue: boolean
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
  const protocol = nominated.has('upgrade') ? readOffer(request, framing) : undefined
  if (typeof protocol === 'object') return protocol
  const target = readTarget(request.url as string, { method, host, longest: longestTarget })
  if (target === 400) return refuse('The path is not in its plain form')
  if (target === 414) return refuse('The URL is too long', 414)
  if (target === '*') return target
  const awaitsContinue = framing.body !== 'none' && expectsContinue(request)
  return { target, host, nominated, protocol, awaitsContinue, ...framing }
}

/** HTTP/1.0 knows no expectation. */
const expectsContinue = ({ rawHeaders, httpVersion }: IncomingMessage): boolean =>
  httpVersion !== '1.0' &&
  valuesOf(rawHeaders, 'expect').some((value) => value.toLowerCase() === '100-continue')

/** `host[:port]`, without userinfo (RFC 9110 §7.2). */
function isHost(host: string): boolean {
  const [whole, address, port = '0'] = hostForm.exec(host) ?? []
  return whole !== undefined && (address === undefined || isIPv6(address)) && Number(port) <= 65_535
}

/** The server that read an HTTP/1.1 request had to know; HTTP/2 tells it apart from the headers. */
function framingOf(request: IncomingMessage): Framing | EdgeRefusal {
  if (request instanceof Http1Request) return request.framing
  return isHttp2(request)
    ? readHttp2Framing(request.rawHeaders, !hasBody(request))
    : readFraming(request.rawHeaders, request.httpVersion)
}
