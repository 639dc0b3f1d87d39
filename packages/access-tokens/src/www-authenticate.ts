import { AccessTokenError } from './access-token-error.ts'
import type { PolicyDenial } from './policy.ts'

/**
 * The `WWW-Authenticate` value of a refusal (RFC 6750 §3): no error code where no token came, `invalid_token` for a bad one whatever
 * is bad about it, `insufficient_scope` where it is good and not enough. `undefined` for 503: other credentials would not help.
 */
export function wwwAuthenticate(refusal: AccessTokenError | PolicyDenial): string | undefined {
  if (!(refusal instanceof AccessTokenError)) {
    const scope = refusal.scope ? `, scope="${refusal.scope}"` : ''
    return `Bearer error="insufficient_scope"${scope}`
  }
  if (refusal.code === 'keys-unavailable') return undefined
  if (refusal.code === 'token-missing') return 'Bearer'
  return `Bearer error="${refusal.code === 'request-ambiguous' ? 'invalid_request' : 'invalid_token'}"`
}
