import { buildConnector, type Dispatcher, Pool, ProxyAgent } from 'undici'
import { mendStreamsOf } from './mended-streams.ts'
import { tlsOptionsOf, type UpstreamConnection } from './upstream-connection.ts'

const connectMilliseconds = 15_000
/** Below the 5 s after which a Node server closes an idle connection: a request sent into a closing one would be lost. */
const idleMilliseconds = 4000

/** Makes undici's side of the connections to one destination. One request at a time on a connection of HTTP/1.1: a slow answer blocks no other. */
export function createDispatcher(
  origin: string,
  connection: UpstreamConnection,
  serverName?: string,
): Dispatcher {
  const { version, maximum, proxy } = connection
  const tls = tlsOptionsOf(connection, serverName)
  const options = {
    ...{ pipelining: 1, keepAliveTimeout: idleMilliseconds, keepAliveMaxTimeout: idleMilliseconds },
    ...{ allowH2: version !== '1.1', connections: maximum ?? null },
    // HTTP/2 without TLS is spoken by prior knowledge only: nothing on the wire could negotiate it (RFC 9113 §3.3).
    ...(version === '2' && origin.startsWith('http:') && { useH2c: true }),
  }
  if (proxy) return new ProxyAgent({ ...options, uri: proxy.address, requestTls: tls })
  const connector = buildConnector({
    ...{ timeout: connectMilliseconds, allowH2: options.allowH2, ...tls },
    ...('useH2c' in options && { useH2c: true }),
  })
  return new Pool(origin, {
    ...options,
    connect(target, done) {
      connector(target, (...[error, socket]) => {
        if (error) return done(error, null)
        mendStreamsOf(socket)
        done(null, socket)
      })
    },
  })
}
