import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { UpstreamError } from '#src/forwarding/http1/upstream-error.ts'
import { tlsOptionsOf, type UpstreamConnection } from '#src/forwarding/upstream-connection.ts'

const connectMilliseconds = 15_000

/** What the other side may choose among (ALPN, RFC 7301). */
export type Alpn = readonly ('h2' | 'http/1.1')[]

/**
 * Opens a connection to an origin: through the cluster's HTTP proxy where it has one, and with TLS where the origin says so. Rejects where that fails,
 * takes too long, or the signal says that nobody wants it any longer. `serverName`: whom the certificate is for, where that is not the host of the origin.
 */
export async function dial(
  origin: string,
  connection: UpstreamConnection,
  { alpn, serverName, signal }: { alpn: Alpn; serverName: string | undefined; signal: AbortSignal },
): Promise<Socket | TLSSocket> {
  const { protocol, hostname, port } = new URL(origin)
  const isSecure = protocol === 'https:'
  const target = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || (isSecure ? 443 : 80)) }
  const tooLong = new UpstreamError('upstream-connect-timeout', 'The upstream takes no connection')
  const within = AbortSignal.any([signal, timeoutOf(tooLong)])
  const plain = connection.proxy
    ? await connectThrough(connection.proxy.address, `${hostname}:${target.port}`, within)
    : undefined
  if (!isSecure && plain) return plain
  if (!isSecure) return opened(connect({ ...target, noDelay: true, allowHalfOpen: true }), 'connect', within)
  // SNI names no addresses (RFC 6066 §3).
  const servername = isIP(target.host) ? {} : { servername: target.host }
  const options = {
    ...target,
    ...servername,
    ...tlsOptionsOf(connection, serverName),
    ALPNProtocols: [...alpn],
  }
  const secured = connectTls(plain ? { ...options, socket: plain } : options)
  secured.setNoDelay(true)
  secured.allowHalfOpen = true
  return opened(secured, 'secureConnect', within)
}

function timeoutOf(reason: Error): AbortSignal {
  const controller = new AbortController()
  setTimeout(() => controller.abort(reason), connectMilliseconds).unref()
  return controller.signal
}

async function opened(socket: Socket, event: string, signal: AbortSignal): Promise<Socket> {
  const give = () => socket.destroy(signal.reason)
  signal.addEventListener('abort', give)
  if (signal.aborted) give()
  try {
    await once(socket, event)
    return socket
  } finally {
    signal.removeEventListener('abort', give)
    socket.on('error', () => {})
  }
}

/** Asks an HTTP proxy for a connection to `authority` (RFC 9110 §9.3.6). */
async function connectThrough(proxy: string, authority: string, signal: AbortSignal): Promise<Socket> {
  const send = proxy.startsWith('https:') ? httpsRequest : httpRequest
  const request = send(proxy, {
    ...{ method: 'CONNECT', path: authority, headers: { host: authority }, agent: false, signal },
  })
  request.end()
  const [response, socket, early] = (await once(request, 'connect')) as [IncomingMessage, Socket, Buffer]
  socket.on('error', () => {})
  if (response.statusCode !== 200) {
    socket.destroy()
    throw new UpstreamError('upstream-connection-closed', 'The HTTP proxy gives no way to the upstream')
  }
  socket.allowHalfOpen = true
  socket.setNoDelay(true)
  if (early.length > 0) socket.unshift(early)
  return socket
}
