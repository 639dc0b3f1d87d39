import type { IncomingMessage } from 'node:http'
import { isHttp2 } from '#src/servers/http2-server.ts'
import type { EdgeRefusal } from './edge-refusal.ts'
import type { Framing } from './framing.ts'
import { valuesOf } from './header-names.ts'
import { webSocketVersion } from './web-socket-handshake.ts'

const protocolForm = /^[!#$%&'*+.^_`|~0-9a-z-]+(?:\/[!#$%&'*+.^_`|~0-9a-z-]+)?$/

/** The one protocol whose messages a proxy can follow, and that HTTP/2 carries too (RFC 6455, RFC 8441). */
export const webSocket = 'websocket'

/** Whether a text may name a protocol: a name, and a version where it has one. Expects lower case. */
export const isProtocol = (text: string): boolean => protocolForm.test(text)

/**
 * The protocol that a request offers to change to, in lower case, such as `websocket` or `mine/1`. `undefined` where nothing could come of it:
 * HTTP/1.0 knows no change, a list of several asks for a choice that we do not make, and a body would stand before the first byte of the other
 * protocol (RFC 9110 §7.8). Expects a request whose `Connection` names `Upgrade`.
 */
export function readOffer(request: IncomingMessage, { body }: Framing): string | EdgeRefusal | undefined {
  if (request.httpVersion === '1.0') return undefined
  const [written, another] = valuesOf(request.rawHeaders, 'upgrade')
  const protocol = written?.toLowerCase() ?? ''
  if (another !== undefined || !isProtocol(protocol)) return undefined
  if (protocol === webSocket) return readHandshake(request, body)
  return body === 'none' ? protocol : undefined
}

/** RFC 6455 §4.2.1. A body before the frames would be read as frames by whoever takes the upgrade. */
function readHandshake(request: IncomingMessage, body: Framing['body']): string | EdgeRefusal | undefined {
  if (request.method !== 'GET') return undefined
  if (body !== 'none') return { status: 400, reason: 'A WebSocket handshake has no body' }
  if (valuesOf(request.rawHeaders, 'sec-websocket-version').join() === webSocketVersion) return webSocket
  // HTTP/2 has no Upgrade that could be required (RFC 8441 §5).
  return { status: isHttp2(request) ? 400 : 426, reason: 'Version 13 of WebSocket is spoken here' }
}
