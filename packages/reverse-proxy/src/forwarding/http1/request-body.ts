import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import type { BodyLength } from './request-head.ts'
import { UpstreamError } from './upstream-error.ts'

/** Hears how a body gets on. */
export type BodyProgress = {
  onBodyProgress(): void
  onBodyFailed(error: Error): void
}

/**
 * How long an upstream may take to say that it wants a body: many never say so, and wait for it (RFC 9110 §10.1.1). Longer than the second that clients
 * wait, so that it is not we who decide where both are slow.
 */
const patienceMilliseconds = 3000

/** Writes one request that has a body, as fast as the slower of its source and the socket. */
export class RequestBody {
  readonly #socket: Socket
  readonly #source: Readable
  readonly #progress: BodyProgress
  readonly #isChunked: boolean
  #remaining: number
  #hasEnded = false
  #isHeldBack = false
  /** Until the upstream has said whether it wants the body. */
  #patience: NodeJS.Timeout | undefined

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
    return !this.isWritten && !this.#isHeldBack && this.#patience === undefined
  }

  /** `isAwaited`: nothing is read of the source before the upstream wants it. */
  start(head: string, isAwaited: boolean): void {
    if (isAwaited) {
      this.#socket.write(head, 'latin1')
      this.#patience = setTimeout(() => this.wanted(), patienceMilliseconds)
      return
    }
    // The head leaves together with what the source has ready: reading begins in this turn too, before the uncorking.
    this.#socket.cork()
    this.#socket.write(head, 'latin1')
    this.#flow()
    process.nextTick(() => this.#socket.uncork())
  }

  /** The upstream has said that it wants the body. */
  wanted(): void {
    if (this.#patience === undefined) return
    this.answered()
    this.#flow()
  }

  /** The upstream's answer has come: what it did not want it is not given. */
  answered(): void {
    clearTimeout(this.#patience)
    this.#patience = undefined
  }

  stop(): void {
    this.answered()
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

  #flow(): void {
    this.#source.on('data', this.#onData)
    this.#source.on('end', this.#onEnd)
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
