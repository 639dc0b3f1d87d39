import { EventEmitter } from 'node:events'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { isToken, isValue } from '#src/http1-syntax/characters.ts'
import type { ProtocolSwitch } from '#src/servers/protocol-switch.ts'
import { AnswerFault } from './answer-fault.ts'
import { httpDate } from './http-date.ts'
import type { Http1Connection } from './http1-connection.ts'
import type { Http1Request } from './http1-request.ts'

/** In bytes: a larger body is not made a text for the sake of one write. */
const mostJoined = 8192

type Framing = 'undecided' | 'none' | 'length' | 'chunked' | 'until close'

/**
 * An answer over HTTP/1.1. It has what the engine uses of Node's `ServerResponse`. Its head leaves together with the first of its body, or
 * with {@link flushHeaders}. Emits `drain`, `finish` when all of it was written, and `close`, also where the client left before.
 */
export class Http1Response extends EventEmitter implements ProtocolSwitch {
  /** Whether `Date` is added (RFC 9110 §6.6.1). */
  sendDate = true
  shouldKeepAlive: boolean
  statusCode = 200
  headersSent = false
  writableEnded = false
  writableFinished = false
  destroyed = false
  readonly #connection: Http1Connection
  readonly #isHead: boolean
  readonly #isOld: boolean
  #framing: Framing = 'undecided'
  /** Of a body of known length, in bytes. */
  #remaining = 0
  #head = ''
  #hasConnection = false
  #trailers = ''

  constructor({ method, httpVersion, fields }: Http1Request, connection: Http1Connection) {
    super()
    this.#connection = connection
    this.#isHead = method === 'HEAD'
    this.#isOld = httpVersion === '1.0'
    this.shouldKeepAlive = fields.keepsAlive
  }

  /** `headers`: names in lower case and values in turn, or an object. Throws {@link AnswerFault} where one would be more than it says (response splitting). */
  writeHead(
    status: number,
    message: string | HeadersObject,
    headers?: readonly string[] | HeadersObject,
  ): this {
    if (typeof message !== 'string') return this.writeHead(status, '', message)
    if (this.headersSent) throw new AnswerFault('The head of the answer was written before')
    this.headersSent = true
    this.statusCode = status
    if (!isValue.test(message)) throw new AnswerFault('The reason has a character that it may not have')
    this.#head = `HTTP/1.1 ${status} ${message || (STATUS_CODES[status] ?? '')}`
    const list = Array.isArray(headers) ? headers : Object.entries(headers ?? {}).flat()
    for (let index = 0; index < list.length; index += 2)
      this.#addHeader(list[index] as string, list[index + 1] as string)
    if (status < 200 || status === 204 || status === 304) this.#framing = 'none'
    return this
  }

  /** Sends an answer before the answer (RFC 9110 §15.2): names in lower case and values in turn. A client of HTTP/1.0 understands none. */
  writeInformation(status: number, headers: readonly string[]): void {
    if (this.#isOld || this.headersSent || this.destroyed) return
    this.#connection.write(interimHead(status, headers))
  }

  /**
   * Sends what changes nothing: a 100, which a client that did not ask for it drops (RFC 9110 §15.2.1), and within a body of chunks a zero before the size of
   * the next one (RFC 9112 §7.1).
   */
  probe(): void {
    if (this.#isOld || this.destroyed || this.writableEnded) return
    if (!this.headersSent) this.#connection.write(interimHead(100, []))
    else if (this.#framing === 'chunked') this.#connection.write('0')
  }

  /** Changes to another protocol (RFC 9110 §15.2.2). What the client has sent already comes first, and each direction ends by itself. */
  switchProtocols(protocol: string, headers: readonly string[]): Duplex {
    this.headersSent = true
    this.writableEnded = true
    this.statusCode = 101
    this.#connection.write(interimHead(101, ['connection', 'Upgrade', 'upgrade', protocol, ...headers]))
    return this.#connection.switchProtocols()
  }

  flushHeaders(): void {
    if (this.#head !== '') this.#connection.write(this.#takeHead(undefined))
  }

  /** `false` asks for a pause until `drain`. */
  write(chunk: Buffer | string): boolean {
    if (this.destroyed || this.writableEnded) return false
    if (!this.headersSent) this.writeHead(200, '')
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    if (bytes.length === 0 || this.#isHead || this.#framing === 'none') return true
    const head = this.#takeHead(undefined)
    this.#count(bytes.length)
    return this.#framing === 'chunked'
      ? this.#connection.write(`${head}${bytes.length.toString(16)}\r\n`, bytes, '\r\n')
      : this.#connection.write(head, bytes)
  }

  /** Ends the answer, with a body where that is at hand: a small one leaves in one write with its head. */
  end(body?: Buffer | string): this {
    if (this.writableEnded || this.destroyed) return this
    if (!this.headersSent) this.writeHead(200, '')
    this.writableEnded = true
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    if (this.#head !== '' && this.#trailers === '') this.#sendWhole(bytes)
    else this.#sendRest(bytes)
    return this
  }

  /** Names in lower case and values. They are sent where the body is chunked; call it before {@link end}. */
  addTrailers(trailers: readonly (readonly [string, string])[]): void {
    for (const [name, value] of trailers) this.#trailers += headerLine(name, value)
  }

  /** Cuts the connection, so that the client never takes the answer for whole. */
  destroy(): this {
    if (!this.destroyed) this.#connection.destroy()
    return this
  }

  /** Nothing more of it can be sent. */
  leave(): void {
    if (this.destroyed) return
    this.destroyed = true
    this.emit('close')
  }

  /** All of it was written. */
  finish(): void {
    this.writableFinished = true
    this.emit('finish')
    this.leave()
  }

  #addHeader(name: string, value: string): void {
    const line = headerLine(name, value)
    if (name === 'content-length') {
      this.#remaining = Number(value)
      if (this.#framing === 'undecided') this.#framing = this.#isHead ? 'none' : 'length'
    } else if (name === 'connection') {
      this.#hasConnection = true
      if (/(?:^|,)\s*close\s*(?:,|$)/i.test(value)) this.shouldKeepAlive = false
    } else if (name === 'date') this.sendDate = false
    this.#head += line
  }

  /** The head, once. `length`: of the body, where all of it is known. */
  #takeHead(length: number | undefined): string {
    let head = this.#head
    if (head === '') return head
    this.#head = ''
    head += this.#framingLine(length)
    if (this.sendDate) head += `\r\ndate: ${httpDate()}`
    if (!this.#hasConnection)
      head += this.shouldKeepAlive
        ? '\r\nconnection: keep-alive\r\nkeep-alive: timeout=65'
        : '\r\nconnection: close'
    return `${head}\r\n\r\n`
  }

  #framingLine(length: number | undefined): string {
    if (this.#framing !== 'undecided') return ''
    if (this.#isHead) {
      // What HEAD asked for says nothing of a length that nobody named.
      this.#framing = 'none'
      return ''
    }
    if (length !== undefined) {
      this.#framing = 'length'
      this.#remaining = length
      return `\r\ncontent-length: ${length}`
    }
    if (!this.#isOld) {
      this.#framing = 'chunked'
      return '\r\ntransfer-encoding: chunked'
    }
    // A client of HTTP/1.0 knows no chunks: the end of the connection ends the body (RFC 9112 §6.3).
    this.#framing = 'until close'
    this.shouldKeepAlive = false
    return ''
  }

  #sendWhole(bytes: Buffer | undefined): void {
    const head = this.#takeHead(bytes?.length ?? 0)
    const body = this.#framing === 'none' || bytes?.length === 0 ? undefined : bytes
    this.#count(body?.length ?? 0)
    if (this.#isShort()) this.destroy()
    else if (body && body.length > mostJoined) this.#connection.writeWhole(head, body)
    else this.#connection.writeWhole(body ? head + body.toString('latin1') : head)
  }

  #sendRest(bytes: Buffer | undefined): void {
    const head = this.#takeHead(undefined)
    const body = this.#framing === 'none' || bytes?.length === 0 ? undefined : bytes
    if (this.#framing === 'chunked') {
      const last = `0${this.#trailers}\r\n\r\n`
      if (body) this.#connection.write(`${head}${body.length.toString(16)}\r\n`, body, `\r\n${last}`)
      else this.#connection.write(head + last)
    } else {
      this.#count(body?.length ?? 0)
      if (head !== '' || body) this.#connection.write(head, body)
    }
    if (this.#isShort()) this.destroy()
    else this.#connection.answerWritten()
  }

  /** Whether bytes lack that were promised: the client would wait for them, or take the next answer for them. */
  #isShort(): boolean {
    return this.#framing === 'length' && this.#remaining !== 0
  }

  /** Bytes beyond what was promised would be read as the next answer. */
  #count(length: number): void {
    if (this.#framing !== 'length') return
    this.#remaining -= length
    if (this.#remaining < 0) throw new AnswerFault('The body of the answer is longer than it promised')
  }
}

function interimHead(status: number, headers: readonly string[]): string {
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`
  for (let index = 0; index < headers.length; index += 2)
    text += headerLine(headers[index] as string, headers[index + 1] as string)
  return `${text}\r\n\r\n`
}

type HeadersObject = Readonly<Record<string, string>>

/** How a header line begins, by its name. Names come again and again: each is looked at once, and its text made once. */
const beginnings = new Map<string, string>()
const mostBeginnings = 2000

function headerLine(name: string, value: string): string {
  const beginning = beginnings.get(name) ?? beginLine(name)
  if (!isValue.test(value)) throw new AnswerFault(`The header ${name} has a character that it may not have`)
  return beginning + value
}

function beginLine(name: string): string {
  if (!isToken.test(name) || name !== name.toLowerCase()) throw new AnswerFault('A header has no proper name')
  const beginning = `\r\n${name}: `
  if (beginnings.size < mostBeginnings) beginnings.set(name, beginning)
  return beginning
}
