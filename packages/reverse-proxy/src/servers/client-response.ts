import type { ServerResponse } from 'node:http'
import type { Http2ServerResponse } from 'node:http2'
import type { AnswerWriter } from '#src/answer-writer.ts'
import { breakStream } from './http2-server.ts'

export const isHttp2Response = (
  response: AnswerWriter | Http2ServerResponse,
): response is Http2ServerResponse => 'stream' in response

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

/** Serves nothing more on the client's connection once this answer is sent: what follows may be a part of what was refused. */
export function closeAfter(response: ServerResponse): void {
  if (!isHttp2Response(response)) response.shouldKeepAlive = false
}

/** Ends an answer that cannot be finished, so that the client never takes it for whole (RFC 9113 §7, RFC 9112 §8). */
export function abortResponse(response: AnswerWriter): void {
  if (isHttp2Response(response)) breakStream(response.stream)
  else response.destroy()
}

/** Whether there is nobody left to answer. */
export const isGone = (response: AnswerWriter): boolean =>
  isHttp2Response(response) ? response.stream.destroyed : response.destroyed
