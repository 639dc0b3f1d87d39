import type { AccessTokenClaims } from '#src/token/claims.ts'

/** Who may do something. Scopes say what the client may do, roles what the person may do; a policy asks both. */
export type Policy = {
  /** All of these. */
  readonly scopes?: readonly string[]
  /** Any of these. */
  readonly roles?: readonly string[]
  /** Only for people: a client acting on its own (`sub` = `client_id`, RFC 9068, section 2.2) is refused. */
  readonly user?: boolean
}

/** What a policy says of a caller. */
export type PolicyDecision =
  | { readonly allowed: true }
  | {
      readonly allowed: false
      readonly reason: 'insufficient_scope'
      readonly scope: string
      readonly roles?: undefined
    }
  | {
      readonly allowed: false
      readonly reason: 'missing-role'
      readonly roles: readonly string[]
      readonly scope?: undefined
    }
  | {
      readonly allowed: false
      readonly reason: 'user-required'
      readonly scope?: undefined
      readonly roles?: undefined
    }

const allowed: PolicyDecision = { allowed: true }

/** Holds a caller's claims against a policy. */
export function evaluatePolicy(policy: Policy, claims: AccessTokenClaims): PolicyDecision {
  if (policy.user && claims.sub === claims.client_id) return { allowed: false, reason: 'user-required' }
  for (const scope of policy.scopes ?? [])
    if (!claims.scopes.has(scope))
      return { allowed: false, reason: 'insufficient_scope', scope: (policy.scopes ?? []).join(' ') }
  if (policy.roles && !policy.roles.some((role) => claims.roles.includes(role)))
    return { allowed: false, reason: 'missing-role', roles: policy.roles }
  return allowed
}
