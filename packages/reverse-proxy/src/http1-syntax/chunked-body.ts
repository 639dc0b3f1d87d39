import { carriageReturn, lineFeed, semicolon, visibleBytes } from './characters.ts'
import { FieldBlock } from './field-block.ts'
import { MessageFault } from './message-fault.ts'

/** Takes the data of a chunked body as it comes. */
export type ChunkSink = { onBody(chunk: Buffer): void }

/** Extensions mean nothing to us: a flood of them would cost us for no byte of body. Readers differ in where blanks may stand in them; ours takes none. */
const mostExtensionBytes = 16_384
const mostSizeDigits = 13
const mostTrailerBytes = 16_384

const atSize = 0
const inSize = 1
const atExtension = 2
const inExtension = 3
const atSizeEnd = 4
const inData = 5
const atDataEnd = 6
const atDataLineFeed = 7
const inTrailers = 8
const ended = 9

/** Undoes the chunked coding (RFC 9112 §7.1), byte for byte where it must be, slice for slice where it can. */
export class ChunkedBody {
  readonly #trailers = new FieldBlock(mostTrailerBytes)
  #step = ended
  #size = 0
  #digits = 0
  #extensionBytes = 0

  begin(): void {
    this.#step = atSize
    this.#size = 0
    this.#digits = 0
    this.#extensionBytes = 0
    this.#trailers.reset()
  }

  /** Makes {@link read} give nothing more: the sink has had enough. */
  stop(): void {
    this.#step = ended
  }

  get hasEnded(): boolean {
    return this.#step === ended
  }

  /** Names and values in turn. */
  rawTrailers(): string[] {
    return this.#trailers.rawHeaders()
  }

  /** Gives the index behind what belonged to the body. */
  read(bytes: Buffer, start: number, end: number, sink: ChunkSink): number {
    let position = start
    while (position < end && this.#step !== ended) {
      if (this.#step === inData) position = this.#readData(bytes, position, end, sink)
      else if (this.#step === inTrailers) position = this.#readTrailers(bytes, position, end)
      else this.#readByte(bytes[position++] as number)
    }
    return position
  }

  #readData(bytes: Buffer, start: number, end: number, sink: ChunkSink): number {
    const upTo = Math.min(end, start + this.#size)
    this.#size -= upTo - start
    if (this.#size === 0) this.#step = atDataEnd
    sink.onBody(bytes.subarray(start, upTo))
    return upTo
  }

  #readTrailers(bytes: Buffer, start: number, end: number): number {
    const next = this.#trailers.read(bytes, start, end)
    if (next === -1) return end
    this.#step = ended
    return next
  }

  #readByte(byte: number): void {
    if (this.#step <= inSize) this.#readSize(byte)
    else if (this.#step <= inExtension) this.#readExtension(byte)
    else if (this.#step === atSizeEnd) {
      expect(byte, lineFeed)
      this.#step = this.#size > 0 ? inData : inTrailers
    } else if (this.#step === atDataEnd) {
      expect(byte, carriageReturn)
      this.#step = atDataLineFeed
    } else {
      expect(byte, lineFeed)
      this.#step = atSize
      this.#digits = 0
    }
  }

  #readSize(byte: number): void {
    const digit = hexadecimal(byte)
    if (digit !== -1) {
      if (++this.#digits > mostSizeDigits) throw new MessageFault('The size of a chunk is too long')
      this.#size = this.#size * 16 + digit
      this.#step = inSize
      return
    }
    if (this.#step === atSize) throw new MessageFault('The size of a chunk is no number')
    if (byte === carriageReturn) this.#step = atSizeEnd
    else if (byte === semicolon) this.#step = atExtension
    else throw new MessageFault('The size of a chunk is no number')
  }

  #readExtension(byte: number): void {
    if (byte === carriageReturn && this.#step === inExtension) this.#step = atSizeEnd
    else if (visibleBytes[byte] !== 1)
      throw new MessageFault('The extension of a chunk has a character that it may not have')
    else if (++this.#extensionBytes > mostExtensionBytes)
      throw new MessageFault('The extensions of chunks are too long', 'chunk-extensions-too-large')
    else this.#step = inExtension
  }
}

function expect(byte: number, wanted: number): void {
  if (byte !== wanted) throw new MessageFault('A chunk does not end where it should')
}

/** -1 where it is no digit. */
function hexadecimal(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}
