import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import type { EdgeRefusal } from '#src/edge/edge-refusal.ts'
import { type Framing, readFraming } from '#src/edge/framing.ts'
import type { Http1Connection } from './http1-connection.ts'
import type { RequestHead } from './request-head.ts'

/** A request over HTTP/1.1. It has what the engine uses of Node's `IncomingMessage`; read as a stream, it gives its body. */
export class Http1Request extends Readable {
  readonly method: string
  /** The target, as it was written. */
  readonly url: string
  /** `1.1`, `1.0`, or one that is not served. */
  readonly httpVersion: string
  /** Names and values in turn, as they were written. */
  readonly rawHeaders: string[]
  readonly socket: Socket
  /** A refusal where it cannot be told how the body is framed: none of it is read then. */
  readonly framing: Framing | EdgeRefusal
  /** Whether all of the body has come. */
  complete = false
  /** Whether the client waits for `100 Continue` before it sends the body (RFC 9110 §10.1.1). */
  expectsContinue = false
  /** Whether the client wants to send further requests on its connection (RFC 9112 §9.3). */
  keepsAlive: boolean
  readonly #connection: Http1Connection
  #headers: IncomingHttpHeaders | undefined

  constructor(head: RequestHead, socket: Socket, connection: Http1Connection) {
    super()
    this.method = head.method
    this.url = head.target
    this.httpVersion = head.version
    this.rawHeaders = head.rawHeaders
    this.socket = socket
    this.framing = readFraming(head.rawHeaders, head.version)
    this.#connection = connection
    this.keepsAlive = head.version === '1.1'
    this.#readOptions()
  }

  /** By lower-case names; of several lines the values are joined. Made when it is first asked for. */
  get headers(): IncomingHttpHeaders {
    this.#headers ??= joinHeaders(this.rawHeaders)
    return this.#headers
  }

  #readOptions(): void {
    const { rawHeaders } = this
    let closes = false
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const name = rawHeaders[index] as string
      const value = rawHeaders[index + 1] as string
      if (name.length === 10 && name.toLowerCase() === 'connection') {
        if (closeToken.test(value)) closes = true
        if (keepAliveToken.test(value)) this.keepsAlive = true
      } else if (name.length === 6 && name.toLowerCase() === 'expect') {
        this.expectsContinue = this.httpVersion === '1.1' && value.toLowerCase() === '100-continue'
      }
    }
    if (closes || 'status' in this.framing) this.keepsAlive = false
  }

  override _read(): void {
    // Where there is no body, its end is told to whoever asks.
    if (this.complete) this.push(null)
    else this.#connection.readBody()
  }
}

const closeToken = /(?:^|,)\s*close\s*(?:,|$)/i
const keepAliveToken = /(?:^|,)\s*keep-alive\s*(?:,|$)/i

function joinHeaders(rawHeaders: readonly string[]): IncomingHttpHeaders {
  const headers: Record<string, string> = Object.create(null)
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] as string).toLowerCase()
    const value = rawHeaders[index + 1] as string
    const before = headers[name]
    headers[name] = before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`
  }
  return headers
}
