import type { AccessTokenClaims } from './claims.ts'

/** What a caller must have. Scopes say what the client may do, roles what the person may do; a policy may ask both. */
export type Policy = {
  /** All of these scopes. */
  readonly scopes?: readonly string[]
  /** At least one of these roles. */
  readonly roles?: readonly string[]
  /** A person: a client acting for itself is refused. */
  readonly user?: boolean
  /** The person must have signed in so recently, in seconds (RFC 9470). */
  readonly maximumAuthenticationAgeSeconds?: number
  /** The person must have signed in at one of these levels (`acr`, RFC 9470), the one that is asked for first. */
  readonly acrValues?: readonly string[]
  /** Whether the token must be bound to a key that its sender proves (DPoP, RFC 9449), or must not be. Default: either will do. */
  readonly proof?: 'required' | 'refused'
}

/** What a caller lacks. */
export type PolicyDenial = {
  readonly allowed: false
  readonly reason:
    | 'insufficient_scope'
    | 'missing-role'
    | 'user-required'
    | 'insufficient_user_authentication'
    | 'proof-required'
    | 'proof-refused'
  /** All scopes that the policy asks for, separated by spaces. */
  readonly scope?: string
  /** The roles of which one is needed. */
  readonly roles?: readonly string[]
  /** How recently the person must have signed in, in seconds. */
  readonly maximumAuthenticationAgeSeconds?: number
  /** The levels of which one is needed. */
  readonly acrValues?: readonly string[]
}

/** The answer of a policy. */
export type PolicyDecision = { readonly allowed: true } | PolicyDenial

const allowed = { allowed: true } as const

/**
 * Holds a caller's claims against a policy; `now` is in seconds since 1970. An empty policy allows every valid token. Which kind of token it
 * has to be comes first, since everything else is said of the token. How the person signed in comes last: nobody signs in again only to be
 * told of a missing role.
 */
export function evaluatePolicy(policy: Policy, claims: AccessTokenClaims, now: number): PolicyDecision {
  const { scopes = [], roles = [], user = false, proof } = policy
  // A bound token came with its proof: the authenticator lets it pass in no other way.
  const isProven = claims.jkt !== undefined
  if (proof === 'required' && !isProven) return { allowed: false, reason: 'proof-required' }
  if (proof === 'refused' && isProven) return { allowed: false, reason: 'proof-refused' }
  if (user && claims.sub === claims.client_id) return { allowed: false, reason: 'user-required' }
  if (!scopes.every((scope) => claims.scopes.has(scope))) {
    return { allowed: false, reason: 'insufficient_scope', scope: scopes.join(' ') }
  }
  if (roles.length > 0 && !roles.some((role) => claims.roles.includes(role))) {
    return { allowed: false, reason: 'missing-role', roles }
  }
  return isAuthenticated(policy, claims, now) ? allowed : stepUp(policy)
}

/** A token that does not say when or how its person signed in does not fulfil a policy that asks. */
function isAuthenticated(
  { maximumAuthenticationAgeSeconds: maximum, acrValues }: Policy,
  { auth_time: authTime, acr }: AccessTokenClaims,
  now: number,
): boolean {
  if (maximum !== undefined && (authTime === undefined || now - authTime > maximum)) return false
  return acrValues === undefined || (acr !== undefined && acrValues.includes(acr))
}

/** Both demands are told, also where one of them is met: the next sign-in has to meet both. */
const stepUp = ({ maximumAuthenticationAgeSeconds, acrValues }: Policy): PolicyDenial => ({
  allowed: false,
  reason: 'insufficient_user_authentication',
  ...(maximumAuthenticationAgeSeconds !== undefined && { maximumAuthenticationAgeSeconds }),
  ...(acrValues && { acrValues }),
})
