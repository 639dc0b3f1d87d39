import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import type { Http1Connection } from './http1-connection.ts'
import type { RequestFields } from './request-fields.ts'
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
  readonly fields: RequestFields
  /** Whether all of the body has come. */
  complete = false
  readonly #connection: Http1Connection
  #headers: IncomingHttpHeaders | undefined

  constructor(head: RequestHead, socket: Socket, connection: Http1Connection) {
    super()
    const { fields } = head
    this.method = head.method
    this.url = head.target
    this.httpVersion = fields.version
    this.rawHeaders = fields.rawHeaders
    this.fields = fields
    this.socket = socket
    this.#connection = connection
  }

  /** By lower-case names; of several lines the values are joined. Made when it is first asked for. */
  get headers(): IncomingHttpHeaders {
    this.#headers ??= joinHeaders(this.rawHeaders)
    return this.#headers
  }

  override _read(): void {
    // Where there is no body, its end is told to whoever asks.
    if (this.complete) this.push(null)
    else this.#connection.readBody()
  }
}

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
