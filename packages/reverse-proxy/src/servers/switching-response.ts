import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connectionOf } from '#src/edge/client-connection.ts'
import { headText } from './head-text.ts'
import type { ProtocolSwitch } from './protocol-switch.ts'

/** The answer to a request whose connection node:http has let go of, since it offers another protocol. The last one of its connection. */
export class SwitchingResponse extends ServerResponse implements ProtocolSwitch {
  readonly #connection: Socket
  /** What the client sent right behind its request. */
  readonly #early: Buffer

  constructor(request: IncomingMessage, early: Buffer) {
    super(request)
    this.#connection = request.socket
    this.#early = early
    this.shouldKeepAlive = false
    this.assignSocket(this.#connection)
    this.#connection.on('drain', this.#onDrain)
    // A client that leaves is only noticed by whoever reads. What it sends early waits in the socket.
    this.#connection.on('readable', nothing)
    this.#connection.once('end', this.#onEnd)
    this.once('finish', () => {
      this.#letGo()
      this.#connection.resume()
      connectionOf(this.#connection)?.end()
    })
  }

  switchProtocols(protocol: string, headers: string[]): Duplex {
    const socket = this.#connection
    this.#letGo()
    this.detachSocket(socket)
    this.statusCode = 101
    socket.once('close', () => this.emit('close'))
    // Each direction ends by itself.
    socket.allowHalfOpen = true
    const named = ['connection', 'Upgrade', 'upgrade', protocol, ...headers]
    socket.write(headText(101, named), 'latin1')
    if (this.#early.length > 0) socket.unshift(this.#early)
    return socket
  }

  #letGo(): void {
    this.#connection.off('drain', this.#onDrain)
    this.#connection.off('readable', nothing)
    this.#connection.off('end', this.#onEnd)
  }

  readonly #onDrain = (): void => void this.emit('drain')
  readonly #onEnd = (): void => void this.#connection.destroy()
}

const nothing = () => {}
