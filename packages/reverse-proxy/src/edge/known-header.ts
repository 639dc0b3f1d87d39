import { hopByHop, isReserved } from './header-names.ts'

/** What is to be known of a header by its name. */
export type KnownHeader = {
  /** In lower case. */
  readonly name: string
  /** Belongs to one hop, and is passed in no direction. */
  readonly isHopByHop: boolean
  /** Never passes from a client: it belongs to the hop, the proxy sets it itself, or only the platform may say it (GW-40, GW-57). */
  readonly isOurs: boolean
}

/**
 * Node answers `Expect: 100-continue` itself. The length of a body is said by whoever sends it. A proof (RFC 9449) is of use to whoever checks
 * it: an app that has done so hands it on in `Exchange.upstreamHeaders`, and what nobody checked no service should meet (GW-39).
 */
const setByUs = new Set(['host', 'content-length', 'expect', 'dpop'])

const known = new Map<string, KnownHeader>()
/** A client that makes up names fills no memory: beyond these, each is looked at again. */
const mostKnown = 2000
const longestKnown = 64

/** Looks a name up as it was written. Names come again with each request: to find one costs less than to put it into lower case. */
export function knownHeader(written: string): KnownHeader {
  const found = known.get(written)
  if (found) return found
  const name = written.toLowerCase()
  const isHopByHop = hopByHop.has(name)
  const made = { name, isHopByHop, isOurs: isHopByHop || setByUs.has(name) || isReserved(name) }
  if (known.size < mostKnown && written.length <= longestKnown) known.set(written, made)
  return made
}
