import { carriageReturn, colon, lineFeed, space, tab, tokenBytes, valueBytes } from './characters.ts'
import { malformed } from './upstream-error.ts'

const mostBytes = 65_536
const incomplete = -1
const protocol = Buffer.from('HTTP/1.')

/**
 * Reads a block of header lines up to its empty line, from whatever pieces it comes in, strictly as RFC 9112 §5 says: lines end in CRLF,
 * nothing stands before the colon but a token, no line is folded. Bytes are looked at once; texts are cut out of one string at the end.
 */
export class FieldBlock {
  readonly #hasStatusLine: boolean
  /** Where names and values begin and end, four numbers a line, counted from the block's first byte. */
  readonly #marks: number[] = []
  #text = ''
  /** What came before, where the block came in pieces. */
  #kept: Buffer | undefined
  #keptLength = 0
  /** How far whole lines have been read. */
  #lineStart = 0
  #reasonEnd = 0

  constructor(hasStatusLine: boolean) {
    this.#hasStatusLine = hasStatusLine
  }

  reset(): void {
    this.#marks.length = 0
    this.#text = ''
    this.#kept = undefined
    this.#keptLength = 0
    this.#lineStart = 0
    this.#reasonEnd = 0
  }

  /** Gives the index behind the block, or -1 where all was taken and the block has not ended. */
  read(bytes: Buffer, start: number, end: number): number {
    if (this.#keptLength > 0) return this.#readOn(bytes, start, end)
    const next = this.#scan(bytes, start, end)
    if (next === incomplete) return this.#keep(bytes, start, end)
    this.#text = bytes.toString('latin1', start, next)
    return next
  }

  get minorVersion(): number {
    return this.#digit(7)
  }

  get status(): number {
    return this.#digit(9) * 100 + this.#digit(10) * 10 + this.#digit(11)
  }

  get reason(): string {
    return this.#text.slice(13, this.#reasonEnd)
  }

  /** How many bytes the block had. */
  get size(): number {
    return this.#text.length
  }

  /** Names and values in turn, as they were written. */
  rawHeaders(): string[] {
    const marks = this.#marks
    const text = this.#text
    const raw: string[] = []
    for (let index = 0; index < marks.length; index += 2)
      raw.push(text.substring(marks[index] as number, marks[index + 1]))
    return raw
  }

  #digit(index: number): number {
    return this.#text.charCodeAt(index) - 48
  }

  #readOn(bytes: Buffer, start: number, end: number): number {
    const before = this.#keptLength
    this.#keep(bytes, start, end)
    // Only a line that is whole is worth looking at: bytes that come one by one cost no more than those that come at once.
    const next = bytes.subarray(start, end).includes(lineFeed)
      ? this.#scan(this.#kept as Buffer, 0, this.#keptLength)
      : incomplete
    if (next !== incomplete) {
      this.#text = (this.#kept as Buffer).toString('latin1', 0, next)
      return start + next - before
    }
    if (this.#keptLength > mostBytes) throw tooLarge()
    return incomplete
  }

  #keep(bytes: Buffer, start: number, end: number): typeof incomplete {
    const length = this.#keptLength + end - start
    if (!this.#kept || this.#kept.length < length) {
      const larger = Buffer.allocUnsafe(Math.max(1024, length * 2))
      this.#kept?.copy(larger, 0, 0, this.#keptLength)
      this.#kept = larger
    }
    bytes.copy(this.#kept, this.#keptLength, start, end)
    this.#keptLength = length
    return incomplete
  }

  /** Reads whole lines from where it stopped. */
  #scan(bytes: Buffer, base: number, end: number): number {
    let position = base + this.#lineStart
    if (this.#hasStatusLine && this.#lineStart === 0) {
      position = this.#scanStatusLine(bytes, base, end)
      if (position === incomplete) return incomplete
    }
    while (position < end && bytes[position] !== carriageReturn) {
      this.#lineStart = position - base
      position = this.#scanLine(bytes, base, position, end)
      if (position === incomplete) return incomplete
    }
    this.#lineStart = position - base
    if (this.#lineStart > mostBytes) throw tooLarge()
    if (position + 1 >= end) return incomplete
    if (bytes[position + 1] !== lineFeed) throw malformed('A carriage return stands alone')
    return position + 2
  }

  /** `HTTP/1.1 200 OK`: the version exactly, three digits, a reason that may lack together with its space (RFC 9112 §4). */
  #scanStatusLine(bytes: Buffer, base: number, end: number): number {
    for (let index = 0; index < 12; index++) {
      if (base + index >= end) return incomplete
      if (!fitsStatusLine(index, bytes[base + index] as number))
        throw malformed('The answer has no proper status line')
    }
    let position = base + 12
    if (position < end && bytes[position] !== carriageReturn && bytes[position] !== space)
      throw malformed('The status is no number of three digits')
    while (position < end && valueBytes[bytes[position] as number] === 1) position++
    this.#reasonEnd = position - base
    if (position < end && bytes[position] !== carriageReturn)
      throw malformed('The reason of the answer has a character that it may not have')
    return lineEnd(bytes, position, end)
  }

  #scanLine(bytes: Buffer, base: number, start: number, end: number): number {
    let position = start
    while (position < end && tokenBytes[bytes[position] as number] === 1) position++
    if (position === end) return incomplete
    // A blank here would be a folded line, or a blank before the colon: both are read differently by different servers (RFC 9112 §5).
    if (bytes[position] !== colon || position === start) throw malformed('A header line has no proper name')
    const nameEnd = position++
    while (position < end && isBlank(bytes[position])) position++
    const valueStart = position
    while (position < end && valueBytes[bytes[position] as number] === 1) position++
    const next = lineEnd(bytes, position, end)
    if (next === incomplete) return incomplete
    while (position > valueStart && isBlank(bytes[position - 1])) position--
    this.#marks.push(start - base, nameEnd - base, valueStart - base, position - base)
    return next
  }
}

const tooLarge = () => malformed(`The headers of the answer are larger than ${mostBytes} bytes`)

const isBlank = (byte: number | undefined) => byte === space || byte === tab

/** The index behind CRLF at `position`, or -1 where it may still come. */
function lineEnd(bytes: Buffer, position: number, end: number): number {
  if (position >= end) return incomplete
  if (bytes[position] !== carriageReturn) throw malformed('A line has a character that it may not have')
  if (position + 1 >= end) return incomplete
  if (bytes[position + 1] !== lineFeed) throw malformed('A carriage return stands alone')
  return position + 2
}

/** `HTTP/1.`, 0 or 1, a space, 1 to 9, two digits. Other versions of HTTP are not spoken on this connection (RFC 9112 §2.3). */
function fitsStatusLine(index: number, byte: number): boolean {
  if (index < 7) return byte === protocol[index]
  if (index === 7) return byte === 0x30 || byte === 0x31
  if (index === 8) return byte === space
  return byte <= 0x39 && byte >= (index === 9 ? 0x31 : 0x30)
}
