import type { IncomingMessage } from 'node:http'
import { endsWithHeaders, isHttp2 } from '#src/servers/http2-server.ts'
import { isFramingTwin, mayNotBeNominated, nominatedNames } from './header-names.ts'
import { type RequestTarget, readTarget } from './request-target.ts'

/** A request that is safe to route and to forward. */
export type InspectedRequest = {
  readonly target: RequestTarget
  /** In lower case, with its port. */
  readonly host: string
  /** Names that `Connection` nominated. */
  readonly nominated: ReadonlySet<string>
  readonly body: 'none' | 'length' | 'chunked'
  /** Where the body is of `length`. */
  readonly contentLength: number
}

/** Why a request was refused at the edge. */
export type EdgeRefusal = { readonly status: 400 | 405 | 414 | 431 | 501; readonly reason: string }

const mostHeaders = 200
const hostForm = /^(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/
const lengthForm = /^(?:0|[1-9]\d{0,15})$/

const refuse = (reason: string, status: EdgeRefusal['status'] = 400): EdgeRefusal => ({ status, reason })

/** Holds a request against the edge's strictness (GW-63): nothing accepted here can be read as another request further in. */
export function inspectRequest(request: IncomingMessage): InspectedRequest | EdgeRefusal {
  const { rawHeaders, method } = request
  if (method === 'TRACE' || method === 'CONNECT') return refuse(`${method} is not served`, 405)
  if (rawHeaders.length > mostHeaders * 2) return refuse('There are too many headers', 431)
  const hosts: string[] = []
  const lengths: string[] = []
  const encodings: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] as string).toLowerCase()
    const value = rawHeaders[index + 1] as string
    if (name === 'host') hosts.push(value)
    else if (name === 'content-length') lengths.push(value)
    else if (name === 'transfer-encoding') encodings.push(value)
    else if (isFramingTwin(name)) return refuse('A header’s name is a twin of one that frames the message')
  }
  const host = hosts[0]?.toLowerCase()
  if (hosts.length !== 1 || !host || !hostForm.test(host))
    return refuse('There must be one Host header, host[:port]')
  const framing = readFraming(request, lengths, encodings)
  if ('status' in framing) return framing
  const nominated = nominatedNames(rawHeaders)
  for (const name of nominated)
    if (mayNotBeNominated(name)) return refuse('Connection names a header that it may not')
  const target = readTarget(request.url as string, host)
  if (target === 400) return refuse('The path is not in its plain form')
  if (target === 414) return refuse('The URL is too long', 414)
  return { target, host, nominated, ...framing }
}

function readFraming(
  request: IncomingMessage,
  lengths: string[],
  encodings: string[],
): Pick<InspectedRequest, 'body' | 'contentLength'> | EdgeRefusal {
  if (encodings.length > 0) {
    if (request.httpVersion === '1.0' || lengths.length > 0)
      return refuse('The body’s length is said in two ways')
    if (encodings.length > 1 || encodings[0]?.toLowerCase() !== 'chunked') {
      return refuse('Only the transfer coding chunked is served', 501)
    }
    return { body: 'chunked', contentLength: 0 }
  }
  if (isHttp2(request) && lengths.length === 0)
    return { body: endsWithHeaders(request) ? 'none' : 'chunked', contentLength: 0 }
  const [length = '0'] = lengths
  if (lengths.length > 1 || !lengthForm.test(length) || !Number.isSafeInteger(Number(length))) {
    return refuse('Content-Length is not one whole number')
  }
  const contentLength = Number(length)
  return { body: contentLength > 0 ? 'length' : 'none', contentLength }
}
