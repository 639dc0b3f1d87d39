import { AccessTokenError, type AccessTokenErrorCode } from './access-token-error.ts'

/** The claims of a validated access token (RFC 9068 §2.2). Times are seconds since 1970. */
export type AccessTokenClaims = {
  readonly iss: string
  /** The person's id; equal to `client_id` where a client acts for itself. */
  readonly sub: string
  readonly aud: readonly string[]
  readonly client_id: string
  /** Id of this one token. */
  readonly jti: string
  readonly iat: number
  readonly exp: number
  /** What the client may do, from `scope`. */
  readonly scopes: ReadonlySet<string>
  /** What the person may do. Empty where the token names none. */
  readonly roles: readonly string[]
  /** The session at the authorization server, hashed. */
  readonly sid?: string
  /** The grant that the token belongs to. */
  readonly gid?: string
  /** When the person signed in. */
  readonly auth_time?: number
  /** How strongly the person signed in. */
  readonly acr?: string
  /** Thumbprint of the key that the token is bound to (RFC 9449 §6): it counts only together with a proof of that key. */
  readonly jkt?: string
}

/** What a resource server demands of the claims. */
export type Expectations = {
  issuer: string
  audience: string
  /** Now, in seconds since 1970. */
  now: number
}

/** The clocks of issuer and resource server may differ by so much (seconds). */
const tolerance = 15

/** Whether a token that says so of its end is past it. Both in seconds. */
export const isExpired = (exp: number, now: number) => exp + tolerance <= now

const fail = (code: AccessTokenErrorCode, message: string): never => {
  throw new AccessTokenError(code, message)
}

/**
 * Checks the payload of a token whose signature is right (RFC 9068 §4) and gives its claims.
 * @throws {AccessTokenError}
 */
export function readClaims(payload: Record<string, unknown>, expected: Expectations): AccessTokenClaims {
  const claims = {
    iss: text(payload, 'iss'),
    sub: text(payload, 'sub'),
    aud: audienceOf(payload),
    client_id: text(payload, 'client_id'),
    jti: text(payload, 'jti'),
    iat: time(payload, 'iat'),
    exp: time(payload, 'exp'),
    scopes: scopesOf(payload),
    roles: rolesOf(payload),
    ...optional(payload, 'sid', text),
    ...optional(payload, 'gid', text),
    ...optional(payload, 'auth_time', time),
    ...optional(payload, 'acr', text),
    ...boundKey(payload),
  }
  if (claims.iss !== expected.issuer) fail('token-issuer', 'The access token is of another issuer')
  if (!claims.aud.includes(expected.audience)) fail('token-audience', 'The access token is for another API')
  if (isExpired(claims.exp, expected.now)) fail('token-expired', 'The access token has expired')
  const validFrom = Math.max(claims.iat, payload.nbf === undefined ? 0 : time(payload, 'nbf'))
  if (validFrom > expected.now + tolerance) fail('token-not-yet-valid', 'The access token is of the future')
  return claims
}

function text(payload: Record<string, unknown>, name: string): string {
  const value = payload[name]
  if (typeof value === 'string' && value !== '') return value
  return fail('token-malformed', `The access token has no usable ${name}`)
}

function time(payload: Record<string, unknown>, name: string): number {
  const value = payload[name]
  if (typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER) return value
  return fail('token-malformed', `The access token has no usable ${name}`)
}

function optional<Name extends string, T>(
  payload: Record<string, unknown>,
  name: Name,
  read: (payload: Record<string, unknown>, name: string) => T,
): { [N in Name]?: T } {
  return (payload[name] === undefined ? {} : { [name]: read(payload, name) }) as { [N in Name]?: T }
}

/** A confirmation that is not understood must not be passed over (RFC 7800 §3.1). */
function boundKey({ cnf }: Record<string, unknown>): { jkt?: string } {
  if (cnf === undefined) return {}
  const { jkt, ...others } = Object(cnf) as Record<string, unknown>
  if (typeof jkt === 'string' && Object.keys(others).length === 0) return { jkt }
  return fail('token-bound', 'The access token is bound in a way that is not offered here')
}

function audienceOf({ aud }: Record<string, unknown>): string[] {
  const list = typeof aud === 'string' ? [aud] : aud
  if (isTextList(list) && list.length > 0) return list
  return fail('token-malformed', 'The access token has no usable aud')
}

function scopesOf({ scope = '' }: Record<string, unknown>): ReadonlySet<string> {
  if (typeof scope !== 'string') return fail('token-malformed', 'The access token has no usable scope')
  return new Set(scope.split(' ').filter(Boolean))
}

function rolesOf({ roles = [] }: Record<string, unknown>): string[] {
  return isTextList(roles) ? roles : fail('token-malformed', 'The access token has no usable roles')
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
