import { AccessTokenError } from './access-token-error.ts'

/** All `Authorization` values of a request's raw headers. Node's own `headers` would hide the second of two. */
export function authorizationValues(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'authorization',
  )
}

const bearer = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i

/**
 * The token of an `Authorization: Bearer` header (RFC 6750 §2.1). A token anywhere else does not count.
 * @throws {AccessTokenError} `token-missing` without credentials of this scheme, `request-ambiguous` with several
 */
export function bearerToken(authorization: string | readonly string[] | undefined): string {
  const values = typeof authorization === 'string' ? [authorization] : (authorization ?? [])
  if (values.length > 1)
    throw new AccessTokenError('request-ambiguous', 'The request has several Authorization headers')
  const value = values[0] ?? ''
  const token = bearer.exec(value)?.[1]
  if (token) return token
  if (/^Bearer /i.test(value))
    throw new AccessTokenError('token-malformed', 'The Authorization header is not one token')
  throw new AccessTokenError('token-missing', 'The request has no access token')
}
