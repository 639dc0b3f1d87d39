import { AccessTokenError } from './access-token-error.ts'
import type { PolicyDenial } from './policy.ts'

/**
 * The `WWW-Authenticate` value of a refusal (RFC 6750 §3): no error code where no token came, `invalid_token` for a bad one whatever
 * is bad about it, `insufficient_scope` where it is good and not enough, `insufficient_user_authentication` where its person has to sign
 * in once more or more strongly (RFC 9470 §3). `undefined` for 503: other credentials would not help.
 */
export function wwwAuthenticate(refusal: AccessTokenError | PolicyDenial): string | undefined {
  if (!(refusal instanceof AccessTokenError)) return denialChallenge(refusal)
  if (refusal.status === 503) return undefined
  if (refusal.code === 'token-missing') return 'Bearer'
  return challenge({ error: refusal.code === 'request-ambiguous' ? 'invalid_request' : 'invalid_token' })
}

function denialChallenge({ reason, ...lacking }: PolicyDenial): string {
  if (reason !== 'insufficient_user_authentication')
    return challenge({ error: 'insufficient_scope', scope: lacking.scope })
  return challenge({
    error: reason,
    acr_values: lacking.acrValues?.join(' '),
    max_age: lacking.maximumAuthenticationAgeSeconds?.toString(),
  })
}

function challenge(parameters: Record<string, string | undefined>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined)
  return `Bearer ${given.map(([name, value]) => `${name}="${value}"`).join(', ')}`
}
