import { type EdgeRefusal, refuse } from './edge-refusal.ts'

/** How a request's body is framed. */
export type Framing = {
  readonly body: 'none' | 'length' | 'chunked'
  /** Where the body is of `length`. */
  readonly contentLength: number
}

const lengthForm = /^(?:0|[1-9]\d{0,15})$/
const noBody: Framing = { body: 'none', contentLength: 0 }
const chunkedBody: Framing = { body: 'chunked', contentLength: 0 }

/**
 * Reads how the body of an HTTP/1.1 request is framed (RFC 9112 §6.3). Where that is said in two ways, or not exactly, the request is
 * refused, since the next server may believe the other one.
 */
export function readFraming(rawHeaders: readonly string[], httpVersion: string): Framing | EdgeRefusal {
  let length: string | undefined
  let encoding: string | undefined
  // Names are told apart by their length first: nearly no header costs more than that.
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string
    const value = rawHeaders[index + 1] as string
    if (name.length === 14 && name.toLowerCase() === 'content-length') {
      if (length !== undefined) return refuse('Content-Length is not one whole number')
      length = value
    } else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') {
      encoding = encoding === undefined ? value : `${encoding}, ${value}`
    }
  }
  if (encoding !== undefined) return readEncoding(encoding, length, httpVersion)
  return length === undefined ? noBody : readLength(length)
}

function readEncoding(
  encoding: string,
  length: string | undefined,
  httpVersion: string,
): Framing | EdgeRefusal {
  if (httpVersion === '1.0' || length !== undefined) return refuse('The body’s length is said in two ways')
  const codings = encoding.toLowerCase()
  if (codings === 'chunked') return chunkedBody
  // Where chunked is not what ends the body, nobody can tell where it ends (RFC 9112 §6.3).
  return codings === '' || /(?:^|[\s,])chunked\s*,/.test(codings)
    ? refuse('Chunked is not the last transfer coding')
    : refuse('Only the transfer coding chunked is served', 501)
}

function readLength(text: string): Framing | EdgeRefusal {
  const contentLength = Number(text)
  if (!lengthForm.test(text) || !Number.isSafeInteger(contentLength))
    return refuse('Content-Length is not one whole number')
  return contentLength === 0 ? noBody : { body: 'length', contentLength }
}

/** The same for HTTP/2, which frames bodies itself: `endsWithHeaders` tells that there is none (RFC 9113 §8.1). */
export function readHttp2Framing(
  rawHeaders: readonly string[],
  endsWithHeaders: boolean,
): Framing | EdgeRefusal {
  const framing = readFraming(rawHeaders, '2.0')
  if (framing !== noBody || endsWithHeaders) return framing
  return rawHeaders.some((name, index) => index % 2 === 0 && name === 'content-length') ? noBody : chunkedBody
}
