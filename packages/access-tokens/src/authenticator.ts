import { AccessTokenError } from './access-token-error.ts'
import { bearerToken } from './bearer-token.ts'
import type { AccessTokenClaims } from './claims.ts'
import type { RevocationList } from './revocation/revocation-list.ts'
import type { TokenSource, TokenValidator } from './token-validator.ts'

/** Tells who calls: the one thing that the gateway and the services ask of this package. */
export type Authenticator = {
  /**
   * The claims behind a request's `Authorization` value (or values): at once where nothing has to be fetched.
   * @param onSource is told whether the token was verified now or remembered
   * @throws {AccessTokenError}
   */
  authenticate(
    authorization: string | readonly string[] | undefined,
    onSource?: (source: TokenSource) => void,
  ): AccessTokenClaims | Promise<AccessTokenClaims>
}

/** Joins validation and revocation. Revocation is asked on every request, for remembered tokens too. */
export function createAuthenticator({
  validator,
  revocations,
}: {
  validator: TokenValidator
  revocations: Pick<RevocationList, 'isRevoked'>
}): Authenticator {
  function refuseRevoked(claims: AccessTokenClaims): AccessTokenClaims {
    if (revocations.isRevoked(claims))
      throw new AccessTokenError('token-revoked', 'The access token was revoked')
    return claims
  }
  return {
    authenticate(authorization, onSource) {
      const claims = validator.validate(bearerToken(authorization), onSource)
      return claims instanceof Promise ? claims.then(refuseRevoked) : refuseRevoked(claims)
    },
  }
}
