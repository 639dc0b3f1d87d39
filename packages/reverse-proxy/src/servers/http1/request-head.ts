import { FieldBlock } from '#src/http1-syntax/field-block.ts'
import { incomplete } from '#src/http1-syntax/line-end.ts'
import { RequestLine } from '#src/http1-syntax/request-line.ts'
import type { RememberedFields } from './remembered-fields.ts'
import { RequestFields } from './request-fields.ts'

/** In bytes, of the request line and all headers. */
export const mostHeadBytes = 16_384

/** Reads the head of a request, from whatever pieces it comes in. */
export class RequestHead {
  readonly #line = new RequestLine()
  readonly #block = new FieldBlock(mostHeadBytes, this.#line)
  /** The first line at least. */
  #text = ''
  #fields: RequestFields | undefined

  reset(): void {
    this.#block.reset()
    this.#fields = undefined
  }

  /**
   * Gives the index behind the head, or -1 where all was taken and the head has not ended. `remembered`: what the client may repeat. Throws
   * `MessageFault`.
   */
  read(bytes: Buffer, start: number, end: number, remembered?: RememberedFields): number {
    const repeated = remembered ? this.#repeat(bytes, start, end, remembered) : incomplete
    return repeated === incomplete ? this.#read(bytes, start, end, remembered) : repeated
  }

  #read(bytes: Buffer, start: number, end: number, remembered: RememberedFields | undefined): number {
    const next = this.#block.read(bytes, start, end)
    if (next === incomplete) return incomplete
    this.#text = this.#block.text
    this.#fields = new RequestFields(this.#block.rawHeaders(), this.#line.version(this.#text))
    const cameWhole = next - start === this.#text.length
    if (cameWhole) remembered?.keep(this.#fields, bytes, start + this.#line.length, next)
    return next
  }

  /** Reads a head whose fields are those of the last one; -1 where they are not, or not yet. */
  #repeat(bytes: Buffer, start: number, end: number, remembered: RememberedFields): number {
    const fieldsStart = this.#line.scan(bytes, start, end)
    if (fieldsStart === incomplete) return incomplete
    const next = remembered.match(bytes, fieldsStart, end)
    if (next === incomplete || next - start > mostHeadBytes) return incomplete
    const text = bytes.toString('latin1', start, fieldsStart)
    // What fields mean depends on the version.
    if (this.#line.version(text) !== remembered.fields.version) return incomplete
    this.#text = text
    this.#fields = remembered.fields
    return next
  }

  get method(): string {
    return this.#line.method(this.#text)
  }

  get target(): string {
    return this.#line.target(this.#text)
  }

  /** Of the head that was read to its end. */
  get fields(): RequestFields {
    return this.#fields as RequestFields
  }
}
