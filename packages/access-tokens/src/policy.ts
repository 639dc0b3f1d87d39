import type { AccessTokenClaims } from './claims.ts'

/** What a caller must have. Scopes say what the client may do, roles what the person may do; a policy may ask both. */
export type Policy = {
  /** All of these scopes. */
  readonly scopes?: readonly string[]
  /** At least one of these roles. */
  readonly roles?: readonly string[]
  /** A person: a client acting for itself is refused. */
  readonly user?: boolean
}

/** What a caller lacks. */
export type PolicyDenial = {
  readonly allowed: false
  readonly reason: 'insufficient_scope' | 'missing-role' | 'user-required'
  /** All scopes that the policy asks for, separated by spaces. */
  readonly scope?: string
  /** The roles of which one is needed. */
  readonly roles?: readonly string[]
}

/** The answer of a policy. */
export type PolicyDecision = { readonly allowed: true } | PolicyDenial

const allowed = { allowed: true } as const

/** Holds a caller's claims against a policy. An empty policy allows every valid token. */
export function evaluatePolicy(policy: Policy, claims: AccessTokenClaims): PolicyDecision {
  const { scopes = [], roles = [], user = false } = policy
  if (user && claims.sub === claims.client_id) return { allowed: false, reason: 'user-required' }
  if (!scopes.every((scope) => claims.scopes.has(scope))) {
    return { allowed: false, reason: 'insufficient_scope', scope: scopes.join(' ') }
  }
  if (roles.length > 0 && !roles.some((role) => claims.roles.includes(role))) {
    return { allowed: false, reason: 'missing-role', roles }
  }
  return allowed
}
