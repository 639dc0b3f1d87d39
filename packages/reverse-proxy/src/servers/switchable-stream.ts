import type { Http2ServerResponse } from 'node:http2'
import type { AnswerWriter } from '#src/answer-writer.ts'
import { writeHead } from './client-response.ts'
import type { ProtocolSwitch } from './protocol-switch.ts'

/** Lets the answer to an extended CONNECT switch: its stream carries the protocol (RFC 8441 §5). */
export const switchableStream = (response: Http2ServerResponse): Http2ServerResponse & ProtocolSwitch =>
  Object.assign(response, {
    switchProtocols(_protocol: string, headers: string[]) {
      writeHead(response as unknown as AnswerWriter, 200, '', headers)
      return response.stream
    },
  })
