import { AccessTokenError } from '#src/errors.ts'

/** The claims of a validated access token (RFC 9068, section 2.2). Times in seconds since the epoch. */
export type AccessTokenClaims = {
  readonly iss: string
  readonly sub: string
  readonly aud: readonly string[]
  readonly client_id: string
  readonly jti: string
  readonly iat: number
  readonly exp: number
  readonly nbf?: number
  readonly scopes: ReadonlySet<string>
  readonly roles: readonly string[]
  /** The session at the auth server, as a hash. */
  readonly sid?: string
  /** The grant that the token comes from. */
  readonly gid?: string
  readonly auth_time?: number
}

/** Checks names and types of the claims that we rely on (RS-09).
 * @throws {AccessTokenError} `token-claims` */
export function readClaims(payload: Record<string, unknown>): AccessTokenClaims {
  return {
    iss: text(payload, 'iss'),
    sub: text(payload, 'sub'),
    aud: audience(payload.aud),
    client_id: text(payload, 'client_id'),
    jti: text(payload, 'jti'),
    iat: time(payload, 'iat'),
    exp: time(payload, 'exp'),
    ...(payload.nbf !== undefined && { nbf: time(payload, 'nbf') }),
    scopes: new Set(payload.scope === undefined ? [] : text(payload, 'scope').split(' ')),
    roles: payload.roles === undefined ? [] : texts(payload.roles, 'roles'),
    ...(payload.sid !== undefined && { sid: text(payload, 'sid') }),
    ...(payload.gid !== undefined && { gid: text(payload, 'gid') }),
    ...(payload.auth_time !== undefined && { auth_time: time(payload, 'auth_time') }),
  }
}

function text(payload: Record<string, unknown>, claim: string): string {
  const value = payload[claim]
  if (typeof value !== 'string' || value === '') throw wrong(claim)
  return value
}

function time(payload: Record<string, unknown>, claim: string): number {
  const value = payload[claim]
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong(claim)
  return value
}

function texts(value: unknown, claim: string): string[] {
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) throw wrong(claim)
  return value
}

const audience = (value: unknown) => (typeof value === 'string' ? [value] : texts(value, 'aud'))

const wrong = (claim: string) =>
  new AccessTokenError('token-claims', `The access token's claim ${claim} is missing or of the wrong type.`)
