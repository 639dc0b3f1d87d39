import { AccessTokenError } from '#src/errors.ts'
import type { RevocationList } from '#src/revocation/list.ts'
import type { AccessTokenClaims } from '#src/token/claims.ts'
import type { TokenValidator } from '#src/token/validator.ts'
import { bearerToken } from './bearer.ts'

/** From an `Authorization` header to the claims of a valid token that nobody has revoked. */
export type Authenticate = (
  authorization: string | undefined,
) => AccessTokenClaims | Promise<AccessTokenClaims>

/** The one call that gateway and services make. Revocation is asked on every request, after any remembered verification (RS-14). */
export function createAuthenticator({
  validator,
  revocations,
}: {
  validator: TokenValidator
  revocations: RevocationList
}): Authenticate {
  const unlessRevoked = (claims: AccessTokenClaims) => {
    if (revocations.isRevoked(claims))
      throw new AccessTokenError('token-revoked', 'The access token was revoked.')
    return claims
  }
  return (authorization) => {
    const claims = validator.validate(bearerToken(authorization))
    return claims instanceof Promise ? claims.then(unlessRevoked) : unlessRevoked(claims)
  }
}
