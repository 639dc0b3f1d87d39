import { incomplete } from '#src/http1-syntax/line-end.ts'
import type { RequestFields } from './request-fields.ts'

/** After so many requests in a row that bring other fields than the one before, a client is not expected to repeat itself. */
const mostMisses = 8

/**
 * What the client of one connection sent last as fields, byte by byte. Browsers and services send the same with most requests of a connection, a
 * long token among them: to compare bytes costs a small part of what it costs to read them. Bytes of another connection are never looked at.
 */
export class RememberedFields {
  #bytes: Buffer | undefined
  #fields: RequestFields | undefined
  #misses = 0

  /** Those that {@link match} found. */
  get fields(): RequestFields {
    return this.#fields as RequestFields
  }

  /** Gives the index behind the fields where those at `start` are the same, their empty line included; -1 otherwise. */
  match(bytes: Buffer, start: number, end: number): number {
    const known = this.#bytes
    if (known === undefined) return incomplete
    const next = start + known.length
    if (next > end || bytes.compare(known, 0, known.length, start, next) !== 0) return incomplete
    this.#misses = 0
    return next
  }

  /** Remembers fields that were read from these bytes. */
  keep(fields: RequestFields, bytes: Buffer, start: number, end: number): void {
    if (this.#misses > mostMisses) return
    if (++this.#misses > mostMisses) {
      this.#bytes = undefined
      this.#fields = undefined
      return
    }
    // A buffer of its own: a slice would hold all that was read with it.
    this.#bytes = Buffer.allocUnsafeSlow(end - start)
    bytes.copy(this.#bytes, 0, start, end)
    this.#fields = fields
  }
}
