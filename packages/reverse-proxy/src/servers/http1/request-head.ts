import { FieldBlock } from '#src/http1-syntax/field-block.ts'
import { RequestLine } from '#src/http1-syntax/request-line.ts'

/** In bytes, of the request line and all headers. */
export const mostHeadBytes = 16_384

/** Reads the head of a request, from whatever pieces it comes in. */
export class RequestHead {
  readonly #line = new RequestLine()
  readonly #block = new FieldBlock(mostHeadBytes, this.#line)

  reset(): void {
    this.#block.reset()
  }

  /** Gives the index behind the head, or -1 where all was taken and the head has not ended. Throws `MessageFault`. */
  read(bytes: Buffer, start: number, end: number): number {
    return this.#block.read(bytes, start, end)
  }

  get method(): string {
    return this.#line.method(this.#block.text)
  }

  get target(): string {
    return this.#line.target(this.#block.text)
  }

  get version(): string {
    return this.#line.version(this.#block.text)
  }

  get rawHeaders(): string[] {
    return this.#block.rawHeaders()
  }
}
