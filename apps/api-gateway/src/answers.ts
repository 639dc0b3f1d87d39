import type { Exchange, Refusal } from '@alicerce/reverse-proxy'
import { Problem, problemBody, securityHeaders } from '@alicerce/service-kit'
import type { ApiGatewayConfig } from './config.ts'
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

/** Headers on every answer of the API: the trace, the way that the request went, and the security headers that the service left out. */
export function finishApiHeaders(
  exchange: Exchange,
  headers: string[],
  { SERVER_TIMING, ISSUER_URL }: Pick<ApiGatewayConfig, 'SERVER_TIMING' | 'ISSUER_URL'>,
): string[] {
  const kept: string[] = []
  const fromService: string[] = []
  const names = new Set<string>()
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string
    const value = headers[index + 1] as string
    names.add(name)
    if (name === 'server-timing') fromService.push(value)
    else if (name !== 'trace-id') kept.push(name, value)
  }
  for (const [name, value] of Object.entries({ ...securityHeaders, ...transportSecurity(ISSUER_URL) }))
    if (!names.has(name)) kept.push(name, value)
  kept.push('trace-id', notesOf(exchange).trace.traceId)
  if (SERVER_TIMING) kept.push('server-timing', [...timingOf(exchange), ...fromService].join(', '))
  return kept
}

/** `Server-Timing` (W3C): the gateway's part, in the order in which things happen. */
function timingOf(exchange: Exchange): string[] {
  const { route, destination, timings } = exchange
  const notes = notesOf(exchange)
  const elapsed = performance.now() - exchange.startedAt
  const entries = [
    entry('gateway', elapsed, route?.id ?? 'none'),
    entry('token', notes.tokenMilliseconds, notes.token),
  ]
  if (route) entries.push(entry('policy', notes.policyMilliseconds, route.authorizationPolicy))
  if (destination)
    entries.push(entry('upstream', timings.upstream ?? elapsed - (timings.authorize ?? 0), destination))
  return entries
}

const entry = (name: string, milliseconds: number, description: string) =>
  `${name};dur=${milliseconds.toFixed(2)};desc="${description.replace(/["\\]/g, '')}"`
