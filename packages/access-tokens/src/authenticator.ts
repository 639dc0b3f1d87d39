import { AccessTokenError } from './access-token-error.ts'
import { type AccessTokenClaims, isExpired } from './claims.ts'
import { authorizationOf, type Credentials, readCredentials } from './credentials.ts'
import { Generations } from './generations.ts'
import type { Clock } from './ports.ts'
import { createProofCheck, proofLifeMilliseconds } from './proof/proof-check.ts'
import type { UsedProofs } from './proof/used-proofs.ts'
import type { RevocationList } from './revocation/revocation-list.ts'
import type { TokenSource, TokenValidator } from './token-validator.ts'

/** What is looked at of a request: its credentials, and what it is about to do. `node:http`'s requests are such. */
export type CallingRequest = {
  readonly method?: string | undefined
  /** The request target. */
  readonly url?: string | undefined
  /** Names and values in turns, as they came. */
  readonly rawHeaders: readonly string[]
}

/** Tells who calls: the one thing that the gateway and the services ask of this package. */
export type Authenticator = {
  /**
   * The claims of the token that a request carries: at once where nothing has to be fetched or asked. While revocations cannot be heard,
   * or used proofs not be asked for, requests that only read are answered by what is known, and those that change something are refused.
   * @param onSource is told whether the token was verified now or remembered
   * @throws {AccessTokenError}
   */
  authenticate(
    request: CallingRequest,
    onSource?: (source: TokenSource) => void,
  ): AccessTokenClaims | Promise<AccessTokenClaims>
  /** Whether a token that was let in would still be: it has neither expired nor been revoked. For what goes on longer than a request. */
  stillHolds(claims: AccessTokenClaims): boolean
}

/** What an authenticator is made of. */
export type AuthenticatorOptions = {
  validator: TokenValidator
  revocations: Pick<RevocationList, 'isRevoked' | 'isCurrent'>
  usedProofs: Pick<UsedProofs, 'use'>
  /** Of this resource server: a gateway and the service behind it each see the same proof once. */
  name: string
  /**
   * The public URL that the targets of requests are below, without a slash at its end: `https://shop.example/api` where a gateway takes
   * `/api` off. Proofs are made for public addresses, and `Host` is whatever a client says.
   */
  baseUrl: string
  /** Default: the system's clock. */
  clock?: Clock
}

const mostPresented = 10_000

/** Joins validation, revocation and proofs. Revocation and proof are asked on every request, for remembered tokens too. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { validator, revocations, usedProofs, name, baseUrl, clock = Date } = options
  const checkProof = createProofCheck({ clock })
  /** By whole headers, of those whose token was valid: a person's next request has the same one. Never log this either. */
  const presented = new Generations<Credentials>(mostPresented)

  function refuseRevoked(claims: AccessTokenClaims, method: string): void {
    if (revocations.isRevoked(claims))
      throw new AccessTokenError('token-revoked', 'The access token was revoked')
    if (!isSafe(method) && !revocations.isCurrent())
      throw new AccessTokenError(
        'revocations-unknown',
        'It is not known whether the access token was revoked',
      )
  }

  function admit(claims: AccessTokenClaims, request: CallingRequest, credentials: Credentials) {
    const { method = '' } = request
    refuseRevoked(claims, method)
    if (claims.jkt === undefined && credentials.scheme === 'Bearer') return claims
    if (claims.jkt === undefined)
      throw new AccessTokenError('token-unbound', 'The access token is bound to no key: send it as Bearer')
    // Else a stolen token would be worth as much as one that is bound to nothing (RFC 9449 §7.1).
    if (credentials.scheme === 'Bearer')
      throw new AccessTokenError('token-bound', 'The access token is bound to a key and came without a proof')
    const url = addressOf(request, baseUrl)
    const expected = { token: credentials.token, jkt: claims.jkt, method, url }
    return useProof(checkProof(credentials.proofs, expected), method).then(() => claims)
  }

  async function useProof(id: string, method: string): Promise<void> {
    const use = await usedProofs.use(`${name}:${id}`, proofLifeMilliseconds)
    if (use === 'again') throw new AccessTokenError('proof-used', 'The DPoP proof was used before')
    if (use === 'unknown' && !isSafe(method))
      throw new AccessTokenError('proofs-unknown', 'It is not known whether the DPoP proof was used before')
  }

  return {
    authenticate(request, onSource) {
      const { rawHeaders } = request
      const authorization = authorizationOf(rawHeaders)
      const known = presented.get(authorization)
      const credentials = known ?? readCredentials(authorization, rawHeaders)
      const claims = validator.validate(credentials.token, onSource)
      if (claims instanceof Promise) return claims.then((found) => admit(found, request, credentials))
      // Proofs come anew with each request.
      if (!known && credentials.scheme === 'Bearer') presented.set(authorization, credentials)
      return admit(claims, request, credentials)
    },
    stillHolds: (claims) => !isExpired(claims.exp, clock.now() / 1000) && !revocations.isRevoked(claims),
  }
}

/** A target in absolute form names a host of the client's choice, which does not count. */
function addressOf({ url: target = '/' }: CallingRequest, baseUrl: string): string {
  return baseUrl + (target.startsWith('/') ? target : (URL.parse(target)?.pathname ?? '/'))
}

/** RFC 9110 §9.2.1. */
const isSafe = (method: string) => method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
