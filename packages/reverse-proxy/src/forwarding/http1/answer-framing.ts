import { malformed } from './upstream-error.ts'

/** A Node upstream closes 5 s after its last answer: a request sent into a closing connection would be lost. */
const idleMilliseconds = 4000
/** How much earlier than an upstream that states its time we let go. */
const marginMilliseconds = 1000
const lengthForm = /^\d{1,16}$/
const closeToken = /(?:^|[\s,])close(?:$|[\s,])/i
const timeoutForm = /(?:^|[\s,;])timeout\s*=\s*(\d{1,9})/i

/** How an answer is framed and what becomes of its connection, read from its headers (RFC 9112 §6.3, §9.3). */
export class AnswerFraming {
  /** -1 where none is stated. */
  length = -1
  chunked = false
  keepAlive = true
  idleMilliseconds = idleMilliseconds

  /** Names are told apart by their length first: nearly no header costs more than that. */
  read(rawHeaders: readonly string[], minorVersion: number): void {
    this.length = -1
    this.chunked = false
    // HTTP/1.0 knows no connection that stays open, unless both sides say so: we do not.
    this.keepAlive = minorVersion === 1
    this.idleMilliseconds = idleMilliseconds
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const name = rawHeaders[index] as string
      if (name.length === 14) this.#readLength(name, rawHeaders[index + 1] as string)
      else if (name.length === 10) this.#readConnection(name, rawHeaders[index + 1] as string)
      else if (name.length === 17) this.#readEncoding(name, rawHeaders[index + 1] as string)
    }
    if (!this.chunked) return
    // Whoever believes the other of the two sees other messages: that is how answers are smuggled (RFC 9112 §6.1, §11.1).
    if (this.length !== -1) throw malformed('The answer has both Content-Length and Transfer-Encoding')
    if (minorVersion === 0) throw malformed('An answer of HTTP/1.0 has Transfer-Encoding')
  }

  #readLength(name: string, value: string): void {
    if (name.toLowerCase() !== 'content-length') return
    if (this.length !== -1) throw malformed('The answer has more than one Content-Length')
    this.length = lengthForm.test(value) ? Number(value) : Number.NaN
    if (!Number.isSafeInteger(this.length)) throw malformed('The Content-Length of the answer is no number')
  }

  #readEncoding(name: string, value: string): void {
    if (name.toLowerCase() !== 'transfer-encoding') return
    // We ask for no other coding (no TE is sent), so there is none to be undone.
    if (this.chunked || value.toLowerCase() !== 'chunked')
      throw malformed('The Transfer-Encoding of the answer is not exactly chunked')
    this.chunked = true
  }

  #readConnection(name: string, value: string): void {
    const lower = name.toLowerCase()
    if (lower === 'connection') this.keepAlive &&= !closeToken.test(value)
    if (lower === 'keep-alive') this.#readKeepAlive(timeoutForm.exec(value)?.[1])
  }

  #readKeepAlive(seconds: string | undefined): void {
    if (seconds === undefined) return
    this.idleMilliseconds = Math.min(idleMilliseconds, Number(seconds) * 1000 - marginMilliseconds)
    if (this.idleMilliseconds <= 0) this.keepAlive = false
  }
}
