import type { Forwarder } from './forwarder.ts'
import { createHttp1Forwarder } from './http1/http1-forwarder.ts'
import { createUndiciForwarder } from './undici-forwarder.ts'
import { connectionTo, tlsOptionsOf, type UpstreamConnection } from './upstream-connection.ts'

/** Makes a forwarder: ours for HTTP/1.1, undici where HTTP/2 may be spoken, or a proxy stands between. */
export function createForwarder(origin: string, connection: UpstreamConnection): Forwarder {
  const { version, maximum, proxy } = connectionTo(origin, connection)
  const mayBeHttp2 = version === '2' || (version === 'negotiate' && origin.startsWith('https:'))
  if (proxy || mayBeHttp2) return createUndiciForwarder(origin, connectionTo(origin, connection))
  return createHttp1Forwarder(origin, { connections: maximum, tls: tlsOptionsOf(connection) })
}
