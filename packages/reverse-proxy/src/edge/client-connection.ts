import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Framing, RequestLines } from './request-lines.ts'

/** How long a client may go on sending what nobody reads, so that it gets to read its answer. */
const lingerMilliseconds = 2000

const connections = new WeakMap<Duplex, ClientConnection>()

/** One connection of a client, over all its requests. */
export class ClientConnection {
  readonly #lines = new RequestLines()
  readonly #socket: Socket
  readonly #take = (bytes: Buffer) => this.#lines.take(bytes)
  #latest: IncomingMessage | undefined
  #isPlain = true
  #answers: ServerResponse[] = []
  #isOver = false

  constructor(socket: Socket) {
    this.#socket = socket
    connections.set(socket, this)
    socket.prependListener('data', this.#take)
  }

  /** Whether nothing more that comes on it is served. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Those that are not sent yet: several where the client did not wait for them. */
  get answers(): readonly ServerResponse[] {
    this.#answers = this.#answers.filter((answer) => !answer.writableFinished && !answer.destroyed)
    return this.#answers
  }

  /** Whether a request, the latest one, begins where it must and with a plain line. An app may hand it on to another proxy, which asks too. */
  isPlain(request: IncomingMessage, framing: Framing): boolean {
    if (request !== this.#latest) {
      this.#latest = request
      this.#isPlain = this.#lines.next(request, framing)
    }
    return this.#isPlain
  }

  /** Of the first line of the next request, as far as it has come. */
  get lineLength(): number {
    return this.#lines.lineLength
  }

  begin(answer: ServerResponse): void {
    this.#answers = [...this.answers, answer]
  }

  /** Follows the bytes no longer: they are somebody else's, or nobody's. */
  leave(): void {
    this.#socket.off('data', this.#take)
  }

  /**
   * Serves nothing that follows (RFC 9112 §9.6): a client that sent on may have meant it as a part of what was refused. This
   * answer is the last.
   */
  closeAfter(answer: ServerResponse): void {
    this.#isOver = true
    this.leave()
    // Closing with unread bytes resets the connection, and the client loses the answer with it: first our half closes, and then all.
    this.#socket.destroySoon = () => this.end()
    // What said that the connection stays may be out already.
    if (answer.headersSent) answer.once('finish', () => this.end())
    else answer.shouldKeepAlive = false
  }

  /** Sends what is left to send, and closes. */
  end(bytes?: Uint8Array): void {
    const socket = this.#socket
    this.#isOver = true
    this.leave()
    if (bytes) socket.end(bytes)
    else socket.end()
    const timer = setTimeout(() => socket.destroy(), lingerMilliseconds)
    socket.once('close', () => clearTimeout(timer))
  }
}

/** The connection that a socket is of; `undefined` where no strict server made it. */
export const connectionOf = (socket: Duplex): ClientConnection | undefined => connections.get(socket)
