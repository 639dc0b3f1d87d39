/**
 * Finds where a chunked body ends (RFC 9112 §7.1). It judges nothing: the parser of the server refuses what is not well formed. That both
 * find the same end is what tells that no request hides behind a body.
 */
export class ChunkedEnd {
  #line = ''
  #skip = 0
  #inTrailers = false

  /** The index behind the body, or -1 where it goes on. Give it the bytes in turn. */
  find(bytes: Buffer): number {
    let at = 0
    while (at < bytes.length) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, bytes.length - at)
        this.#skip -= skipped
        at += skipped
        continue
      }
      const lineFeed = bytes.indexOf(0x0a, at)
      this.#line += bytes.toString('latin1', at, lineFeed === -1 ? bytes.length : lineFeed + 1)
      if (lineFeed === -1) return -1
      at = lineFeed + 1
      if (this.#endsWithLine()) return at
    }
    return -1
  }

  #endsWithLine(): boolean {
    const line = this.#line
    this.#line = ''
    if (this.#inTrailers) return line === '\r\n'
    const size = Number.parseInt(line, 16)
    // The chunk's data end with CRLF.
    if (size > 0) this.#skip = size + 2
    else this.#inTrailers = true
    return false
  }
}
