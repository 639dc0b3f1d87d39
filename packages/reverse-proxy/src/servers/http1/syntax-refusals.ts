import { STATUS_CODES } from 'node:http'
import type { EdgeRefusal } from '#src/edge/edge-refusal.ts'
import type { MessageFaultCode } from '#src/http1-syntax/message-fault.ts'
import { edgeRefusal, plainRefusal } from '#src/refusals.ts'

const refusals: Record<MessageFaultCode, EdgeRefusal> = {
  'message-malformed': { status: 400, reason: 'The bytes are no well-formed HTTP/1.1' },
  'version-missing': { status: 505, reason: 'HTTP/1.1 is spoken here' },
  'method-unknown': { status: 400, reason: 'The method is none of those that are served' },
  'start-line-too-large': { status: 414, reason: 'The URL is too long' },
  'fields-too-large': { status: 431, reason: 'The headers are too large' },
  'chunk-extensions-too-large': { status: 413, reason: 'The chunk extensions are too large' },
}

/** The answer to bytes that are no request. */
export const faultRefusal = (code: MessageFaultCode): Buffer => refusalBytes(refusals[code])

/** The answer to a client whose request does not come. */
export const slowHeadRefusal = (): Buffer =>
  refusalBytes({ status: 408, reason: 'The request did not come in time' })

function refusalBytes(refusal: EdgeRefusal): Buffer {
  const { type, body } = plainRefusal(edgeRefusal(refusal))
  const lines = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
    ...[`content-type: ${type}`, `content-length: ${Buffer.byteLength(body)}`, 'cache-control: no-store'],
    ...['connection: close', '', body],
  ]
  return Buffer.from(lines.join('\r\n'))
}
