import type { Socket } from 'node:net'
import { MessageFault } from '#src/http1-syntax/message-fault.ts'
import { Http1Request } from './http1-request.ts'
import { Http1Response } from './http1-response.ts'
import { ListeningProbe } from './listening-probe.ts'
import { RememberedFields } from './remembered-fields.ts'
import { RequestBodyReader } from './request-body-reader.ts'
import type { RequestHead } from './request-head.ts'
import { faultRefusal, slowHeadRefusal } from './syntax-refusals.ts'
import { headTicks, idleTicks, lingerTicks } from './ticks.ts'

/** Whom a connection serves. */
export type ConnectionOwner = {
  /** Whether nothing new is served. */
  readonly isClosing: boolean
  /** For a head that comes in one piece: the same for all connections, since no such head is ever half read. */
  freshHead(): RequestHead
  /** The fresh head is half read, and its connection keeps it. */
  giveHead(): void
  onRequest(request: Http1Request, response: Http1Response): void
  /** It has a whole answer to send, together with those of other connections. */
  onAnswer(connection: Http1Connection): void
  onGone(connection: Http1Connection): void
}

/** In bytes, of what a client sends on before it has its answer: beyond this it has to wait. */
const mostHeld = 65_536
const nothing = Buffer.alloc(0)

/**
 * One connection of a client. Its requests are served one after the other: those that it sends without waiting lie here until their turn,
 * so that answers keep their order and nobody has more than one at work on a connection (RFC 9112 §9.3.2).
 */
export class Http1Connection {
  /** Counted down by the server; what it means depends on what is under way. */
  ticksLeft = headTicks
  readonly #socket: Socket
  readonly #owner: ConnectionOwner
  /** Of a request that comes in pieces. */
  #head: RequestHead | undefined
  /** From the second request on. */
  #remembered: RememberedFields | undefined
  #request: Http1Request | undefined
  #response: Http1Response | undefined
  /** While not all of the body has come. */
  #body: RequestBodyReader | undefined
  #held: Buffer = nothing
  /** An answer that is sent at the end of this turn. */
  #whole = ''
  #wholeBody: Buffer | undefined
  #hasServed = false
  #isAnswered = false
  #isContinued = false
  /** Whether nothing more that comes is served. */
  #isOver = false
  /** While the client has closed its sending half, and a request of it is at work. */
  #probe: ListeningProbe | undefined

  constructor(socket: Socket, owner: ConnectionOwner) {
    this.#socket = socket
    this.#owner = owner
    socket.on('data', this.#onData)
    socket.on('end', this.#onEnd)
    socket.on('drain', this.#onDrain)
    socket.on('error', ignore)
    socket.on('close', this.#onClose)
  }

  /** Closes it, where no request is at work. One that is at work is its last. */
  drain(): void {
    if (!this.#request) this.end()
  }

  /** Its time is over. */
  expire(): void {
    if (this.#isOver) this.#socket.destroy()
    else if (this.#head || !this.#hasServed) this.end(slowHeadRefusal())
    else this.end()
  }

  /**
   * Serves nothing that follows (RFC 9112 §9.6). To close with unread bytes would reset the connection, and the client could lose what was
   * sent last: first our half closes, and then all.
   */
  end(bytes?: Buffer): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#held = nothing
    this.ticksLeft = lingerTicks
    if (bytes) this.#socket.end(bytes)
    else this.#socket.end()
    this.#socket.resume()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** The request's body is asked for. */
  readBody(): void {
    const body = this.#body
    if (!body) return
    if (this.#request?.fields.expectsContinue && !this.#isContinued && !this.#response?.headersSent) {
      this.#isContinued = true
      this.#socket.write('HTTP/1.1 100 Continue\r\n\r\n', 'latin1')
    }
    if (!body.isFull) return
    body.isFull = false
    this.#socket.resume()
  }

  /** Sends a part of the answer: text, bytes, and text again. `false` asks for a pause. */
  write(text: string, bytes?: Buffer, end?: string): boolean {
    const socket = this.#socket
    if (!bytes) return socket.write(text, 'latin1')
    if (text === '' && end === undefined) return socket.write(bytes)
    socket.cork()
    if (text !== '') socket.write(text, 'latin1')
    let takesMore = socket.write(bytes)
    if (end !== undefined) takesMore = socket.write(end, 'latin1')
    socket.uncork()
    return takesMore
  }

  /** Sends an answer that is here from head to end, at the end of this turn of the event loop. */
  writeWhole(text: string, body?: Buffer): void {
    this.#whole = text
    this.#wholeBody = body
    this.#owner.onAnswer(this)
  }

  /** This turn has ended. */
  sendWhole(): void {
    if (this.#whole === '' || this.#socket.destroyed) return
    this.write(this.#whole, this.#wholeBody)
    this.#whole = ''
    this.#wholeBody = undefined
    if (!this.#socket.writableNeedDrain) this.finishAnswer()
  }

  /** All of the answer was given to the socket. What that does not take at once it takes before another request is looked at. */
  answerWritten(): void {
    if (!this.#socket.writableNeedDrain) process.nextTick(finishAnswer, this)
  }

  finishAnswer(): void {
    const response = this.#response
    if (!response?.writableEnded || response.destroyed) return
    const request = this.#request as Http1Request
    this.#isAnswered = true
    response.finish()
    if (!response.shouldKeepAlive || this.#owner.isClosing || this.#isUncertain(request)) this.end()
    else if (request.complete) this.#goOn()
    else request.resume()
  }

  /** Whether the client, which asked first, sends its body now that it has an answer: nobody knows (RFC 9110 §10.1.1). */
  #isUncertain({ fields, complete }: Http1Request): boolean {
    return fields.expectsContinue && !complete && !this.#isContinued
  }

  /** Takes the socket out of HTTP, with all that came behind the request. */
  switchProtocols(): Socket {
    const socket = this.#socket
    const response = this.#response
    this.#isOver = true
    socket.pause()
    socket.off('data', this.#onData)
    socket.off('end', this.#onEnd)
    socket.off('drain', this.#onDrain)
    socket.off('close', this.#onClose)
    socket.once('close', () => response?.leave())
    // What came early cannot be put back before an end that was read.
    if (this.#held.length > 0 && socket.readableEnded) socket.destroy()
    else if (this.#held.length > 0) socket.unshift(this.#held)
    this.#held = nothing
    this.#probe?.stop()
    this.#owner.onGone(this)
    return socket
  }

  readonly #onData = (bytes: Buffer): void => {
    if (this.#isOver) return
    if (this.#request && !this.#body) this.#hold(bytes)
    else this.#read(bytes)
  }

  /** The client sends no more. It gets the answers to what it has sent, as long as it listens (docs/adr/0028). */
  readonly #onEnd = (): void => {
    if (this.#head || this.#body) this.#refuse(faultRefusal('message-malformed'))
    else if (this.#response) {
      if (this.#held.length === 0) this.#response.shouldKeepAlive = false
      this.#probe = new ListeningProbe(() => this.#response?.probe())
    } else this.end()
  }

  readonly #onDrain = (): void => {
    if (this.#response?.writableEnded) this.finishAnswer()
    else this.#response?.emit('drain')
  }

  readonly #onClose = (): void => {
    this.#isOver = true
    this.#probe?.stop()
    this.#owner.onGone(this)
    this.#abandon()
  }

  /** Reads on until all was taken, or what is left has to wait for an answer. */
  #read(bytes: Buffer): void {
    let position = 0
    try {
      while (position < bytes.length && !this.#isOver) {
        if (this.#body) position = this.#readBody(this.#body, bytes, position)
        else if (this.#request) position = this.#hold(bytes.subarray(position)) + position
        else position = this.#readHead(bytes, position)
      }
    } catch (error) {
      if (!(error instanceof MessageFault)) throw error
      this.#refuse(faultRefusal(error.code))
    }
  }

  #readHead(bytes: Buffer, start: number): number {
    if (this.#hasServed) this.#remembered ??= new RememberedFields()
    const head = this.#head ?? this.#owner.freshHead()
    const next = head.read(bytes, start, bytes.length, this.#head ? undefined : this.#remembered)
    if (next === -1) {
      this.#keep(head)
      return bytes.length
    }
    this.#head = undefined
    this.#begin(new Http1Request(head, this.#socket, this))
    return next
  }

  #keep(head: RequestHead): void {
    if (this.#head) return
    this.#head = head
    this.#owner.giveHead()
    this.ticksLeft = headTicks
  }

  #begin(request: Http1Request): void {
    const { framing } = request.fields
    const response = new Http1Response(request, this)
    this.#request = request
    this.#response = response
    this.#isAnswered = false
    this.#isContinued = false
    this.ticksLeft = Number.POSITIVE_INFINITY
    if ('status' in framing || framing.body === 'none') request.complete = true
    else this.#body = new RequestBodyReader(request, framing)
    this.#owner.onRequest(request, response)
  }

  #readBody(body: RequestBodyReader, bytes: Buffer, start: number): number {
    const position = body.read(bytes, start, bytes.length)
    if (this.#request?.complete) {
      this.#body = undefined
      if (this.#isAnswered) this.#goOn()
    } else if (body.isFull) this.#socket.pause()
    return position
  }

  /** Gives how much it took. */
  #hold(bytes: Buffer): number {
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes])
    if (this.#held.length > mostHeld) this.#socket.pause()
    return bytes.length
  }

  /** Turns to the next request. */
  #goOn(): void {
    this.#request = undefined
    this.#response = undefined
    this.#hasServed = true
    this.ticksLeft = idleTicks
    const held = this.#held
    if (held.length > 0) {
      this.#held = nothing
      if (held.length > mostHeld) this.#socket.resume()
      this.#read(held)
    }
    // Nothing follows what it had sent before it closed its half.
    if (this.#probe && !this.#request) this.#onEnd()
  }

  /** Ends with what was under way, for a reason of the client's. */
  #refuse(answer: Buffer): void {
    if (this.#response?.headersSent) this.destroy()
    else this.end(answer)
    this.#abandon()
  }

  #abandon(): void {
    this.#response?.leave()
    if (this.#request?.complete === false) this.#request.destroy()
  }
}

function finishAnswer(connection: Http1Connection): void {
  connection.finishAnswer()
}

/** What goes wrong on a connection is its client's own affair; that it is gone is told by `close`. */
const ignore = () => {}
