import { AccessTokenError } from './access-token-error.ts'
import { bearerToken } from './bearer-token.ts'
import type { AccessTokenClaims } from './claims.ts'
import type { RevocationList } from './revocation/revocation-list.ts'
import type { TokenSource, TokenValidator } from './token-validator.ts'

/** What a request shows of who sends it, and what it is about to do. */
export type Credentials = {
  method: string
  /** The value or values of `Authorization`. */
  authorization: string | readonly string[] | undefined
}

/** Tells who calls: the one thing that the gateway and the services ask of this package. */
export type Authenticator = {
  /**
   * The claims of the token that a request carries: at once where nothing has to be fetched. While revocations cannot be heard, requests
   * that only read are answered by what is known, and those that change something are refused.
   * @param onSource is told whether the token was verified now or remembered
   * @throws {AccessTokenError}
   */
  authenticate(
    credentials: Credentials,
    onSource?: (source: TokenSource) => void,
  ): AccessTokenClaims | Promise<AccessTokenClaims>
}

/** Joins validation and revocation. Revocation is asked on every request, for remembered tokens too. */
export function createAuthenticator({
  validator,
  revocations,
}: {
  validator: TokenValidator
  revocations: Pick<RevocationList, 'isRevoked' | 'isCurrent'>
}): Authenticator {
  function refuseRevoked(claims: AccessTokenClaims, method: string): AccessTokenClaims {
    if (revocations.isRevoked(claims))
      throw new AccessTokenError('token-revoked', 'The access token was revoked')
    if (!isSafe(method) && !revocations.isCurrent())
      throw new AccessTokenError(
        'revocations-unknown',
        'It is not known whether the access token was revoked',
      )
    return claims
  }
  return {
    authenticate({ method, authorization }, onSource) {
      const claims = validator.validate(bearerToken(authorization), onSource)
      return claims instanceof Promise
        ? claims.then((found) => refuseRevoked(found, method))
        : refuseRevoked(claims, method)
    },
  }
}

/** RFC 9110 §9.2.1. */
const isSafe = (method: string) => method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
