import type { Socket } from 'node:net'
import type { SocketOpener } from './open-socket.ts'
import { RequestBody } from './request-body.ts'
import { ResponseParser, type ResponseSink } from './response-parser.ts'
import { connectTicks, ticksOf } from './ticks.ts'
import { asUpstreamError, UpstreamError } from './upstream-error.ts'
import type { Carrier, UpstreamExchange } from './upstream-exchange.ts'

/** Whom a connection tells how it is. */
export type ConnectionOwner = {
  /** It can take another exchange. */
  onFree(connection: Connection): void
  /** It is no more. `unserved` is for a new connection. */
  onGone(connection: Connection, unserved: UpstreamExchange | undefined): void
}

const readBytes = 65_536
/** A read into less room than this costs more than the rest of the buffer is worth. */
const leastReadBytes = 16_384

/**
 * One socket, one exchange at a time: nothing is pipelined, a slow answer blocks no other. The socket reads into a buffer of ours, without
 * a stream between; slices of the buffer go to the listener and are never written over.
 */
export class Connection implements ResponseSink, Carrier {
  /** Counted down by the pool; what it means depends on what is under way. */
  ticksLeft = connectTicks
  /** Whether bytes may be waiting that this turn of the event loop has not read. */
  isFresh = false
  readonly #owner: ConnectionOwner
  readonly #socket: Socket
  readonly #parser = new ResponseParser(this)
  #buffer = Buffer.allocUnsafeSlow(readBytes)
  #exchange: UpstreamExchange | undefined
  #body: RequestBody | undefined
  #isConnected = false
  #connectMilliseconds = 0
  #isDead = false
  #isPaused = false
  /** Whether the request at work has been written, if only in part. */
  #hasBegun = false
  #hasServed = false
  #hasAnswered = false
  #wasHandedOn = false

  /** Connects, for an exchange that waits for it. */
  constructor(owner: ConnectionOwner, opener: SocketOpener, exchange: UpstreamExchange) {
    this.#owner = owner
    this.take(exchange)
    const openedAt = performance.now()
    this.#socket = opener.open({
      buffer: () => this.#buffer,
      callback: (size, bytes) => this.#onRead(bytes as Buffer, size),
    })
    this.#socket.once(opener.readyEvent, () => {
      this.#connectMilliseconds = performance.now() - openedAt
      this.#onConnected()
    })
    this.#socket.on('drain', () => this.#body?.drained())
    this.#socket.on('error', (error) => this.#onClosed(error))
    this.#socket.on('end', () => this.#onClosed(undefined))
    this.#socket.on('close', () => this.#onClosed(undefined))
  }

  /** Binds an exchange to it; {@link begin} sends it. */
  take(exchange: UpstreamExchange): void {
    this.#exchange = exchange
    exchange.carrier = this
  }

  /** Sends the exchange that it took, where that is still wanted. */
  begin(): void {
    const exchange = this.#exchange
    if (!exchange) return
    const { body, method } = exchange.request
    this.#hasBegun = true
    this.ticksLeft = exchange.activityTicks
    exchange.listener.onBegin?.(this.#hasServed ? 0 : this.#connectMilliseconds)
    this.#parser.begin(method === 'HEAD')
    if (body === undefined) {
      this.#socket.write(exchange.head, 'latin1')
      return
    }
    if (Buffer.isBuffer(body)) {
      this.#socket.cork()
      this.#socket.write(exchange.head, 'latin1')
      this.#socket.write(body)
      this.#socket.uncork()
      return
    }
    this.#body = new RequestBody(this.#socket, body, exchange.length, this)
    this.#body.start(exchange.head, exchange.request.awaitsContinue === true)
  }

  /** Ends with what was under way. */
  close(error?: Error): void {
    const exchange = this.#exchange
    this.#destroy(undefined)
    if (error) exchange?.fail(error)
  }

  drop(): void {
    this.#destroy(undefined)
  }

  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#onActivity()
    this.#socket.resume()
  }

  /** Its time is over. */
  expire(): void {
    const isTaken = this.#exchange && !this.#hasBegun && this.#isConnected
    if (!isTaken) this.close(this.#whyExpired())
  }

  onBodyProgress(): void {
    this.#onActivity()
  }

  onBodyFailed(error: Error): void {
    this.close(error)
  }

  onInformation(status: number, rawHeaders: string[]): void {
    if (status === 100) this.#body?.wanted()
    else this.#exchange?.listener.onInformation?.(status, rawHeaders)
  }

  onHeaders(status: number, rawHeaders: string[], reason: string): void {
    this.#body?.answered()
    this.#exchange?.listener.onHeaders(status, rawHeaders, reason)
  }

  onBody(chunk: Buffer): void {
    this.#wasHandedOn = true
    // What one read brought is handed on even so: a pause holds back the next read.
    if (this.#exchange?.listener.onData(chunk) === false) this.#isPaused = true
  }

  onTrailers(rawTrailers: string[]): void {
    this.#exchange?.listener.onTrailers?.(rawTrailers)
  }

  onComplete(): void {
    const exchange = this.#exchange
    if (!exchange) return
    if (this.#mayServeAgain(exchange)) this.#setFree()
    else this.#destroy(undefined)
    exchange.end()
  }

  #mayServeAgain({ request }: UpstreamExchange): boolean {
    // Some upstreams send a body after all where there must be none; after HEAD they are many enough to be certain (as undici is).
    if (request.method === 'HEAD' || !this.#parser.framing.keepAlive) return false
    // An early answer (RFC 9110 §15.5.14, RFC 9112 §9.3): the rest of the request would be read as the next one.
    return (this.#body?.isWritten ?? true) && this.#socket.writableLength === 0
  }

  #setFree(): void {
    this.#exchange = undefined
    this.#body?.stop()
    this.#body = undefined
    this.#hasBegun = false
    this.#hasAnswered = false
    this.#hasServed = true
    this.ticksLeft = ticksOf(this.#parser.framing.idleMilliseconds)
    if (this.#isPaused) {
      this.#isPaused = false
      this.#socket.resume()
    }
    this.#owner.onFree(this)
  }

  /** Health counts what the upstream does: a client that stalls is not its fault. */
  #whyExpired(): Error {
    if (!this.#isConnected)
      return new UpstreamError('upstream-connect-timeout', 'The upstream takes no connection')
    if (this.#isPaused)
      return new UpstreamError('response-body-stalled', 'The client takes nothing of the answer')
    if (this.#body?.isStarved)
      return new UpstreamError('request-body-stalled', 'The client sends nothing of its body')
    return new UpstreamError('upstream-activity-timeout', 'The upstream neither takes nor sends anything')
  }

  #onActivity(): void {
    if (this.#exchange && this.#hasBegun) this.ticksLeft = this.#exchange.activityTicks
  }

  #onConnected(): void {
    if (this.#isDead) return
    this.#isConnected = true
    this.begin()
  }

  /** Gives whether to read on. */
  #onRead(bytes: Buffer, size: number): boolean {
    const exchange = this.#exchange
    // Nobody asked: whatever this is, it must not be taken for the answer to what is asked next (GW-61).
    if (!exchange || !this.#hasBegun) {
      this.#onClosed(undefined)
      return false
    }
    this.ticksLeft = exchange.activityTicks
    this.#hasAnswered = true
    this.#wasHandedOn = false
    try {
      this.#parser.read(bytes, 0, size)
    } catch (error) {
      this.#destroy(undefined)
      // What a listener throws after its end is its own affair.
      if (!exchange.fail(asUpstreamError(error))) throw error
    }
    if (this.#wasHandedOn) this.#buffer = rest(bytes, size)
    return !this.#isPaused
  }

  #onClosed(cause: Error | undefined): void {
    if (this.#isDead) return
    const exchange = this.#exchange
    if (exchange && !cause && this.#hasBegun && this.#parser.end()) this.onComplete()
    else if (exchange && this.#mayRepeat(exchange)) this.#destroy(exchange)
    else {
      this.#destroy(undefined)
      exchange?.fail(!this.#isConnected && cause ? cause : closed(cause))
    }
  }

  /** The upstream may have let go of an idle connection in the moment in which we used it: nobody's fault, and mostly nobody's loss. */
  #mayRepeat(exchange: UpstreamExchange): boolean {
    if (!this.#hasServed || this.#hasAnswered) return false
    // Never twice: it goes to a new connection, which has served nobody.
    return !this.#hasBegun || exchange.mayRepeat
  }

  #destroy(unserved: UpstreamExchange | undefined): void {
    if (this.#isDead) return
    this.#isDead = true
    this.#exchange = undefined
    this.#parser.stop()
    this.#body?.stop()
    this.#socket.destroy()
    this.#owner.onGone(this, unserved)
  }
}

/** Room for the next read, behind bytes that somebody may still hold. */
function rest(bytes: Buffer, used: number): Buffer<ArrayBuffer> {
  return bytes.length - used < leastReadBytes
    ? Buffer.allocUnsafeSlow(readBytes)
    : (bytes.subarray(used) as Buffer<ArrayBuffer>)
}

const closed = (cause: Error | undefined) =>
  new UpstreamError(
    'upstream-connection-closed',
    'The upstream closed the connection before its answer was complete',
    { cause },
  )
