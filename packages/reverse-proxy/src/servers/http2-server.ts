import { once } from 'node:events'
import { type IncomingMessage, ServerResponse } from 'node:http'
import {
  createServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2'
import type { AnswerWriter } from '#src/answer-writer.ts'

const serverOptions = {
  settings: { maxConcurrentStreams: 128, maxHeaderListSize: 32_768, enablePush: false },
  // A client that opens and resets streams all the time makes work without end (CVE-2023-44487): beyond this rate its connection goes.
  ...{ streamResetBurst: 200, streamResetRate: 20 },
  ...{ maxSessionInvalidFrames: 100, maxSessionRejectedStreams: 50, strictFieldWhitespaceValidation: true },
}

/** The HTTP/2 side, for sockets that are handed to it. Requests and answers have the form of HTTP/1.1's, so that one engine serves both. */
export type Http2Side = {
  readonly server: Http2Server
  /** Tells all clients to open no more streams, and lets those at work end. */
  drain(): void
  /** Cuts what is still open. */
  destroy(): void
  /** Resolves when no connection is left. */
  ended(): Promise<void>
}

export function createHttp2Side(
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
): Http2Side {
  const sessions = new Set<ServerHttp2Session>()
  const server = createServer(serverOptions, (request, response) => {
    flattenRequest(request)
    onRequest(request as unknown as IncomingMessage, response as unknown as ServerResponse)
  })
  server.on('session', (session) => {
    sessions.add(session)
    session.once('close', () => sessions.delete(session))
    // Errors of one connection are that client's own.
    session.on('error', () => {})
  })
  server.on('sessionError', () => {})
  return {
    server,
    drain() {
      for (const session of sessions) session.close()
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

const isHttp2Response = (response: AnswerWriter | Http2ServerResponse): response is Http2ServerResponse =>
  'stream' in response

/** Whether a request came over HTTP/2. */
export const isHttp2 = ({ httpVersionMajor }: IncomingMessage): boolean => httpVersionMajor === 2

/** Whether the body of an HTTP/2 request is none at all. */
export const endsWithHeaders = (request: IncomingMessage): boolean =>
  (request as unknown as Http2ServerRequest).stream.endAfterHeaders

/** Sends status and headers: names in lower case and values in turn. HTTP/2 has no reason phrase, and no connection headers (RFC 9113 §8.2.2). */
export function writeHead(response: AnswerWriter, status: number, message: string, headers: string[]): void {
  if (!isHttp2Response(response)) {
    response.writeHead(status, message, headers)
    return
  }
  const allowed = headers.filter((_, index) => headers[index - (index % 2)] !== 'connection')
  response.writeHead(status, allowed as never)
}

/** Adds trailers: names and values in turn. Call it before the response ends. */
export function addTrailers(response: AnswerWriter, trailers: readonly string[]): void {
  if (trailers.length === 0) return
  const pairs: [string, string][] = []
  for (let index = 0; index < trailers.length; index += 2)
    pairs.push([trailers[index] as string, trailers[index + 1] as string])
  if (isHttp2Response(response)) response.addTrailers(Object.fromEntries(pairs))
  else response.addTrailers(pairs)
}

/** In bytes: more is not copied for the sake of one write. */
const mostJoined = 8192

/** Ends an answer, with its body where that is at hand. A small one leaves together with its headers: as text, which Node joins with them. */
export function endResponse(response: AnswerWriter, body: Buffer | undefined): void {
  if (body === undefined) response.end()
  else if (isHttp2Response(response)) response.end(body)
  else if (response instanceof ServerResponse && body.length <= mostJoined)
    response.end(body.toString('latin1'), 'latin1')
  else {
    response.write(body)
    response.end()
  }
}

/** Ends an answer that cannot be finished, so that the client never takes it for whole (RFC 9113 §7, RFC 9112 §8). */
export function abortResponse(response: AnswerWriter): void {
  if (isHttp2Response(response)) response.stream.close(internalError)
  else response.destroy()
}

const internalError = 0x2

/** Whether there is nobody left to answer. */
export const isGone = (response: AnswerWriter): boolean =>
  isHttp2Response(response) ? response.stream.destroyed : response.destroyed
