import type { IncomingMessage } from 'node:http'
import { Transform } from 'node:stream'
import type { Exchange } from './exchange.ts'
import { BodyTooLarge } from './forwarding/forwarder-error.ts'

/** Counts a body on its way. What reads it may destroy it: this counter, never the client's socket. */
export function countBody(exchange: Exchange, limit: number, onTooLarge: (error: Error) => void): Transform {
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      exchange.receivedBytes += chunk.length
      if (exchange.receivedBytes <= limit) return next(null, chunk)
      onTooLarge(new BodyTooLarge('The body is larger than the route takes'))
      return undefined
    },
  })
  counter.on('error', () => {})
  return exchange.request.pipe(counter)
}

/** Reads a body of known length whole, so that it can be sent more than once. `onRead` is not called where the client leaves before. */
export function readBody(request: IncomingMessage, onRead: (body: Buffer) => void): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => onRead(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
}
