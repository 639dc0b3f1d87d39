import type { IncomingMessage } from 'node:http'
import { Transform, type TransformCallback } from 'node:stream'
import type { Exchange } from './exchange.ts'
import { BodyTooLarge } from './forwarding/forwarder-error.ts'

/** What a body on its way is counted by. */
export type CountParts = {
  /** In bytes. */
  limit: number
  onTooLarge(error: Error): void
  /** Called before the first byte of the client's is read. */
  onBegin(counter: Transform): void
}

/**
 * Counts a body on its way. What reads it may destroy it: this counter, never the client's socket. Where the client waits to be asked for its body,
 * nothing is read of it before somebody reads here.
 */
export class CountedBody extends Transform {
  readonly #exchange: Exchange
  readonly #parts: CountParts
  #hasBegun = false

  constructor(exchange: Exchange, parts: CountParts) {
    super()
    this.#exchange = exchange
    this.#parts = parts
    this.on('error', () => {})
    if (!exchange.inspected?.awaitsContinue) this.#begin()
  }

  /** Whether the client was asked for it, or sends it unasked. */
  get hasBegun(): boolean {
    return this.#hasBegun
  }

  override _read(size: number): void {
    if (!this.#hasBegun) this.#begin()
    super._read(size)
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, next: TransformCallback): void {
    this.#exchange.receivedBytes += chunk.length
    if (this.#exchange.receivedBytes <= this.#parts.limit) next(null, chunk)
    else this.#parts.onTooLarge(new BodyTooLarge('The body is larger than the route takes'))
  }

  #begin(): void {
    this.#hasBegun = true
    this.#parts.onBegin(this)
    this.#exchange.request.pipe(this)
  }
}

/** Reads a body of known length whole, so that it can be sent more than once. `onRead` is not called where the client leaves before. */
export function readBody(request: IncomingMessage, onRead: (body: Buffer) => void): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => onRead(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
}
