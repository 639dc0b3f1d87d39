import type { IncomingMessage } from 'node:http'
import { ChunkedEnd } from './chunked-end.ts'

/** How a request's body is framed. */
export type Framing = {
  readonly body: 'none' | 'length' | 'chunked'
  /** Where the body is of `length`. */
  readonly contentLength: number
}

const lineEnd = Buffer.from('\r\n')
const headEnd = Buffer.from('\r\n\r\n')
const nothing = Buffer.alloc(0)

/**
 * Follows the bytes of a connection from request to request. The server's parser passes over empty lines before a request and over surplus
 * spaces within its first line, and tells nobody; here they are seen. A second opinion comes with it: where this one does not find the
 * beginning of a request that the parser found, bytes were framed in two ways, and the request is not served.
 */
export class RequestLines {
  /** From where the next request must begin. */
  #held: Buffer = nothing
  #skip = 0
  #chunks: ChunkedEnd | undefined

  /** Takes bytes before the parser does. */
  take(bytes: Buffer): void {
    let rest = bytes
    if (this.#chunks) {
      const end = this.#chunks.find(rest)
      if (end === -1) return
      this.#chunks = undefined
      rest = rest.subarray(end)
    }
    const skipped = Math.min(this.#skip, rest.length)
    this.#skip -= skipped
    if (skipped < rest.length) {
      const next = rest.subarray(skipped)
      this.#held = this.#held.length === 0 ? next : Buffer.concat([this.#held, next])
    }
  }

  /**
   * Goes on to the request whose head the parser has read.
   * @returns whether its first line stands where it must and is the one that the parser read, with one space each (RFC 9112 §3)
   */
  next({ method, url, httpVersion }: IncomingMessage, { body, contentLength }: Framing): boolean {
    const held = this.#held
    const end = held.indexOf(headEnd)
    const line = held.toString('latin1', 0, Math.max(0, held.indexOf(lineEnd)))
    this.#held = nothing
    if (body === 'length') this.#skip = contentLength
    else if (body === 'chunked') this.#chunks = new ChunkedEnd()
    if (end !== -1 && end + headEnd.length < held.length) this.take(held.subarray(end + headEnd.length))
    return end !== -1 && line === `${method} ${url} HTTP/${httpVersion}`
  }

  /** What came behind the latest request. */
  get held(): Buffer {
    return this.#held
  }

  /** Of the first line of the next request, as far as it has come. */
  get lineLength(): number {
    const end = this.#held.indexOf(lineEnd)
    return end === -1 ? this.#held.length : end
  }
}
