import type { Exchange, Refusal } from '@alicerce/reverse-proxy'
import { Problem, problemBody, securityHeaders } from '@alicerce/service-kit'
import type { ApiGatewayConfig } from './config.ts'
import { durationText } from './duration-text.ts'
import { notesOf } from './exchange-notes.ts'
import { transportSecurity } from './web-app/headers.ts'

/** The body of an answer of the gateway's own: problem details (RFC 9457). */
export function renderProblem(exchange: Exchange, refusal: Refusal): { type: string; body: string } {
  const { trace } = notesOf(exchange)
  return {
    type: 'application/problem+json; charset=utf-8',
    body: JSON.stringify(problemBody(new Problem(refusal), trace.traceId)),
  }
}

/** What makes the headers of every answer of the API: the trace, the way that the request went, and the security headers that the service left out. */
export function createApiHeaders({
  SERVER_TIMING: tellsTiming,
  ISSUER_URL,
}: Pick<ApiGatewayConfig, 'SERVER_TIMING' | 'ISSUER_URL'>) {
  const always = Object.entries({ ...securityHeaders, ...transportSecurity(ISSUER_URL) })

  /** Adds them to names in lower case and values in turn. */
  return (exchange: Exchange, headers: readonly string[]): string[] => {
    const kept: string[] = []
    let fromService = ''
    for (let index = 0; index < headers.length; index += 2) {
      const name = headers[index] as string
      const value = headers[index + 1] as string
      if (name === 'server-timing') fromService += `, ${value}`
      else if (name !== 'trace-id') kept.push(name, value)
    }
    const given = kept.length
    for (const [name, value] of always) if (!hasName(kept, given, name)) kept.push(name, value)
    kept.push('trace-id', notesOf(exchange).trace.traceId)
    if (tellsTiming) kept.push('server-timing', timingOf(exchange) + fromService)
    return kept
  }
}

function hasName(headers: readonly string[], length: number, name: string): boolean {
  for (let index = 0; index < length; index += 2) if (headers[index] === name) return true
  return false
}

/** `Server-Timing` (W3C): the gateway's part, in the order in which things happen. */
function timingOf(exchange: Exchange): string {
  const { route, destination, timings } = exchange
  const notes = notesOf(exchange)
  const elapsed = performance.now() - exchange.startedAt
  let text = entry('gateway', elapsed, route?.id ?? 'none')
  text += `, ${entry('token', notes.tokenMilliseconds, notes.token)}`
  if (route) text += `, ${entry('policy', notes.policyMilliseconds, route.authorizationPolicy)}`
  if (exchange.outputCache) text += `, output-cache;desc=${exchange.outputCache}`
  if (destination)
    text += `, ${entry('upstream', timings.upstream ?? elapsed - (timings.authorize ?? 0), destination)}`
  return text
}

const entry = (name: string, milliseconds: number, description: string) =>
  `${name};dur=${durationText(milliseconds)};desc="${/["\\]/.test(description) ? description.replace(/["\\]/g, '') : description}"`
