import type { Exchange, Refusal } from '@alicerce/reverse-proxy'
import { Problem, problemBody } from '@alicerce/service-kit'
import { notesOf } from './exchange-notes.ts'

/** The body of an answer of the gateway's own: problem details (RFC 9457). */
export function renderProblem(exchange: Exchange, refusal: Refusal): { type: string; body: string } {
  const { trace } = notesOf(exchange)
  return {
    type: 'application/problem+json; charset=utf-8',
    body: JSON.stringify(problemBody(new Problem(refusal), trace.traceId)),
  }
}

/** Headers on every answer of the API: the trace, and the way that the request went. */
export function finishApiHeaders(exchange: Exchange, headers: string[], serverTiming: boolean): string[] {
  const kept: string[] = []
  let fromService: string | undefined
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string
    const value = headers[index + 1] as string
    if (name === 'server-timing') fromService = value
    else if (name !== 'trace-id') kept.push(name, value)
  }
  kept.push('trace-id', notesOf(exchange).trace.traceId)
  if (serverTiming) kept.push('server-timing', timingOf(exchange, fromService))
  return kept
}

/** `Server-Timing` (W3C): the gateway's part in the order in which things happen, then the service's. */
function timingOf(exchange: Exchange, fromService: string | undefined): string {
  const notes = notesOf(exchange)
  const elapsed = performance.now() - exchange.startedAt
  const parts = [
    entry('gateway', elapsed, exchange.route?.id ?? 'none'),
    entry('token', notes.tokenMilliseconds, notes.token),
  ]
  if (exchange.route)
    parts.push(entry('policy', notes.policyMilliseconds, exchange.route.authorizationPolicy))
  if (exchange.destination)
    parts.push(entry('upstream', elapsed - (exchange.timings.authorize ?? 0), exchange.destination))
  return fromService ? `${parts.join(', ')}, ${fromService}` : parts.join(', ')
}

const entry = (name: string, milliseconds: number, description: string) =>
  `${name};dur=${milliseconds.toFixed(2)};desc="${description}"`
