import { AccessTokenError } from '#src/errors.ts'

const bearer = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i

/**
 * The token of an `Authorization` header (RFC 6750, section 2.1). The one place where a token counts: never a query or a form (RS-01).
 * @throws {AccessTokenError} `token-missing` without the header or with another scheme, `request-malformed` for two or a broken one
 */
export function bearerToken(authorization: string | undefined): string {
  if (authorization === undefined || !/^bearer\b/i.test(authorization))
    throw new AccessTokenError('token-missing', 'There is no Authorization: Bearer header.')
  const token = bearer.exec(authorization)?.[1]
  if (!token)
    throw new AccessTokenError(
      'request-malformed',
      'The Authorization header does not hold exactly one bearer token.',
    )
  return token
}

/** The challenge that goes with a refusal (RFC 6750, section 3): without a token it names no error. */
export function wwwAuthenticate({ code }: AccessTokenError): string {
  if (code === 'token-missing') return 'Bearer'
  return code === 'request-malformed' ? 'Bearer error="invalid_request"' : 'Bearer error="invalid_token"'
}
