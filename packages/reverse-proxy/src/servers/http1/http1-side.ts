import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type ConnectionOwner, Http1Connection } from './http1-connection.ts'
import { RequestHead } from './request-head.ts'
import { tickMilliseconds } from './ticks.ts'

/** The HTTP/1.1 side, for sockets that are handed to it; they must stay open for writing when the client has ended (`allowHalfOpen`). */
export class Http1Side implements ConnectionOwner {
  isClosing = false
  readonly onRequest: ConnectionOwner['onRequest']
  readonly #connections = new Set<Http1Connection>()
  #head = new RequestHead()
  /** Have a whole answer to send. */
  #answering: Http1Connection[] = []
  #ticker: NodeJS.Timeout | undefined
  readonly #ended = Promise.withResolvers<void>()

  constructor(onRequest: (request: IncomingMessage, response: ServerResponse) => void) {
    // Requests and answers have what the engine uses of Node's.
    this.onRequest = onRequest as unknown as ConnectionOwner['onRequest']
  }

  readonly accept = (socket: Socket): void => {
    this.#connections.add(new Http1Connection(socket, this))
    this.#ticker ??= setInterval(() => this.#tick(), tickMilliseconds).unref()
  }

  freshHead(): RequestHead {
    this.#head.reset()
    return this.#head
  }

  giveHead(): void {
    this.#head = new RequestHead()
  }

  /**
   * Answers leave together when the turn ends, behind the poll in which sockets are read. Each write wakes whoever reads on the other side; of
   * several in a row only the first one has to, and that is most of what a write costs.
   */
  onAnswer(connection: Http1Connection): void {
    if (this.#answering.push(connection) === 1) setImmediate(this.#sendAnswers)
  }

  readonly #sendAnswers = (): void => {
    const answering = this.#answering
    this.#answering = []
    for (const connection of answering) connection.sendWhole()
  }

  onGone(connection: Http1Connection): void {
    this.#connections.delete(connection)
    if (this.#connections.size === 0) this.#settle()
  }

  /**
   * Closes each connection behind the answer that is under way on it, and those that are idle after so long, since a request may be on its way
   * on them: its answer is then the last.
   */
  drain(idleGraceMilliseconds: number): void {
    this.isClosing = true
    const drainIdle = () => {
      for (const connection of this.#connections) connection.drain()
    }
    if (idleGraceMilliseconds === 0) drainIdle()
    else setTimeout(drainIdle, idleGraceMilliseconds).unref()
    if (this.#connections.size === 0) this.#settle()
  }

  /** Cuts what is still open. */
  destroy(): void {
    for (const connection of this.#connections) connection.destroy()
  }

  /** Resolves when it is drained and no connection is left. */
  ended(): Promise<void> {
    return this.#ended.promise
  }

  #tick(): void {
    for (const connection of this.#connections) if (--connection.ticksLeft < 0) connection.expire()
  }

  #settle(): void {
    clearInterval(this.#ticker)
    this.#ticker = undefined
    if (this.isClosing) this.#ended.resolve()
  }
}
