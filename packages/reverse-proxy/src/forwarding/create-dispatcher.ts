import { buildConnector, type Dispatcher, Pool, ProxyAgent } from 'undici'
import { mendStreamsOf } from './mended-streams.ts'
import { tlsOptionsOf, type UpstreamConnection } from './upstream-connection.ts'

const connectMilliseconds = 15_000
/** Below the 5 s after which a Node server closes an idle connection: a request sent into a closing one would be lost. */
const idleMilliseconds = 4000

/** When a connection began to open, and when it was open, by `performance.now()`. */
export type Opening = { readonly startedAt: number; readonly endedAt: number }

/**
 * Makes undici's side of the connections to one destination. One request at a time on a connection of HTTP/1.1: a slow answer blocks no other. `onOpened`
 * is told of each connection, but not of those that a proxy stands between.
 */
export function createDispatcher(
  origin: string,
  connection: UpstreamConnection,
  serverName: string | undefined,
  onOpened: (opening: Opening) => void,
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
      const startedAt = performance.now()
      connector(target, (...[error, socket]) => {
        if (error) return done(error, null)
        mendStreamsOf(socket)
        onOpened({ startedAt, endedAt: performance.now() })
        done(null, socket)
      })
    },
  })
}
