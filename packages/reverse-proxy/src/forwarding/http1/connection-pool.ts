import { Connection, type ConnectionOwner } from './connection.ts'
import type { SocketOpener } from './open-socket.ts'
import { tickMilliseconds, ticksOf } from './ticks.ts'
import { UpstreamError } from './upstream-error.ts'
import type { Carrier, UpstreamExchange } from './upstream-exchange.ts'

/** More than this and longer than this nobody waits: an upstream that is behind gets no further behind (GW-28). */
const mostWaiting = 1024
const waitingTicks = ticksOf(15_000)

/** Connections to one destination. Idle ones are used last in, first out, so that those that are too many grow old and go. */
export class ConnectionPool implements ConnectionOwner, Carrier {
  readonly #opener: SocketOpener
  readonly #mostConnections: number
  readonly #connections = new Set<Connection>()
  readonly #idle: Connection[] = []
  /** In the order in which they came. */
  readonly #waiting = new Set<UpstreamExchange>()
  /** Have an exchange that is not sent yet. */
  #taken: Connection[] = []
  /** Became free in this turn of the event loop. */
  #fresh: Connection[] = []
  #isTurning = false
  #ticker: NodeJS.Timeout | undefined
  #closing: PromiseWithResolvers<void> | undefined

  constructor(opener: SocketOpener, mostConnections: number) {
    this.#opener = opener
    this.#mostConnections = mostConnections
  }

  send(exchange: UpstreamExchange): void {
    const connection = this.#idle.pop()
    if (this.#closing) this.#refuse(exchange, 'forwarder-closed', 'The forwarder is closed')
    else if (connection) this.#assign(connection, exchange)
    else if (this.#connections.size < this.#mostConnections) this.#open(exchange)
    else if (this.#waiting.size < mostWaiting) this.#enqueue(exchange)
    else this.#refuse(exchange, 'upstream-queue-full', 'Too many requests wait for a connection')
  }

  close(): Promise<void> {
    this.#closing ??= Promise.withResolvers<void>()
    for (const connection of this.#idle.slice()) connection.close()
    this.#settle()
    return this.#closing.promise
  }

  drop(exchange: UpstreamExchange): void {
    this.#waiting.delete(exchange)
    this.#settle()
  }

  /** Nothing flows to one that waits. */
  resume(): void {}

  onFree(connection: Connection): void {
    connection.isFresh = true
    this.#fresh.push(connection)
    this.#turn()
    const next = this.#nextWaiting()
    if (next) this.#assign(connection, next)
    else if (this.#closing) connection.close()
    else this.#idle.push(connection)
  }

  onGone(connection: Connection, unserved: UpstreamExchange | undefined): void {
    this.#connections.delete(connection)
    const index = this.#idle.lastIndexOf(connection)
    if (index !== -1) this.#idle.splice(index, 1)
    const next = unserved ?? this.#nextWaiting()
    if (next) this.#open(next)
    this.#settle()
  }

  #open(exchange: UpstreamExchange): void {
    this.#connections.add(new Connection(this, this.#opener, exchange))
    this.#ticker ??= setInterval(() => this.#tick(), tickMilliseconds).unref()
  }

  #enqueue(exchange: UpstreamExchange): void {
    exchange.carrier = this
    exchange.ticksLeft = waitingTicks
    this.#waiting.add(exchange)
  }

  /** Takes who has waited longest out of the queue. */
  #nextWaiting(): UpstreamExchange | undefined {
    if (this.#waiting.size === 0) return undefined
    const [next] = this.#waiting
    if (next) this.#waiting.delete(next)
    return next
  }

  #assign(connection: Connection, exchange: UpstreamExchange): void {
    connection.take(exchange)
    this.#taken.push(connection)
    this.#turn()
  }

  #turn(): void {
    if (this.#isTurning) return
    this.#isTurning = true
    setImmediate(this.#onTurn)
  }

  /**
   * Runs behind the poll in which sockets are read. Bytes or an end that lay unread on a used connection have been read by then, and the
   * connection is gone: they are never taken for an answer to what is sent now. One that became free in this very turn has not been looked
   * at since, and waits for the next.
   */
  readonly #onTurn = (): void => {
    const taken = this.#taken
    const fresh = this.#fresh
    this.#isTurning = false
    if (taken.length > 0) this.#taken = []
    if (fresh.length > 0) this.#fresh = []
    for (const connection of taken) {
      if (connection.isFresh) this.#taken.push(connection)
      else connection.begin()
    }
    for (const connection of fresh) connection.isFresh = false
    if (this.#taken.length > 0) this.#turn()
  }

  #tick(): void {
    for (const connection of this.#connections) if (--connection.ticksLeft <= 0) connection.expire()
    for (const exchange of this.#waiting) {
      if (--exchange.ticksLeft > 0) continue
      exchange.abort(new UpstreamError('upstream-queue-timeout', 'No connection became free in time'))
    }
  }

  /** Not at once: whoever sends has not been given its flow yet. */
  #refuse(exchange: UpstreamExchange, code: UpstreamError['code'], message: string): void {
    process.nextTick(() => exchange.fail(new UpstreamError(code, message)))
  }

  #settle(): void {
    if (this.#connections.size > 0 || this.#waiting.size > 0) return
    clearInterval(this.#ticker)
    this.#ticker = undefined
    this.#closing?.resolve()
  }
}
