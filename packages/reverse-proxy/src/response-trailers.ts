import type { IncomingMessage } from 'node:http'
import { valuesOf } from './edge/header-names.ts'
import { isHttp2 } from './servers/http2-server.ts'

/** Whether a client takes trailers. In HTTP/1.1 it has to say so, and its answer comes in chunks (RFC 9110 §6.5.1). */
export function acceptsTrailers(request: IncomingMessage, hasLength: boolean): boolean {
  if (request.method === 'HEAD') return false
  if (isHttp2(request)) return true
  return !hasLength && request.httpVersion === '1.1' && takesTrailers(request)
}

/** Whether `TE` names trailers. */
export const takesTrailers = ({ rawHeaders }: IncomingMessage): boolean =>
  valuesOf(rawHeaders, 'te').some((value) => /(?:^|,)\s*trailers\s*(?:,|;|$)/i.test(value))
