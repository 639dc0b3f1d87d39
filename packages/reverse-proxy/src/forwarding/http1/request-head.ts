import type { UpstreamRequest } from '#src/forwarding/forwarder.ts'
import { isToken, isValue } from '#src/http1-syntax/characters.ts'
import { UpstreamError } from './upstream-error.ts'

const isTarget = /^[\x21-\x7e\x80-\xff]+$/
const lengthForm = /^\d{1,15}$/
/** How a message is framed and what becomes of the connection is for us to say. */
const ours: ReadonlySet<string> = new Set(['transfer-encoding', 'connection', 'keep-alive', 'upgrade'])
/** Methods whose content means something: without content they say so (RFC 9110 §8.6). */
const expectsContent: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

/** How a header line begins, by its name. Names come again and again: each is looked at once, and its text made once. */
const beginnings = new Map<string, string>()
const mostBeginnings = 2000

/** How long a request's body is: a number of bytes, or chunked because nobody knows. */
export type BodyLength = number | 'chunked' | 'none'

/** The text of a request up to its body. Throws where a part of it would not be what it says (request splitting). */
export function writeRequestHead(request: UpstreamRequest, authority: string, length: BodyLength): string {
  const { method, path, passed, headers } = request
  if (!isToken.test(method)) throw improper('The method is no token')
  if (!isTarget.test(path)) throw improper('The path has a character that it may not have')
  let text = `${method} ${path} HTTP/1.1${passed?.text ?? ''}`
  let hosts = 0
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string
    const value = headers[index + 1] as string
    const beginning = beginnings.get(name) ?? beginLine(name)
    if (!isValue.test(value)) throw improper(`The header ${name} has a character that it may not have`)
    if (name === 'content-length') continue
    if (name === 'host') hosts++
    text += beginning
    text += value
  }
  if (hosts > 1) throw improper('There is more than one Host')
  if (hosts === 0) text += `\r\nhost: ${authority}`
  if (request.awaitsContinue) text += '\r\nexpect: 100-continue'
  return text + framingLines(method, length)
}

/** What the headers state of a body, held against whether there is one. */
export function bodyLength({ headers, body }: UpstreamRequest): BodyLength {
  let stated: string | undefined
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index] !== 'content-length') continue
    if (stated !== undefined) throw improper('There is more than one Content-Length')
    stated = headers[index + 1] as string
    if (!lengthForm.test(stated)) throw improper('The Content-Length is no number')
  }
  if (Buffer.isBuffer(body)) return body.length
  if (body) return stated === undefined ? 'chunked' : Number(stated)
  if (Number(stated ?? 0) > 0) throw improper('A Content-Length is stated, but there is no body')
  return 'none'
}

function framingLines(method: string, length: BodyLength): string {
  if (length === 'chunked') return '\r\ntransfer-encoding: chunked\r\n\r\n'
  if (length !== 'none') return `\r\ncontent-length: ${length}\r\n\r\n`
  return expectsContent.has(method) ? '\r\ncontent-length: 0\r\n\r\n' : '\r\n\r\n'
}

/** Names are in lower case: another spelling of `content-length` must not pass beside ours. */
function beginLine(name: string): string {
  if (!isToken.test(name) || name !== name.toLowerCase() || ours.has(name))
    throw improper('A header has no proper name')
  const beginning = `\r\n${name}: `
  if (beginnings.size < mostBeginnings) beginnings.set(name, beginning)
  return beginning
}

const improper = (message: string) => new UpstreamError('request-malformed', message)
