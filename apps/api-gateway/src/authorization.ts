import type { IncomingMessage } from 'node:http'
import {
  AccessTokenError,
  type Authenticator,
  evaluatePolicy,
  type Policy,
  type TokenSource,
  wwwAuthenticate,
} from '@alicerce/access-tokens'
import type { Exchange, Refusal } from '@alicerce/reverse-proxy'
import { type Clock, describeDenial, unavailableDetail } from '@alicerce/service-kit'
import { notesOf } from './exchange-notes.ts'

/** Lets an exchange pass or says why not: token first, then the policy of its route. */
export function createAuthorization({
  authenticator,
  policyOf,
  clock,
}: {
  authenticator: Authenticator
  policyOf: (name: string) => Policy | undefined
  clock: Clock
}) {
  return async (exchange: Exchange): Promise<Refusal | undefined> => {
    const name = exchange.route?.authorizationPolicy ?? 'Default'
    if (name === 'Anonymous') return undefined
    const policy = policyOf(name)
    if (!policy) throw new TypeError(`There is no policy ${name}`)
    const notes = notesOf(exchange)
    const startedAt = performance.now()
    try {
      let source: TokenSource | undefined
      const claims = await authenticator.authenticate(exchange.request, (found) => {
        source = found
      })
      notes.token = source ?? 'none'
      notes.tokenMilliseconds = performance.now() - startedAt
      notes.subject = claims.sub
      notes.clientId = claims.client_id
      const decision = evaluatePolicy(policy, claims, clock.now() / 1000)
      notes.policyMilliseconds = performance.now() - startedAt - notes.tokenMilliseconds
      return decision.allowed ? undefined : describeDenial(decision, exchange.request.rawHeaders)
    } catch (error) {
      if (!(error instanceof AccessTokenError)) throw error
      notes.tokenMilliseconds = performance.now() - startedAt
      return unauthenticated(error, exchange.request)
    }
  }
}

/** The body does not say which check failed; a client that needs a new token knows enough (GW-36). */
function unauthenticated(error: AccessTokenError, { rawHeaders }: IncomingMessage): Refusal {
  const challenge = wwwAuthenticate(error, rawHeaders)
  const headers: Record<string, string> = challenge ? { 'www-authenticate': challenge } : {}
  if (error.status === 503)
    return {
      status: 503,
      code: 'unavailable',
      title: 'Not available',
      detail: unavailableDetail(error),
      headers: { 'retry-after': '5' },
    }
  if (error.code === 'request-ambiguous')
    return {
      ...{ status: error.status, code: error.code, title: 'Ambiguous credentials' },
      detail: 'Send one access token, in one Authorization header.',
      headers,
    }
  const missing = error.code === 'token-missing'
  return {
    status: error.status,
    code: missing ? 'token-missing' : 'token-invalid',
    title: 'Sign in first',
    detail: missing
      ? 'Send an access token: Authorization: Bearer …'
      : 'The access token is not valid, or not any more. Get a new one.',
    headers,
  }
}
