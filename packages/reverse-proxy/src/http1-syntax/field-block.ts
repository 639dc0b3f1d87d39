import { carriageReturn, colon, lineFeed, space, tab, tokenBytes, valueBytes } from './characters.ts'
import { incomplete, lineEnd } from './line-end.ts'
import { MessageFault } from './message-fault.ts'
import type { StartLine } from './start-line.ts'

/**
 * Reads a block of header lines up to its empty line, from whatever pieces it comes in, strictly as RFC 9112 §5 says: lines end in CRLF,
 * nothing stands before the colon but a token, no line is folded. Bytes are looked at once; texts are cut out of one string at the end.
 */
export class FieldBlock {
  readonly #mostBytes: number
  readonly #startLine: StartLine | undefined
  /** Where names and values begin and end, four numbers a line, counted from the block's first byte. */
  readonly #marks: number[] = []
  #text = ''
  /** What came before, where the block came in pieces. */
  #kept: Buffer | undefined
  #keptLength = 0
  /** How far whole lines have been read. */
  #lineStart = 0
  #startLineEnd = 0

  /** `mostBytes`: a larger block is a fault. `startLine` reads what stands before the fields, where there is something. */
  constructor(mostBytes: number, startLine?: StartLine) {
    this.#mostBytes = mostBytes
    this.#startLine = startLine
  }

  reset(): void {
    this.#marks.length = 0
    this.#text = ''
    this.#kept = undefined
    this.#keptLength = 0
    this.#lineStart = 0
    this.#startLineEnd = 0
  }

  /** Gives the index behind the block, or -1 where all was taken and the block has not ended. Throws {@link MessageFault}. */
  read(bytes: Buffer, start: number, end: number): number {
    if (this.#keptLength > 0) return this.#readOn(bytes, start, end)
    const next = this.#scan(bytes, start, end)
    if (next === incomplete) {
      this.#keep(bytes, start, end)
      return this.#wait()
    }
    this.#text = bytes.toString('latin1', start, next)
    return next
  }

  /** The whole block, its first line and its empty line included. */
  get text(): string {
    return this.#text
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

  #readOn(bytes: Buffer, start: number, end: number): number {
    const before = this.#keptLength
    this.#keep(bytes, start, end)
    // Only a line that is whole is worth looking at: bytes that come one by one cost no more than those that come at once.
    const next = bytes.subarray(start, end).includes(lineFeed)
      ? this.#scan(this.#kept as Buffer, 0, this.#keptLength)
      : incomplete
    if (next === incomplete) return this.#wait()
    this.#text = (this.#kept as Buffer).toString('latin1', 0, next)
    return start + next - before
  }

  /** All that came belongs to the block, and more has to come. */
  #wait(): typeof incomplete {
    if (this.#keptLength > this.#mostBytes) throw this.#tooLarge()
    return incomplete
  }

  #keep(bytes: Buffer, start: number, end: number): void {
    const length = this.#keptLength + end - start
    if (!this.#kept || this.#kept.length < length) {
      const larger = Buffer.allocUnsafe(Math.max(1024, length * 2))
      this.#kept?.copy(larger, 0, 0, this.#keptLength)
      this.#kept = larger
    }
    bytes.copy(this.#kept, this.#keptLength, start, end)
    this.#keptLength = length
  }

  /** Reads whole lines from where it stopped. */
  #scan(bytes: Buffer, base: number, end: number): number {
    let position = base + this.#lineStart
    if (this.#startLine && this.#lineStart === 0) {
      position = this.#startLine.scan(bytes, base, end)
      if (position === incomplete) return incomplete
      this.#startLineEnd = position - base
    }
    while (position < end && bytes[position] !== carriageReturn) {
      this.#lineStart = position - base
      position = this.#scanLine(bytes, base, position, end)
      if (position === incomplete) return incomplete
    }
    this.#lineStart = position - base
    if (this.#lineStart > this.#mostBytes) throw this.#tooLarge()
    if (position + 1 >= end) return incomplete
    if (bytes[position + 1] !== lineFeed) throw new MessageFault('A carriage return stands alone')
    return position + 2
  }

  #scanLine(bytes: Buffer, base: number, start: number, end: number): number {
    let position = start
    while (position < end && tokenBytes[bytes[position] as number] === 1) position++
    if (position === end) return incomplete
    // A blank here would be a folded line, or a blank before the colon: both are read differently by different servers (RFC 9112 §5).
    if (bytes[position] !== colon || position === start)
      throw new MessageFault('A header line has no proper name')
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

  #tooLarge(): MessageFault {
    // The one that has most of the bytes is to blame.
    const isFirstLine =
      this.#startLine !== undefined && (this.#lineStart === 0 || this.#startLineEnd > this.#mostBytes / 2)
    return new MessageFault(
      `There are more than ${this.#mostBytes} bytes of headers`,
      isFirstLine ? 'start-line-too-large' : 'fields-too-large',
    )
  }
}

const isBlank = (byte: number | undefined) => byte === space || byte === tab
