import type { IncomingMessage, ServerResponse } from 'node:http'
import { valuesOf } from './edge/header-names.ts'

/** Whether a client takes trailers: it says so, and its answer comes in chunks (RFC 9110 §6.5.1). */
export const acceptsTrailers = ({ rawHeaders, httpVersion, method }: IncomingMessage): boolean =>
  httpVersion === '1.1' &&
  method !== 'HEAD' &&
  valuesOf(rawHeaders, 'te').some((value) => /(?:^|,)\s*trailers\s*(?:,|;|$)/i.test(value))

/** Adds names and values in turn. Call it before the response ends. */
export function addTrailers(response: ServerResponse, trailers: readonly string[]): void {
  const pairs: [string, string][] = []
  for (let index = 0; index < trailers.length; index += 2)
    pairs.push([trailers[index] as string, trailers[index + 1] as string])
  if (pairs.length > 0) response.addTrailers(pairs)
}
