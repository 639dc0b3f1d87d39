import { type PolicyDenial, wwwAuthenticate } from '@alicerce/access-tokens'
import type { ProblemOptions } from '#src/problem/problem.ts'

/**
 * How a denial is answered. A scope is the client's to ask for, a role the person's to have: the answer names what is missing (SV-21).
 * 403, or 401 where signing in once more helps (RFC 9470): `maxAge` (seconds) and `acrValues` say how.
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
  }[reason]
  const mayRise = reason === 'insufficient_user_authentication'
  return {
    status: mayRise ? 401 : 403,
    code: reason.replaceAll('_', '-'),
    title: mayRise ? 'Sign in once more' : 'Not allowed',
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
