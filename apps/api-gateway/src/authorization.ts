import type { IncomingMessage } from 'node:http'
import {
  type AccessTokenClaims,
  AccessTokenError,
  type Authenticator,
  evaluatePolicy,
  type Policy,
  wwwAuthenticate,
} from '@alicerce/access-tokens'
import type { Exchange, Refusal } from '@alicerce/reverse-proxy'
import { type Clock, describeDenial, unavailableDetail } from '@alicerce/service-kit'
import type { AuthorizationPolicy } from './authorization-policies.ts'
import { notesOf } from './exchange-notes.ts'

/** Lets an exchange pass or says why not: token first, then the policy of its route. */
export function createAuthorization({
  authenticator,
  policyOf,
  clock,
}: {
  authenticator: Authenticator
  policyOf: (name: string) => AuthorizationPolicy | undefined
  clock: Clock
}) {
  function admit(
    exchange: Exchange,
    policy: AuthorizationPolicy,
    claims: AccessTokenClaims,
    startedAt: number,
  ) {
    const notes = notesOf(exchange)
    notes.tokenMilliseconds = performance.now() - startedAt
    notes.subject = claims.sub
    notes.clientId = claims.client_id
    if (!policy.streamsOutliveToken) notes.streamClaims = claims
    const decision = evaluatePolicy(policy, claims, clock.now() / 1000)
    notes.policyMilliseconds = performance.now() - startedAt - notes.tokenMilliseconds
    if (!decision.allowed) return describeDenial(decision, exchange.request.rawHeaders)
    if (claims.jkt !== undefined) handProofOn(exchange)
    return undefined
  }

  /** The service checks the proof too (docs/adr/0013), and takes it once: what was sent with it is not sent again (docs/adr/0022). */
  function handProofOn(exchange: Exchange): void {
    exchange.upstreamHeaders.push('dpop', exchange.request.headers.dpop as string)
    exchange.isSentOnce = true
  }

  function refuse(exchange: Exchange, error: unknown, policy: Policy, startedAt: number): Refusal {
    if (!(error instanceof AccessTokenError)) throw error
    notesOf(exchange).tokenMilliseconds = performance.now() - startedAt
    return unauthenticated(error, exchange.request, policy)
  }

  /** Gives a promise only where a key has to be fetched, or a proof is asked for. */
  return (exchange: Exchange): Refusal | undefined | Promise<Refusal | undefined> => {
    const name = exchange.route?.authorizationPolicy ?? 'Default'
    if (name === 'Anonymous') return undefined
    const policy = policyOf(name)
    if (!policy) throw new TypeError(`There is no policy ${name}`)
    const notes = notesOf(exchange)
    const startedAt = performance.now()
    try {
      const claims = authenticator.authenticate(exchange.request, (source) => {
        notes.token = source
      })
      if (!(claims instanceof Promise)) return admit(exchange, policy, claims, startedAt)
      return claims.then(
        (found) => admit(exchange, policy, found, startedAt),
        (error: unknown) => refuse(exchange, error, policy, startedAt),
      )
    } catch (error) {
      return refuse(exchange, error, policy, startedAt)
    }
  }
}

/** The body does not say which check failed; a client that needs a new token knows enough (GW-36). */
function unauthenticated(error: AccessTokenError, { rawHeaders }: IncomingMessage, policy: Policy): Refusal {
  const challenge = wwwAuthenticate(error, rawHeaders, policy)
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
      ? `Send an access token: Authorization: ${policy.proof === 'required' ? 'DPoP' : 'Bearer'} …`
      : 'The access token is not valid, or not any more. Get a new one.',
    headers,
  }
}
