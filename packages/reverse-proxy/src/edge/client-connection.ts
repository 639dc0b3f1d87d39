import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Framing, RequestLines } from './request-lines.ts'

/** How long a client may go on sending what nobody reads, so that it gets to read its answer. */
const lingerMilliseconds = 2000
/** A client that sends more requests than this without waiting is not read until it has answers. */
const mostWaiting = 16

const connections = new WeakMap<Duplex, ClientConnection>()

/** One connection of a client, over all its requests. */
export class ClientConnection {
  readonly #lines = new RequestLines()
  readonly #socket: Socket
  /** Those that were looked at, with whether they begin where they must and with a plain line. */
  readonly #plain = new WeakMap<IncomingMessage, boolean>()
  #answers: ServerResponse[] = []
  /** The parser stops behind it, and forgets what else it was given. */
  #lastParsed: IncomingMessage | undefined
  /** How many bytes come a second time. */
  #repeated = 0
  /** Whether it is we who read no further. */
  #isHeld = false
  #isOver = false

  constructor(socket: Socket) {
    this.#socket = socket
    connections.set(socket, this)
    socket.prependListener('data', this.#take)
    socket.on('data', this.#onTaken)
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

  /** The parser has read a request's head: call it for each, in their order. */
  parsed(request: IncomingMessage): void {
    if (!this.#plain.has(request)) this.#plain.set(request, this.#lines.next(request, framingOf(request)))
  }

  /**
   * The parser stops behind this request, whose offer of another protocol is not taken, and forgets what else it was given in the same piece. It is
   * given that again.
   */
  parsesNoFurther(request: IncomingMessage): void {
    this.parsed(request)
    this.#lastParsed = request
  }

  /** Whether a request begins where it must and with a plain line. */
  isPlain(request: IncomingMessage): boolean {
    return this.#plain.get(request) === true
  }

  /** Of the first line of the next request, as far as it has come. */
  get lineLength(): number {
    return this.#lines.lineLength
  }

  /**
   * Serves a request when those before it have their answers. A client that does not wait gets no more at once than one that does, and what changes
   * something takes place in the order in which it was asked for (RFC 9112 §9.3.2).
   */
  serve(answer: ServerResponse, serve: () => void): void {
    const before = this.answers
    const last = before.at(-1)
    // An app may hand a request on to another proxy, which asks too.
    const isKnown = before.includes(answer)
    if (!isKnown) this.#answers = [...before, answer]
    if (!last || isKnown) {
      serve()
      return
    }
    last.once('close', () => {
      if (this.#isHeld && this.answers.length <= mostWaiting) this.#socket.resume()
      // Whoever left wants none of them.
      if (!this.#isOver && !this.#socket.destroyed) serve()
    })
  }

  /** Follows the bytes no longer: they are somebody else's, or nobody's. */
  leave(): void {
    this.#socket.off('data', this.#take)
    this.#socket.off('data', this.#onTaken)
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

  /** Before the parser. */
  readonly #take = (bytes: Buffer): void => {
    this.#isHeld = false
    const known = Math.min(this.#repeated, bytes.length)
    this.#repeated -= known
    this.#lines.take(bytes.subarray(known))
  }

  /** Behind the parser. */
  readonly #onTaken = (): void => {
    if (this.#lastParsed?.complete && !this.#isOver) {
      this.#lastParsed = undefined
      this.#repeat(this.#lines.held)
    }
    if (this.#answers.length > mostWaiting && this.answers.length > mostWaiting) this.#isHeld = this.#pause()
  }

  /** Not at once: of requests that are each the last one parsed there may be more in one piece than calls go deep. */
  #repeat(bytes: Buffer): void {
    if (bytes.length === 0) return
    const wasFlowing = this.#pause()
    this.#repeated = bytes.length
    this.#socket.unshift(bytes)
    if (wasFlowing) this.#socket.resume()
  }

  /** Gives whether it was flowing: what the server itself has paused, it alone may resume. */
  #pause(): boolean {
    const isFlowing = this.#socket.readableFlowing === true
    if (isFlowing) this.#socket.pause()
    return isFlowing
  }
}

/** As the parser reads it, which refuses what says its length in two ways. */
function framingOf({ headers }: IncomingMessage): Framing {
  if (headers['transfer-encoding'] !== undefined) return { body: 'chunked', contentLength: 0 }
  const contentLength = Number(headers['content-length'] ?? 0)
  return { body: contentLength > 0 ? 'length' : 'none', contentLength }
}

/** The connection that a socket is of; `undefined` where no strict server made it. */
export const connectionOf = (socket: Duplex): ClientConnection | undefined => connections.get(socket)
