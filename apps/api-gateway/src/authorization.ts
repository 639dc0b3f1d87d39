import {
  AccessTokenError,
  type Authenticator,
  authorizationValues,
  evaluatePolicy,
  type Policy,
  type PolicyDenial,
  type TokenSource,
  wwwAuthenticate,
} from '@alicerce/access-tokens'
import type { Exchange, Refusal } from '@alicerce/reverse-proxy'
import { notesOf } from './exchange-notes.ts'

/** Lets an exchange pass or says why not: token first, then the policy of its route. */
export function createAuthorization(
  authenticator: Authenticator,
  policyOf: (name: string) => Policy | undefined,
) {
  return async (exchange: Exchange): Promise<Refusal | undefined> => {
    const name = exchange.route?.authorizationPolicy ?? 'Default'
    if (name === 'Anonymous') return undefined
    const policy = policyOf(name)
    if (!policy) throw new TypeError(`There is no policy ${name}`)
    const notes = notesOf(exchange)
    const startedAt = performance.now()
    try {
      const authorization = authorizationValues(exchange.request.rawHeaders)
      let source: TokenSource | undefined
      const claims = await authenticator.authenticate(authorization, (found) => {
        source = found
      })
      notes.token = source ?? 'none'
      notes.tokenMilliseconds = performance.now() - startedAt
      const decision = evaluatePolicy(policy, claims)
      notes.policyMilliseconds = performance.now() - startedAt - notes.tokenMilliseconds
      return decision.allowed ? undefined : denied(decision)
    } catch (error) {
      if (!(error instanceof AccessTokenError)) throw error
      notes.tokenMilliseconds = performance.now() - startedAt
      return unauthenticated(error)
    }
  }
}

/** The body does not say which check failed; a client that needs a new token knows enough (GW-36). */
function unauthenticated(error: AccessTokenError): Refusal {
  if (error.code === 'keys-unavailable')
    return {
      status: 503,
      code: 'unavailable',
      title: 'Not available',
      detail: 'Access tokens cannot be checked at the moment. Try again soon.',
      headers: { 'retry-after': '5' },
    }
  if (error.code === 'request-ambiguous')
    return {
      ...{ status: error.status, code: error.code, title: 'Ambiguous credentials' },
      detail: 'Send one access token, in one Authorization header.',
      headers: challenge(error),
    }
  const missing = error.code === 'token-missing'
  return {
    status: error.status,
    code: missing ? 'token-missing' : 'token-invalid',
    title: 'Sign in first',
    detail: missing
      ? 'Send an access token: Authorization: Bearer …'
      : 'The access token is not valid, or not any more. Get a new one.',
    headers: challenge(error),
  }
}

function denied(denial: PolicyDenial): Refusal {
  const { reason, scope, roles } = denial
  const missing = {
    insufficient_scope: `The access token lacks a scope. Needed: ${scope}.`,
    'missing-role': `This needs one of the roles: ${roles?.join(', ')}.`,
    'user-required': 'This needs the token of a person, not of a client alone.',
  }[reason]
  return {
    status: 403,
    code: reason.replace('_', '-'),
    title: 'Not allowed',
    detail: missing,
    headers: challenge(denial),
    extra: { ...(scope && { scope }), ...(roles && { roles }) },
  }
}

function challenge(refusal: AccessTokenError | PolicyDenial): Record<string, string> {
  const value = wwwAuthenticate(refusal)
  return value ? { 'www-authenticate': value } : {}
}
