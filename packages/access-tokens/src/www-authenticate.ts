import { AccessTokenError } from './access-token-error.ts'
import { type Scheme, schemeOf } from './credentials.ts'
import type { Policy, PolicyDenial } from './policy.ts'
import { proofAlgorithms } from './proof/proof-key.ts'

const algorithms = proofAlgorithms.join(' ')

/**
 * The `WWW-Authenticate` value of a refusal (RFC 6750 §3, RFC 9449 §7.1): both schemes and no error code where no token came,
 * `invalid_token` for a bad one whatever is bad about it, `invalid_dpop_proof` for a bad proof, `insufficient_scope` where the token is good
 * and not enough, `insufficient_user_authentication` where its person has to sign in once more or more strongly (RFC 9470 §3). It speaks
 * the scheme of the request, whose raw headers are given; where a policy takes one scheme only, that one is offered and no other.
 * `undefined` for 503: other credentials would not help.
 */
export function wwwAuthenticate(
  refusal: AccessTokenError | PolicyDenial,
  rawHeaders: readonly string[],
  { proof }: Pick<Policy, 'proof'> = {},
): string | undefined {
  const scheme = schemeOf(rawHeaders) ?? 'Bearer'
  if (!(refusal instanceof AccessTokenError)) return denialChallenge(scheme, refusal)
  if (refusal.status === 503) return undefined
  switch (refusal.code) {
    case 'token-missing':
      return offers[proof ?? 'accepted']
    case 'token-bound':
      return `${challenge('Bearer', { error: 'invalid_token' })}, DPoP algs="${algorithms}"`
    case 'request-ambiguous':
      return challenge(scheme, { error: 'invalid_request' })
    case 'proof-missing':
    case 'proof-invalid':
    case 'proof-used':
      return challenge('DPoP', { error: 'invalid_dpop_proof' })
    default:
      return challenge(scheme, { error: 'invalid_token' })
  }
}

const offers = {
  required: `DPoP algs="${algorithms}"`,
  accepted: `Bearer, DPoP algs="${algorithms}"`,
  refused: 'Bearer',
}

function denialChallenge(scheme: Scheme, { reason, ...lacking }: PolicyDenial): string {
  if (reason === 'proof-required') return challenge('DPoP', { error: 'invalid_token' })
  if (reason === 'proof-refused') return challenge('Bearer', { error: 'invalid_token' })
  if (reason !== 'insufficient_user_authentication')
    return challenge(scheme, { error: 'insufficient_scope', scope: lacking.scope })
  return challenge(scheme, {
    error: reason,
    acr_values: lacking.acrValues?.join(' '),
    max_age: lacking.maximumAuthenticationAgeSeconds?.toString(),
  })
}

function challenge(scheme: Scheme, parameters: Record<string, string | undefined>): string {
  const all = { ...parameters, ...(scheme === 'DPoP' && { algs: algorithms }) }
  const given = Object.entries(all).filter(([, value]) => value !== undefined)
  return `${scheme} ${given.map(([name, value]) => `${name}="${value}"`).join(', ')}`
}
