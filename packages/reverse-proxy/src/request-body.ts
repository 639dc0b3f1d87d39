import type { IncomingMessage } from 'node:http'
import { Transform } from 'node:stream'
import { BodyTooLarge } from './forwarding/forwarder-error.ts'

/** Counts a body on its way. What reads it may destroy it: this counter, never the client's socket. */
export function countBody(
  request: IncomingMessage,
  limit: number,
  onTooLarge: (error: Error) => void,
): Transform {
  let size = 0
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      size += chunk.length
      if (size <= limit) return next(null, chunk)
      onTooLarge(new BodyTooLarge('The body is larger than the route takes'))
      return undefined
    },
  })
  counter.on('error', () => {})
  return request.pipe(counter)
}

/** Reads a body of known length whole, so that it can be sent more than once. `onRead` is not called where the client leaves before. */
export function readBody(request: IncomingMessage, onRead: (body: Buffer) => void): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => onRead(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
}
