import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import type { BodyLength } from './request-head.ts'
import { UpstreamError } from './upstream-error.ts'

/** Hears how a body gets on. */
export type BodyProgress = {
  onBodyProgress(): void
  onBodyFailed(error: Error): void
}

/** Writes one request that has a body, as fast as the slower of its source and the socket. */
export class RequestBody {
  readonly #socket: Socket
  readonly #source: Readable
  readonly #progress: BodyProgress
  readonly #isChunked: boolean
  #remaining: number
  #hasEnded = false
  #isHeldBack = false

  constructor(socket: Socket, source: Readable, length: BodyLength, progress: BodyProgress) {
    this.#socket = socket
    this.#source = source
    this.#progress = progress
    this.#isChunked = typeof length !== 'number'
    this.#remaining = typeof length === 'number' ? length : 0
  }

  /** All of it was handed to the socket. */
  get isWritten(): boolean {
    return this.#isChunked ? this.#hasEnded : this.#remaining === 0
  }

  /** Nothing flows, and it is the source that gives nothing. */
  get isStarved(): boolean {
    return !this.isWritten && !this.#isHeldBack
  }

  start(head: string): void {
    // The head leaves together with what the source has ready: reading begins in this turn too, before the uncorking.
    this.#socket.cork()
    this.#socket.write(head, 'latin1')
    this.#source.on('data', this.#onData)
    this.#source.on('end', this.#onEnd)
    process.nextTick(() => this.#socket.uncork())
  }

  stop(): void {
    this.#source.off('data', this.#onData)
    this.#source.off('end', this.#onEnd)
  }

  /** The socket takes more. */
  drained(): void {
    this.#progress.onBodyProgress()
    if (!this.#isHeldBack) return
    this.#isHeldBack = false
    this.#source.resume()
  }

  readonly #onData = (data: Buffer | string): void => {
    const chunk = typeof data === 'string' ? Buffer.from(data) : data
    if (chunk.length === 0) return
    this.#progress.onBodyProgress()
    if (!this.#isChunked && chunk.length > this.#remaining) {
      this.#progress.onBodyFailed(mismatch('The body is longer than its Content-Length'))
      return
    }
    const takesMore = this.#isChunked ? this.#writeChunk(chunk) : this.#writePart(chunk)
    if (takesMore) return
    this.#isHeldBack = true
    this.#source.pause()
  }

  readonly #onEnd = (): void => {
    this.#hasEnded = true
    this.#progress.onBodyProgress()
    if (this.#isChunked) this.#socket.write('0\r\n\r\n', 'latin1')
    else if (this.#remaining > 0)
      this.#progress.onBodyFailed(mismatch('The body is shorter than its Content-Length'))
  }

  #writePart(chunk: Buffer): boolean {
    this.#remaining -= chunk.length
    return this.#socket.write(chunk)
  }

  #writeChunk(chunk: Buffer): boolean {
    this.#socket.cork()
    this.#socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1')
    this.#socket.write(chunk)
    const takesMore = this.#socket.write('\r\n', 'latin1')
    this.#socket.uncork()
    return takesMore
  }
}

const mismatch = (message: string) => new UpstreamError('request-body-failed', message)
