import type { Forwarder } from './forwarder.ts'
import { createHttp1Forwarder } from './http1/http1-forwarder.ts'
import { createUndiciForwarder } from './undici-forwarder.ts'
import { connectionTo, tlsOptionsOf, type UpstreamConnection } from './upstream-connection.ts'

/** Makes a forwarder: ours for HTTP/1.1, undici where HTTP/2 may be spoken, or a proxy stands between. */
export function createForwarder(
  origin: string,
  connection: UpstreamConnection,
  serverName?: string,
): Forwarder {
  const reached = connectionTo(origin, connection)
  const { version, maximum, proxy } = reached
  const mayBeHttp2 = version === '2' || (version === 'negotiate' && origin.startsWith('https:'))
  if (proxy || mayBeHttp2) return createUndiciForwarder(origin, reached, serverName)
  return createHttp1Forwarder(origin, { connections: maximum, tls: tlsOptionsOf(connection, serverName) })
}
