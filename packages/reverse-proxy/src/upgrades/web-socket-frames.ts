/** A Close frame (RFC 6455 §5.5.1), as servers send it: not masked. */
const closeFrame = (code: number): Buffer => Buffer.from([0x88, 0x02, code >> 8, code & 0xff])

/** It says that the server goes away (RFC 6455 §7.4.1). */
export const goingAway: Buffer = closeFrame(1001)
/** It says that the client may not go on (the same section). */
export const notAllowed: Buffer = closeFrame(1008)

const shortLength = 126
const longLength = 127

/**
 * Follows the frames that a server sends (RFC 6455 §5.2), from the first byte on: a frame of our own may only stand between two of them. Nothing
 * but lengths is read, whatever extension was agreed on.
 */
export class WebSocketFrames {
  /** Of the frame whose head is under way. */
  readonly #head = Buffer.alloc(10)
  #headLength = 0
  /** What is still to come of a payload. */
  #payload = 0
  #isLost = false

  /** Whether the bytes so far end with a frame. */
  get isBetween(): boolean {
    return !this.#isLost && this.#payload === 0 && this.#headLength === 0
  }

  /** Whether they were no frames of a server's, so that nothing is known of what follows. */
  get isLost(): boolean {
    return this.#isLost
  }

  /** Reads on from `start`; gives the index behind the frame that is under way or begins there, or the length where it goes on. */
  next(bytes: Buffer, start: number): number {
    let at = start
    while (at < bytes.length && !this.#isLost) {
      if (this.#payload === 0) {
        at = this.#readHead(bytes, at)
        if (this.#payload === 0 && this.#headLength > 0) continue
      }
      const taken = Math.min(this.#payload, bytes.length - at)
      this.#payload -= taken
      at += taken
      if (this.isBetween) return at
    }
    return bytes.length
  }

  /** Reads them all. */
  take(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) at = this.next(bytes, at)
  }

  #readHead(bytes: Buffer, start: number): number {
    let at = start
    while (at < bytes.length) {
      this.#head[this.#headLength++] = bytes[at++] as number
      if (this.#headLength < 2 || this.#headLength < this.#wholeLength) continue
      this.#payload = this.#payloadLength()
      // A server masks nothing, and no length has more than 63 bits.
      this.#isLost = (this.#lengthByte & 0x80) !== 0 || !Number.isSafeInteger(this.#payload)
      this.#headLength = 0
      return at
    }
    return at
  }

  get #lengthByte(): number {
    return this.#head[1] as number
  }

  get #wholeLength(): number {
    const length = this.#lengthByte & 0x7f
    return length === longLength ? 10 : length === shortLength ? 4 : 2
  }

  #payloadLength(): number {
    const length = this.#lengthByte & 0x7f
    if (length === longLength) return Number(this.#head.readBigUInt64BE(2))
    return length === shortLength ? this.#head.readUInt16BE(2) : length
  }
}
