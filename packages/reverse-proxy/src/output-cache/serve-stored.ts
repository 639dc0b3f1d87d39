import { valuesOf } from '#src/edge/header-names.ts'
import { isGone, writeHead } from '#src/servers/client-response.ts'
import type { Call } from './call.ts'
import { isNotModified } from './conditions.ts'
import type { OutputCacheResult } from './output-cache-result.ts'
import { ageOf, type StoredAnswer } from './stored-answer.ts'

/** What a 304 does not repeat: it tells of a body that the client has (RFC 9110 §15.4.5). */
const ofBody = new Set([
  ...['content-length', 'content-type', 'content-encoding', 'content-language', 'content-range'],
])

/** How a stored answer is given. */
export type Serving = {
  readonly result: OutputCacheResult
  readonly now: number
  /** Headers for this client alone: names in lower case and values in turn. */
  readonly own?: readonly string[]
}

/** Answers a client with what is stored, or that it has it already. */
export function serveStored(call: Call, stored: StoredAnswer, { result, now, own = [] }: Serving) {
  const { exchange, outlet, asked } = call
  const { response } = outlet
  exchange.outputCache = result
  if (isGone(response)) {
    exchange.error = 'RequestCanceled'
    return outlet.done()
  }
  const hasIt = stored.status === 200 && isNotModified(asked.headers, stored.headers)
  const headers = hasIt ? withoutBody(stored.headers) : withLength(stored)
  headers.push('age', String(Math.floor(ageOf(stored, now) / 1000)), ...own)
  exchange.status = hasIt ? 304 : stored.status
  response.sendDate = false
  writeHead(response, exchange.status, '', outlet.finishHeaders(exchange, headers, exchange.status))
  const isEmpty = hasIt || asked.isHead || stored.status === 204
  exchange.sentBytes = isEmpty ? 0 : stored.body.length
  response.end(isEmpty ? undefined : stored.body)
  outlet.done()
}

/** The headers of a 304 that stands for an answer. */
export function withoutBody(headers: readonly string[]): string[] {
  return headers.filter((_, index) => !ofBody.has(headers[index - (index % 2)] as string))
}

function withLength({ headers, status, body }: StoredAnswer): string[] {
  const isSaid = status === 204 || valuesOf(headers, 'content-length').length > 0
  return isSaid ? [...headers] : [...headers, 'content-length', String(body.length)]
}
