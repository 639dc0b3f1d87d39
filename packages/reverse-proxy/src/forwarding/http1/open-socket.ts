import { connect, isIP, type OnReadOpts, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'

/** How an upstream's certificate is judged, and which is shown to it. */
export type TlsOptions = Pick<
  ConnectionOptions,
  'ca' | 'cert' | 'key' | 'rejectUnauthorized' | 'servername' | 'minVersion' | 'maxVersion'
>

/** Opens connections to one origin. */
export type SocketOpener = {
  /** Host and port, as `Host` states them. */
  readonly authority: string
  /** The event that says that a socket can be written to. */
  readonly readyEvent: 'connect' | 'secureConnect'
  open(onread: OnReadOpts): Socket
}

/** Reads an origin such as `https://orders:8443`. */
export function socketOpener(origin: string, tls: TlsOptions = {}): SocketOpener {
  const { protocol, hostname, port, host: authority } = new URL(origin)
  const host = hostname.replace(/^\[|\]$/g, '')
  if (protocol === 'http:') {
    const target = { host, port: Number(port || 80), noDelay: true }
    return { authority, readyEvent: 'connect', open: (onread) => connect({ ...target, onread }) }
  }
  if (protocol !== 'https:') throw new TypeError(`${origin} is neither http nor https`)
  // SNI names no addresses (RFC 6066 §3).
  const servername = isIP(host) ? {} : { servername: host }
  const target = { host, port: Number(port || 443), ALPNProtocols: ['http/1.1'], ...servername, ...tls }
  let session: Buffer | undefined
  return {
    ...{ authority, readyEvent: 'secureConnect' },
    open(onread) {
      const options: ConnectionOptions & { onread: OnReadOpts } = { ...target, onread }
      if (session) options.session = session
      const socket = connectTls(options)
      socket.setNoDelay(true)
      socket.on('session', (next) => {
        session = next
      })
      return socket
    },
  }
}
