import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { Socket } from 'node:net'
import { IdleSessions } from './idle-sessions.ts'

const serverOptions = {
  settings: { maxConcurrentStreams: 128, maxHeaderListSize: 32_768, enablePush: false },
  // A client that opens and resets streams all the time makes work without end (CVE-2023-44487): beyond this rate its connection goes.
  ...{ streamResetBurst: 200, streamResetRate: 20 },
  ...{ maxSessionInvalidFrames: 100, maxSessionRejectedStreams: 50, strictFieldWhitespaceValidation: true },
}

/** The HTTP/2 side, for sockets that are handed to it. Requests and answers have the form of HTTP/1.1's, so that one engine serves both. */
export type Http2Side = {
  accept(socket: Socket): void
  /**
   * Tells all clients to open no more streams, and lets those at work end. Streams that are on their way are still served for so long at most
   * (RFC 9113 §6.8).
   */
  drain(idleGraceMilliseconds: number): void
  /** Cuts what is still open. */
  destroy(): void
  /** Resolves when no connection is left. */
  ended(): Promise<void>
}

/** `onStream` is told of each stream, before its request. */
export function createHttp2Side(
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
  onStream: (stream: ServerHttp2Stream) => void,
): Http2Side {
  const sessions = new Set<ServerHttp2Session>()
  const idle = new IdleSessions()
  const server = createServer(serverOptions, (request, response) => {
    flattenRequest(request)
    onRequest(request as unknown as IncomingMessage, response as unknown as ServerResponse)
  })
  let isDraining = false
  server.on('session', (session) => {
    sessions.add(session)
    idle.watch(session)
    // One whose TLS took until now has its first requests on the way.
    if (isDraining) setTimeout(() => session.close(), longestOnTheWay).unref()
    session.once('close', () => sessions.delete(session))
    // Errors of one connection are that client's own.
    session.on('error', () => {})
  })
  server.on('sessionError', () => {})
  server.on('stream', onStream)
  return {
    accept(socket) {
      // A client that has ended has left: HTTP/2 knows no other way, and its connection would stay open for nobody.
      socket.allowHalfOpen = false
      server.emit('connection', socket)
    },
    drain(idleGraceMilliseconds) {
      idle.close()
      const close = () => {
        for (const session of sessions) session.close()
      }
      isDraining = true
      if (idleGraceMilliseconds === 0) return close()
      for (const session of sessions) session.goaway(noError, lastOfAllStreams)
      setTimeout(close, Math.min(idleGraceMilliseconds, longestOnTheWay)).unref()
    },
    destroy() {
      for (const session of sessions) session.destroy()
    },
    async ended() {
      await Promise.all([...sessions].map((session) => once(session, 'close')))
    },
  }
}

/**
 * Gives a request the headers that the same one has in HTTP/1.1: `Host` instead of `:authority`, no other pseudo-headers, and one `Cookie` line
 * (RFC 9113 §8.2.3, §8.3.1). A `Host` that says otherwise than `:authority` stays as a second line, and is refused as such.
 */
function flattenRequest(request: Http2ServerRequest): void {
  const { rawHeaders } = request
  const authority = request.authority
  const flat: string[] = authority ? ['host', authority] : []
  const cookies: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string
    const value = rawHeaders[index + 1] as string
    if (name.startsWith(':') || (name === 'host' && value === authority)) continue
    if (name === 'cookie') cookies.push(value)
    else flat.push(name, value)
  }
  if (cookies.length > 0) flat.push('cookie', cookies.join('; '))
  Object.defineProperty(request, 'rawHeaders', { value: flat })
}

/** Whether a request came over HTTP/2: what a request of HTTP/1.1 says of its version proves nothing. */
export const isHttp2 = (request: IncomingMessage): boolean => 'stream' in request

/** Whether the body of an HTTP/2 request is none at all. */
export const endsWithHeaders = (request: IncomingMessage): boolean =>
  (request as unknown as Http2ServerRequest).stream.endAfterHeaders

/** Tells a client whose answer is sent that the rest of its body is not wanted (RFC 9113 §8.1). */
export const resetStream = (request: IncomingMessage): void =>
  (request as unknown as Http2ServerRequest).stream.close(noError)

/**
 * Ends a stream whose answer is not whole, by RST_STREAM (RFC 9113 §8.1). `close` would not do: Node ends the answer first, with the very flag that
 * says that it is whole, and may then say nothing more.
 */
export const breakStream = (stream: Http2ServerResponse['stream']): void =>
  void stream.destroy(new Error('The answer is broken off'))

const noError = 0x0

/** It says that more is not wanted, and that whatever is on its way is taken (RFC 9113 §6.8). */
const lastOfAllStreams = 2 ** 31 - 1

/** Milliseconds: longer than a round trip, in which clients hear of it. */
const longestOnTheWay = 1000
