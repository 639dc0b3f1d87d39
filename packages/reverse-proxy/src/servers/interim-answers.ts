import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerResponse, OutgoingHttpHeaders } from 'node:http2'
import type { AnswerWriter } from '#src/answer-writer.ts'
import { without } from '#src/edge/header-names.ts'
import { headText } from './head-text.ts'

/**
 * Sends an answer before the answer, such as 103 Early Hints (RFC 8297). A client of HTTP/1.0 understands none (RFC 9110 §15.2), and what stands for
 * several clients passes none on.
 */
export function writeInformation(response: AnswerWriter, status: number, headers: string[]): void {
  // None of them has a body (RFC 9110 §8.6).
  const fields = without(headers, 'content-length')
  if (isHttp2Response(response)) writeHttp2(response, status, fields)
  else if (response.writeInformation) response.writeInformation(status, fields)
  else if (response instanceof ServerResponse) writeHttp1(response, status, fields)
}

const isHttp2Response = (response: unknown): response is Http2ServerResponse =>
  'stream' in (response as object)

function writeHttp1(response: ServerResponse<IncomingMessage>, status: number, headers: string[]): void {
  const { socket, req } = response
  // Its turn on the connection comes with its socket.
  if (socket && !response.headersSent && req.httpVersion === '1.1')
    socket.write(headText(status, headers), 'latin1')
}

function writeHttp2({ stream }: Http2ServerResponse, status: number, headers: string[]): void {
  if (stream.destroyed || stream.headersSent) return
  const fields: OutgoingHttpHeaders = { ':status': status }
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string
    const before = fields[name] as string[] | undefined
    if (name !== 'connection') fields[name] = [...(before ?? []), headers[index + 1] as string]
  }
  stream.additionalHeaders(fields)
}
