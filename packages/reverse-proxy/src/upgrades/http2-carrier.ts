import { once } from 'node:events'
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2'
import type { Socket } from 'node:net'
import { valuesOf } from '#src/edge/header-names.ts'
import { acceptOf, isWebSocketKey } from '#src/edge/web-socket-handshake.ts'
import { UpstreamError } from '#src/forwarding/http1/upstream-error.ts'
import { closeNow } from './end-duplex.ts'
import type { UpgradeAnswer, UpgradeOffer } from './upgrade-offer.ts'

/** One connection of HTTP/2, for as long as it carries something. */
export class Http2Carrier {
  readonly #session: ClientHttp2Session
  readonly #origin: URL
  #streams = 0

  private constructor(session: ClientHttp2Session, origin: string) {
    this.#session = session
    this.#origin = new URL(origin)
  }

  /** Begins HTTP/2 on a connection, and waits for what the other side says of itself. */
  static async begin(socket: Socket, origin: string, signal: AbortSignal): Promise<Http2Carrier> {
    const session = connect(origin, { createConnection: () => socket, settings: { enablePush: false } })
    session.on('error', () => {})
    const carrier = new Http2Carrier(session, origin)
    const { promise, reject } = Promise.withResolvers<never>()
    const leave = () => session.destroy()
    session.once('close', () => reject(closed()))
    signal.addEventListener('abort', leave)
    if (signal.aborted) leave()
    try {
      await Promise.race([once(session, 'remoteSettings'), promise])
      return carrier
    } finally {
      promise.catch(() => {})
      signal.removeEventListener('abort', leave)
    }
  }

  /** Whether other protocols may be offered on it (RFC 8441 §3). */
  get takesOffers(): boolean {
    return this.#session.remoteSettings.enableConnectProtocol === true
  }

  get hasRoom(): boolean {
    const { closed: isClosed, destroyed, remoteSettings } = this.#session
    return (
      !isClosed &&
      !destroyed &&
      this.#streams < (remoteSettings.maxConcurrentStreams ?? Number.POSITIVE_INFINITY)
    )
  }

  /** Ends with the last of its streams. */
  close(): void {
    this.#session.close()
  }

  /** Makes an offer on a stream of its own (RFC 8441 §4). */
  async offer(offer: UpgradeOffer, signal: AbortSignal): Promise<UpgradeAnswer> {
    const [key] = valuesOf(offer.headers, 'sec-websocket-key')
    if (!isWebSocketKey(key)) throw new UpstreamError('web-socket-key-missing', 'The client has sent no key')
    const { promise, resolve, reject } = Promise.withResolvers<UpgradeAnswer>()
    const stream = this.#request(offer)
    const leave = () => closeNow(stream)
    signal.addEventListener('abort', leave)
    if (signal.aborted) leave()
    stream.on('error', reject)
    stream.once('close', () => {
      signal.removeEventListener('abort', leave)
      reject(closed())
    })
    stream.on('headers', (headers) => {
      const status = Number(headers[':status'])
      if (status > 101) offer.onInformation(status, flatten(headers))
    })
    stream.once('response', (headers) => {
      signal.removeEventListener('abort', leave)
      resolve(answerOf(key, stream, headers))
    })
    return promise
  }

  #request({ protocol, path, headers }: UpgradeOffer): ClientHttp2Stream {
    const { protocol: scheme, host } = this.#origin
    const fields: OutgoingHttpHeaders = {
      ...{ ':method': 'CONNECT', ':protocol': protocol, ':scheme': scheme.slice(0, -1), ':path': path },
      ':authority': valuesOf(headers, 'host')[0] ?? host,
    }
    for (let index = 0; index < headers.length; index += 2) {
      const name = headers[index] as string
      if (name === 'host' || name === 'sec-websocket-key') continue
      const before = fields[name]
      const value = headers[index + 1] as string
      fields[name] = before === undefined ? value : [before, value].flat().map(String)
    }
    const stream = this.#session.request(fields, { endStream: false })
    this.#streams++
    stream.once('close', () => {
      this.#streams--
      if (this.#streams === 0) this.close()
    })
    return stream
  }
}

function answerOf(
  key: string,
  stream: ClientHttp2Stream,
  headers: IncomingHttpHeaders & { ':status'?: number },
): UpgradeAnswer {
  const status = Number(headers[':status'])
  const rawHeaders = flatten(headers)
  if (status < 200 || status > 299) {
    stream.end()
    return { kind: 'refused', status, message: '', rawHeaders, body: stream }
  }
  // HTTP/2 proves in another way that it is understood: a client of HTTP/1.1 wants this one (RFC 6455 §4.1).
  rawHeaders.push('sec-websocket-accept', acceptOf(key))
  return { kind: 'switched', rawHeaders, stream }
}

/** Names and values in turn, without pseudo-headers. */
const flatten = (headers: IncomingHttpHeaders): string[] =>
  Object.entries(headers)
    .filter(([name]) => !name.startsWith(':'))
    .flatMap(([name, value]) => [value ?? []].flat().flatMap((one) => [name, one]))

const closed = () =>
  new UpstreamError('upstream-connection-closed', 'The upstream closed the connection before its answer')
