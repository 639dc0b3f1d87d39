import { carriageReturn, space, valueBytes } from './characters.ts'
import { incomplete, lineEnd } from './line-end.ts'
import { MessageFault } from './message-fault.ts'
import type { StartLine } from './start-line.ts'

const protocol = Buffer.from('HTTP/1.')

/**
 * `HTTP/1.1 200 OK`: the version exactly, three digits, a reason that may lack together with its space (RFC 9112 §4). Other versions of HTTP
 * are not spoken on this connection (RFC 9112 §2.3).
 */
export class StatusLine implements StartLine {
  minorVersion = 1
  status = 0
  #reasonEnd = 0

  /** Expects the text of the block that the line began. */
  reason(text: string): string {
    return text.slice(13, this.#reasonEnd)
  }

  scan(bytes: Buffer, base: number, end: number): number {
    for (let index = 0; index < 12; index++) {
      if (base + index >= end) return incomplete
      if (!fits(index, bytes[base + index] as number))
        throw new MessageFault('The answer has no proper status line')
    }
    let position = base + 12
    if (position < end && bytes[position] !== carriageReturn && bytes[position] !== space)
      throw new MessageFault('The status is no number of three digits')
    while (position < end && valueBytes[bytes[position] as number] === 1) position++
    if (position < end && bytes[position] !== carriageReturn)
      throw new MessageFault('The reason of the answer has a character that it may not have')
    this.#reasonEnd = position - base
    this.minorVersion = digit(bytes, base + 7)
    this.status = digit(bytes, base + 9) * 100 + digit(bytes, base + 10) * 10 + digit(bytes, base + 11)
    return lineEnd(bytes, position, end)
  }
}

const digit = (bytes: Buffer, position: number) => (bytes[position] as number) - 0x30

/** `HTTP/1.`, 0 or 1, a space, 1 to 9, two digits. */
function fits(index: number, byte: number): boolean {
  if (index < 7) return byte === protocol[index]
  if (index === 7) return byte === 0x30 || byte === 0x31
  if (index === 8) return byte === space
  return byte <= 0x39 && byte >= (index === 9 ? 0x31 : 0x30)
}
