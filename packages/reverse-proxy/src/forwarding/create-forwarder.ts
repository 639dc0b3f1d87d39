import { isIP } from 'node:net'
import type { Forwarder } from './forwarder.ts'
import { createHttp1Forwarder } from './http1/http1-forwarder.ts'
import { createUndiciForwarder } from './undici-forwarder.ts'
import { tlsOptionsOf, type UpstreamConnection } from './upstream-connection.ts'

/** Makes a forwarder: ours for HTTP/1.1, undici where HTTP/2 may be spoken, or a proxy stands between. */
export function createForwarder(
  origin: string,
  connection: UpstreamConnection,
  serverName?: string,
): Forwarder {
  const { hostname, protocol } = new URL(origin)
  const { version, maximum, proxy } = connection
  const isProxied = proxy !== undefined && !(proxy.bypassesLocal && isLocal(hostname))
  const mayBeHttp2 = version === '2' || (version === 'negotiate' && protocol === 'https:')
  if (isProxied || mayBeHttp2)
    return createUndiciForwarder(origin, { ...connection, proxy: isProxied ? proxy : undefined }, serverName)
  return createHttp1Forwarder(origin, { connections: maximum, tls: tlsOptionsOf(connection, serverName) })
}

/** A name without a dot, or an address of this machine: what .NET's WebProxy counts as local. */
const isLocal = (host: string) => (isIP(host) === 0 ? !host.includes('.') : /^127\.|^\[?::1\]?$/.test(host))
