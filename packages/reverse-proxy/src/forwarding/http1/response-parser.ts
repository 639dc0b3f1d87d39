import { ChunkedBody, type ChunkSink } from '#src/http1-syntax/chunked-body.ts'
import { FieldBlock } from '#src/http1-syntax/field-block.ts'
import { StatusLine } from '#src/http1-syntax/status-line.ts'
import { AnswerFraming } from './answer-framing.ts'
import { malformed } from './upstream-error.ts'

/** Hears of one answer what the bytes say. */
export type ResponseSink = ChunkSink & {
  /** An answer before the answer: 1xx. */
  onInformation(status: number, rawHeaders: string[]): void
  onHeaders(status: number, rawHeaders: string[], reason: string): void
  onTrailers(rawTrailers: string[]): void
  /** The last byte of the answer was read. */
  onComplete(): void
}

const nothing = 0
const inHead = 1
const inLength = 2
const inChunks = 3
const untilEnd = 4

/** An upstream that sends interim answers without end sends us nothing. */
const mostInterimBytes = 65_536
const mostHeadBytes = 65_536

/** Reads the answers of one connection, one after the other, each after {@link begin}. Throws where one is malformed. */
export class ResponseParser {
  readonly framing = new AnswerFraming()
  readonly #sink: ResponseSink
  readonly #statusLine = new StatusLine()
  readonly #head = new FieldBlock(mostHeadBytes, this.#statusLine)
  readonly #chunks = new ChunkedBody()
  #state = nothing
  #toHead = false
  #remaining = 0
  #interimBytes = 0

  constructor(sink: ResponseSink) {
    this.#sink = sink
  }

  /** Awaits an answer; one to `HEAD` has no body whatever its headers say. */
  begin(toHead: boolean): void {
    this.#state = inHead
    this.#toHead = toHead
    this.#interimBytes = 0
    this.#head.reset()
  }

  /** Makes {@link read} give nothing more. */
  stop(): void {
    this.#state = nothing
    this.#chunks.stop()
  }

  read(bytes: Buffer, start: number, end: number): void {
    let position = start
    while (position < end && this.#state !== nothing) {
      if (this.#state === inHead) position = this.#readHead(bytes, position, end)
      else if (this.#state === inChunks) position = this.#readChunks(bytes, position, end)
      else position = this.#readBody(bytes, position, end)
    }
  }

  /** The connection has ended. Whether that ends the answer (RFC 9112 §6.3 rule 8) or cuts it short. */
  end(): boolean {
    if (this.#state !== untilEnd) return false
    this.#state = nothing
    return true
  }

  #readHead(bytes: Buffer, start: number, end: number): number {
    const next = this.#head.read(bytes, start, end)
    if (next === -1) return end
    const { status } = this.#statusLine
    const rawHeaders = this.#head.rawHeaders()
    if (status < 200) this.#readInterim(status, rawHeaders)
    else this.#readFinal(status, rawHeaders, next < end)
    return next
  }

  #readInterim(status: number, rawHeaders: string[]): void {
    // No request of ours asks for another protocol: whoever speaks one here is not to be understood (RFC 9110 §15.2.2).
    if (status === 101) throw malformed('The upstream changes to a protocol that nobody asked for')
    this.#interimBytes += this.#head.text.length
    if (this.#interimBytes > mostInterimBytes)
      throw malformed('The upstream sends interim answers without end')
    this.#head.reset()
    this.#sink.onInformation(status, rawHeaders)
  }

  #readFinal(status: number, rawHeaders: string[], more: boolean): void {
    const { framing } = this
    framing.read(rawHeaders, this.#statusLine.minorVersion)
    // RFC 9112 §6.3 rule 1.
    const isEmpty = this.#toHead || status === 204 || status === 304 || framing.length === 0
    if (isEmpty && more && !this.#toHead) throw tooLong()
    this.#remaining = framing.length
    if (framing.chunked) this.#chunks.begin()
    this.#state = isEmpty ? nothing : framing.chunked ? inChunks : framing.length > 0 ? inLength : untilEnd
    if (this.#state === untilEnd) framing.keepAlive = false
    this.#sink.onHeaders(status, rawHeaders, this.#statusLine.reason(this.#head.text))
    if (isEmpty) this.#sink.onComplete()
  }

  #readBody(bytes: Buffer, start: number, end: number): number {
    if (this.#state === untilEnd) {
      this.#sink.onBody(bytes.subarray(start, end))
      return end
    }
    const upTo = Math.min(end, start + this.#remaining)
    this.#remaining -= upTo - start
    this.#sink.onBody(bytes.subarray(start, upTo))
    if (this.#remaining === 0) this.#complete(upTo < end)
    return upTo
  }

  #readChunks(bytes: Buffer, start: number, end: number): number {
    const position = this.#chunks.read(bytes, start, end, this.#sink)
    if (!this.#chunks.hasEnded || this.#state === nothing) return position
    const trailers = this.#chunks.rawTrailers()
    if (trailers.some((name, index) => index % 2 === 0 && framesMessages(name)))
      throw malformed('A trailer would change how the answer is framed')
    if (trailers.length > 0) this.#sink.onTrailers(trailers)
    this.#complete(position < end)
    return position
  }

  /** What comes behind the promised end is no part of this answer, and must never become part of another (RFC 9112 §9.2). */
  #complete(more: boolean): void {
    if (this.#state === nothing) return
    this.#state = nothing
    if (more) throw tooLong()
    this.#sink.onComplete()
  }
}

const tooLong = () => malformed('The answer is longer than it promised')

/** RFC 9110 §6.5.1 */
const framesMessages = (name: string) => /^(?:content-length|transfer-encoding|host|trailer)$/i.test(name)
