import type { Http2ServerResponse, OutgoingHttpHeaders } from 'node:http2'
import type { AnswerWriter } from '#src/answer-writer.ts'
import { without } from '#src/edge/header-names.ts'
import { isHttp2Response } from './client-response.ts'

/**
 * Sends an answer before the answer, such as 103 Early Hints (RFC 8297): names in lower case and values in turn. A client of HTTP/1.0 understands none
 * (RFC 9110 §15.2).
 */
export function writeInformation(response: AnswerWriter, status: number, headers: string[]): void {
  // None of them has a body (RFC 9110 §8.6).
  const fields = without(headers, 'content-length')
  if (isHttp2Response(response)) writeHttp2(response, status, fields)
  else response.writeInformation?.(status, fields)
}

function writeHttp2({ stream }: Http2ServerResponse, status: number, headers: string[]): void {
  if (stream.destroyed || stream.headersSent) return
  const fields: OutgoingHttpHeaders = { ':status': status }
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string
    fields[name] = [...((fields[name] as string[] | undefined) ?? []), headers[index + 1] as string]
  }
  stream.additionalHeaders(fields)
}
