import type { Socket } from 'node:net'
import { webSocket } from '#src/edge/offered-protocol.ts'
import { UpstreamError } from '#src/forwarding/http1/upstream-error.ts'
import { connectionTo, type UpstreamConnection } from '#src/forwarding/upstream-connection.ts'
import { type Alpn, dial } from './dial.ts'
import { offerOverHttp1 } from './http1-handshake.ts'
import { Http2Carrier } from './http2-carrier.ts'
import type { UpgradeAnswer, UpgradeOffer } from './upgrade-offer.ts'

/** Offers one destination other protocols, over connections of its own, each of which ends with the last that it carries. */
export class Upgrader {
  readonly #origin: string
  readonly #connection: UpstreamConnection
  readonly #serverName: string | undefined
  #carriers: readonly Http2Carrier[] = []
  /** Whether the destination has said that HTTP/2 carries nothing else with it. */
  #isHttp1Only: boolean

  /** `serverName`: whom the certificate is for, where that is not the host of the origin. */
  constructor(origin: string, connection: UpstreamConnection, serverName?: string) {
    this.#origin = origin
    this.#serverName = serverName
    this.#connection = connectionTo(origin, connection)
    const { version } = connection
    this.#isHttp1Only = version === '1.1' || (version === 'negotiate' && !origin.startsWith('https:'))
  }

  /** Makes an offer. Rejects where the destination gives no proper answer, or the signal says that nobody waits for one. */
  async offer(offer: UpgradeOffer, signal: AbortSignal): Promise<UpgradeAnswer> {
    const way = await this.#wayFor(offer, signal)
    return way instanceof Http2Carrier ? way.offer(offer, signal) : offerOverHttp1(way, offer, signal)
  }

  async #wayFor({ protocol, onBegin }: UpgradeOffer, signal: AbortSignal): Promise<Http2Carrier | Socket> {
    const carrier = protocol === webSocket && this.#carriers.find(({ hasRoom }) => hasRoom)
    const startedAt = performance.now()
    // HTTP/2 has no other way for other protocols, and the answers of WebSockets alone can be told in the words of HTTP/1.1.
    const opened = carrier || (await (protocol === webSocket ? this.#open(signal) : this.#dialHttp1(signal)))
    onBegin(carrier ? 0 : performance.now() - startedAt)
    return opened
  }

  async #open(signal: AbortSignal): Promise<Http2Carrier | Socket> {
    if (this.#isHttp1Only) return this.#dialHttp1(signal)
    const mayFallBack = this.#connection.version === 'negotiate'
    const alpn: Alpn = mayFallBack ? ['h2', 'http/1.1'] : ['h2']
    const socket = await this.#dial(alpn, signal)
    const isHttp2 = !('alpnProtocol' in socket) || socket.alpnProtocol === 'h2'
    if (!isHttp2 && mayFallBack) return socket
    if (!isHttp2) throw this.#notCarried(socket)
    const carrier = await Http2Carrier.begin(socket, this.#origin, signal)
    if (carrier.takesOffers) {
      this.#carriers = [...this.#carriers.filter(({ hasRoom }) => hasRoom), carrier]
      return carrier
    }
    if (!mayFallBack) throw this.#notCarried(socket)
    carrier.close()
    this.#isHttp1Only = true
    return this.#dialHttp1(signal)
  }

  #notCarried(socket: Socket): Error {
    socket.destroy()
    return new UpstreamError('upgrade-not-carried', 'The upstream speaks no HTTP/2 that carries WebSockets')
  }

  #dialHttp1(signal: AbortSignal): Promise<Socket> {
    return this.#dial(['http/1.1'], signal)
  }

  #dial(alpn: Alpn, signal: AbortSignal): Promise<Socket> {
    return dial(this.#origin, this.#connection, { alpn, serverName: this.#serverName, signal })
  }
}
