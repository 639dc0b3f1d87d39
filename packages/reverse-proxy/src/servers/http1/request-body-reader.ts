import type { Framing } from '#src/edge/framing.ts'
import { ChunkedBody } from '#src/http1-syntax/chunked-body.ts'
import { MessageFault } from '#src/http1-syntax/message-fault.ts'
import type { Http1Request } from './http1-request.ts'

/** Takes the body of one request out of a connection's bytes, and gives it to the request. */
export class RequestBodyReader {
  readonly #request: Http1Request
  readonly #chunks: ChunkedBody | undefined
  #remaining: number
  /** Whether the request has as much as it can hold. */
  isFull = false

  constructor(request: Http1Request, { body, contentLength }: Framing) {
    this.#request = request
    this.#remaining = contentLength
    if (body === 'chunked') {
      this.#chunks = new ChunkedBody()
      this.#chunks.begin()
    }
  }

  /** Gives the index behind what belonged to the body. Throws {@link MessageFault}. */
  read(bytes: Buffer, start: number, end: number): number {
    if (this.#chunks) return this.#readChunks(this.#chunks, bytes, start, end)
    const upTo = Math.min(end, start + this.#remaining)
    this.#remaining -= upTo - start
    this.onBody(bytes.subarray(start, upTo))
    if (this.#remaining === 0) this.#complete()
    return upTo
  }

  onBody(chunk: Buffer): void {
    // What nobody wants any longer is read all the same: the next request stands behind it.
    if (!this.#request.destroyed && !this.#request.push(chunk)) this.isFull = true
  }

  #readChunks(chunks: ChunkedBody, bytes: Buffer, start: number, end: number): number {
    const position = chunks.read(bytes, start, end, this)
    if (!chunks.hasEnded) return position
    // No trailer goes further; one of these says that somebody has tried to make two messages of one.
    if (chunks.rawTrailers().some((name, index) => index % 2 === 0 && framesMessages(name)))
      throw new MessageFault('A trailer would change how the request is framed')
    this.#complete()
    return position
  }

  #complete(): void {
    this.#request.complete = true
    if (!this.#request.destroyed) this.#request.push(null)
  }
}

const framesMessages = (name: string) => /^(?:content-length|transfer-encoding)$/i.test(name)
