import type { IncomingMessage } from 'node:http'
import { isIPv6 } from 'node:net'
import { type EdgeRefusal, refuse } from './edge-refusal.ts'
import type { Framing } from './framing.ts'
import { isFramingTwin, isReservedTwin, mayNotBeNominated, nominatedNames, valuesOf } from './header-names.ts'

/** What the fields of a request say, where the edge finds nothing wrong with them. */
export type InspectedFields = Framing & {
  /** In lower case, with its port. */
  readonly host: string
  /** Names that `Connection` nominated. */
  readonly nominated: ReadonlySet<string>
  /** Whether the client wants to be asked before it sends its body (RFC 9110 §10.1.1). */
  readonly awaitsContinue: boolean
}

const mostHeaders = 200
const hostForm = /^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[([0-9a-f:.]+)\])(?::(\d{1,5}))?$/

/** Holds the fields of a request against the edge's strictness. It looks at nothing else of the request but its version. */
export function inspectFields(
  { rawHeaders, httpVersion }: Pick<IncomingMessage, 'rawHeaders' | 'httpVersion'>,
  framing: Framing | EdgeRefusal,
): InspectedFields | EdgeRefusal {
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
  if ('status' in framing) return framing
  const nominated = nominatedNames(rawHeaders)
  for (const name of nominated)
    if (mayNotBeNominated(name)) return refuse('Connection names a header that it may not')
  const { body, contentLength } = framing
  const awaitsContinue = body !== 'none' && expectsContinue(rawHeaders, httpVersion)
  return { host, nominated, awaitsContinue, body, contentLength }
}

/** HTTP/1.0 knows no expectation. */
const expectsContinue = (rawHeaders: readonly string[], httpVersion: string): boolean =>
  httpVersion !== '1.0' &&
  valuesOf(rawHeaders, 'expect').some((value) => value.toLowerCase() === '100-continue')

/** `host[:port]`, without userinfo (RFC 9110 §7.2). */
function isHost(host: string): boolean {
  const [whole, address, port = '0'] = hostForm.exec(host) ?? []
  return whole !== undefined && (address === undefined || isIPv6(address)) && Number(port) <= 65_535
}
