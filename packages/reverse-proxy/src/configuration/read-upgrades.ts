import { isProtocol, webSocket } from '#src/edge/offered-protocol.ts'
import type { Section } from './section.ts'

/** What a change to it would make of a connection is HTTP again, which no route could then hold to its policies (RFC 9113 §3.1, RFC 2817). */
const isHttp = /^(?:h2c|tls|https?)(?:\/|$)/

/** Reads a route's `Upgrades`, a key of our own: the protocols that its clients may change to. */
export function readUpgrades(route: Section): ReadonlySet<string> {
  const protocols = route.texts('Upgrades', [webSocket]).map((written) => written.toLowerCase())
  for (const protocol of protocols) {
    if (!isProtocol(protocol))
      route.fault('Upgrades', `names no protocol (${protocol})`, 'Write such as websocket or spdy/3.1')
    else if (isHttp.test(protocol))
      route.fault(
        'Upgrades',
        `names ${protocol}, which is HTTP again`,
        'Remove it: HTTP/2 is spoken by ALPN, or by prior knowledge',
      )
  }
  return new Set(protocols)
}
