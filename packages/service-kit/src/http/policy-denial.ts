import { type PolicyDenial, wwwAuthenticate } from '@alicerce/access-tokens'
import type { ProblemOptions } from '#src/problem/problem.ts'

/**
 * How a denial is answered. A scope is the client's to ask for, a role the person's to have: the answer names what is missing (SV-21).
 * 403, or 401 where signing in once more helps (RFC 9470): `maxAge` (seconds) and `acrValues` say how; or where another kind of token does
 * (RFC 9449 §7.2).
 * `rawHeaders` are those of the request.
 */
export function describeDenial(denial: PolicyDenial, rawHeaders: readonly string[]): ProblemOptions {
  const { reason, scope, roles, maximumAuthenticationAgeSeconds: maxAge, acrValues } = denial
  const detail = {
    insufficient_scope: `The access token lacks a scope. Needed: ${scope}.`,
    'missing-role': `This needs one of the roles: ${roles?.join(', ')}.`,
    'user-required': 'This needs the token of a person, not of a client alone.',
    insufficient_user_authentication:
      'This needs a sign-in that is more recent or stronger. Sign in once more.',
    'proof-required': 'This needs an access token that is bound to a key, with a proof of it (DPoP).',
    'proof-refused': 'This takes no access token that is bound to a key.',
  }[reason]
  const mayRise = reason === 'insufficient_user_authentication'
  const isOtherToken = reason === 'proof-required' || reason === 'proof-refused'
  return {
    status: mayRise || isOtherToken ? 401 : 403,
    code: reason.replaceAll('_', '-'),
    title: mayRise ? 'Sign in once more' : isOtherToken ? 'Another kind of token' : 'Not allowed',
    detail,
    headers: { 'www-authenticate': wwwAuthenticate(denial, rawHeaders) as string },
    extra: {
      ...(scope && { scope }),
      ...(roles && { roles }),
      ...(maxAge !== undefined && { maxAge }),
      ...(acrValues && { acrValues }),
    },
  }
}
