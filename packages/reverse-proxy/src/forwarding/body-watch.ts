import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Writable } from 'node:stream'
import type { Limits } from '#src/configuration/read-limits.ts'
import type { InspectedRequest } from '#src/edge/inspect-request.ts'
import { closeAfter } from '#src/servers/client-response.ts'
import { isHttp2, resetStream } from '#src/servers/http2-server.ts'
import { BodyTooSlow } from './forwarder-error.ts'

const tickMilliseconds = 1000
const graceSeconds = 5
/** What is still read of a body that nobody wants, so that the connection can serve another request. */
const mostDrained = 65_536
const drainMilliseconds = 10_000

/**
 * Watches how fast a client sends its body (GW-26): never how long it takes in all, so that a large upload over a slow line passes. Time in
 * which `sink` takes nothing does not count: then it is the upstream that is slow. Call it before the body flows.
 */
export function watchBody(
  request: IncomingMessage,
  { bodyIdleMilliseconds, bodyMinimumRate }: Limits,
  onSlow: (error: Error) => void,
  sink?: Writable,
): void {
  let seconds = 0
  // Seconds that the client is ahead. Bounded, since nobody is to send much at once and then trickle for hours, and yet the idle limit long.
  const most = graceSeconds + bodyIdleMilliseconds / 1000
  let ahead = 0
  let quietSince = performance.now()
  const tick = Math.min(tickMilliseconds, bodyIdleMilliseconds / 4)
  const timer = setInterval(() => {
    const now = performance.now()
    if (sink?.writableNeedDrain && !sink.destroyed) {
      quietSince = now
      return
    }
    seconds += tick / 1000
    ahead -= tick / 1000
    const isTooSlow = bodyMinimumRate > 0 && seconds > graceSeconds && ahead < 0
    if (isTooSlow || now - quietSince >= bodyIdleMilliseconds) {
      stop()
      onSlow(new BodyTooSlow('The client sends its body too slowly'))
    }
  }, tick)
  const note = (chunk: Buffer) => {
    quietSince = performance.now()
    if (bodyMinimumRate > 0) ahead = Math.min(most, ahead + chunk.length / bodyMinimumRate)
  }
  const stop = () => clearInterval(timer)
  request.on('data', note)
  request.once('end', stop)
  request.once('close', stop)
}

/**
 * Leaves a body alone whose answer is there before all of it came (GW-60). What is short is read to its end; else the connection ends with
 * the answer.
 */
export function leaveBody(
  request: IncomingMessage,
  response: ServerResponse,
  { awaitsContinue }: Pick<InspectedRequest, 'awaitsContinue'>,
): void {
  if (request.complete) return
  request.unpipe()
  request.resume()
  if (isHttp2(request)) {
    response.once('finish', () => resetStream(request))
    return
  }
  const length = Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY)
  // A client that was not asked for its body may never send it.
  if (length <= mostDrained && !awaitsContinue) {
    const timer = setTimeout(() => request.socket.destroy(), drainMilliseconds)
    request.once('close', () => clearTimeout(timer))
    return
  }
  closeAfter(response)
}
