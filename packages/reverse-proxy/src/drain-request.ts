import type { IncomingMessage } from 'node:http'

const mostBytes = 10_000_000
const mostMilliseconds = 10_000

/**
 * Reads what a client still sends of a body that nobody wants any more, so that its connection can be used again and its answer is not lost in
 * a reset (RFC 9112 §9.6). A client that goes on for too long is cut off (GW-60).
 */
export function drainRequest(request: IncomingMessage): void {
  let size = 0
  const timer = setTimeout(() => request.destroy(), mostMilliseconds).unref()
  request.on('close', () => clearTimeout(timer))
  request.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > mostBytes) request.destroy()
  })
  // What was piped once stands still until it is told to go on.
  request.resume()
}
