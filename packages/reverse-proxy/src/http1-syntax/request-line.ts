import { METHODS } from 'node:http'
import { carriageReturn, space, tokenBytes, visibleBytes } from './characters.ts'
import { incomplete, lineEnd } from './line-end.ts'
import { MessageFault } from './message-fault.ts'
import type { StartLine } from './start-line.ts'

const protocol = Buffer.from('HTTP/')
/** Those that are registered. Others would be found where a body is longer than was said: its last bytes stand before the next method. */
const methods: ReadonlySet<string> = new Set(METHODS)
const versionLength = protocol.length + 3

/** `GET /path HTTP/1.1`: one space each, and nothing before (RFC 9112 §3). A server that reads past more than that reads other requests than the next one does. */
export class RequestLine implements StartLine {
  #methodEnd = 0
  #targetEnd = 0

  /** Of the line that was read, its end included. In bytes. */
  get length(): number {
    return this.#targetEnd + 1 + versionLength + 2
  }

  /** These three expect the text of the block that the line began. */
  method(text: string): string {
    return text.slice(0, this.#methodEnd)
  }

  target(text: string): string {
    return text.slice(this.#methodEnd + 1, this.#targetEnd)
  }

  /** Such as `1.1`. */
  version(text: string): string {
    return text.slice(this.#targetEnd + 1 + protocol.length, this.#targetEnd + 1 + versionLength)
  }

  scan(bytes: Buffer, base: number, end: number): number {
    let position = base
    while (position < end && tokenBytes[bytes[position] as number] === 1) position++
    if (position === end) return incomplete
    if (bytes[position] !== space || position === base)
      throw new MessageFault('The request line begins with no method')
    if (!methods.has(bytes.toString('latin1', base, position)))
      throw new MessageFault('The method is unknown', 'method-unknown')
    this.#methodEnd = position - base
    const targetStart = ++position
    while (position < end && visibleBytes[bytes[position] as number] === 1) position++
    if (position === end) return incomplete
    // A request of HTTP/0.9 has no version, and no headers that could say for whom it is.
    if (bytes[position] === carriageReturn)
      throw new MessageFault('The version is missing', 'version-missing')
    if (bytes[position] !== space || position === targetStart)
      throw new MessageFault('The request line has no proper target')
    this.#targetEnd = position - base
    const versionStart = position + 1
    for (let index = 0; index < versionLength; index++) {
      if (versionStart + index >= end) return incomplete
      if (!fitsVersion(index, bytes[versionStart + index] as number))
        throw new MessageFault('The request line has no proper version')
    }
    return lineEnd(bytes, versionStart + versionLength, end)
  }
}

/** `HTTP/`, a digit, a dot, a digit. Which versions are served is not decided here. */
function fitsVersion(index: number, byte: number): boolean {
  if (index < protocol.length) return byte === protocol[index]
  if (index === protocol.length + 1) return byte === 0x2e
  return byte >= 0x30 && byte <= 0x39
}
