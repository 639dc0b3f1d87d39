import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import type { Log } from '#src/ports.ts'
import { readCertificates } from './certificates.ts'
import type { ListenerConfiguration, ListenerTls } from './listener-configuration.ts'
import type { OpenSocket } from './open-socket.ts'

/** Takes sockets to whoever speaks their protocol. */
export type Protocols = { http1(socket: Socket): void; http2(socket: Socket): void }

/** A port that is open. */
export type Listener = {
  readonly port: number
  /** Takes no new connection. Resolves when those that are open have ended. */
  close(): Promise<void>
  /** Cuts the connections that are still open. */
  destroy(): void
}

const refreshMilliseconds = 10_000
const offered = { Http1: ['http/1.1'], Http2: ['h2'], Http1AndHttp2: ['h2', 'http/1.1'] }

/**
 * Opens a port. With TLS the client chooses HTTP/2 or HTTP/1.1 (ALPN, RFC 7301), and certificates that change are taken up without a restart.
 * Rejects where the port is taken or a certificate cannot be read.
 */
export async function openListener(
  { host, port, protocols, tls }: ListenerConfiguration,
  sides: Protocols,
  { log, openSocket }: { log: Log; openSocket: OpenSocket },
): Promise<Listener> {
  const server = tls
    ? createSecureServer(tls, protocols, sides, log)
    : createServer({ noDelay: true, allowHalfOpen: true }, protocols === 'Http2' ? sides.http2 : sides.http1)
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await openSocket(server, { host, port })
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      await closed
    },
    destroy() {
      for (const socket of sockets) socket.destroy()
    },
  }
}

function createSecureServer(
  tls: ListenerTls,
  protocols: ListenerConfiguration['protocols'],
  { http1, http2 }: Protocols,
  log: Log,
): Server {
  const certificates = readCertificates(tls)
  const server = createTlsServer({
    ...{
      ...certificates.usual(),
      ALPNProtocols: offered[protocols],
      handshakeTimeout: 10_000,
      noDelay: true,
      allowHalfOpen: true,
    },
    SNICallback: (serverName, done) => done(null, certificates.contextFor(serverName)),
    requestCert: tls.clientCertificates !== 'None',
    rejectUnauthorized: tls.clientCertificates === 'Require',
  })
  server.on('secureConnection', (socket: TLSSocket) => {
    if (socket.alpnProtocol === 'h2') http2(socket)
    else if (protocols === 'Http2') socket.destroy()
    else http1(socket)
  })
  const refreshing = setInterval(() => {
    try {
      if (certificates.refresh()) server.setSecureContext(certificates.usual())
    } catch (error) {
      log.error({ error }, 'Changed certificates cannot be used: those before go on serving')
    }
  }, refreshMilliseconds).unref()
  server.on('close', () => clearInterval(refreshing))
  return server
}
