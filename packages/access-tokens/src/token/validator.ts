import { AccessTokenError } from '#src/errors.ts'
import type { KeySet, PublishedKey } from '#src/keys/key-set.ts'
import { isSignedBy, isSigningAlgorithm } from '#src/keys/signing-algorithms.ts'
import type { Clock } from '#src/ports.ts'
import { type AccessTokenClaims, readClaims } from './claims.ts'
import { createTokenMemory } from './memory.ts'
import { type ParsedToken, parseToken } from './parse.ts'

/** Validates access tokens (RFC 9068, section 4). */
export type TokenValidator = {
  /** The claims of a valid token. A promise only where keys must be fetched. @throws {AccessTokenError} */
  validate(token: string): AccessTokenClaims | Promise<AccessTokenClaims>
  /** Whether the next `validate` of this token needs no signature check. */
  remembers(token: string): boolean
}

const toleranceSeconds = 15

export function createTokenValidator(options: {
  issuer: string
  audience: string
  keySet: KeySet
  clock?: Clock
}): TokenValidator {
  const { issuer, audience, keySet, clock = Date } = options
  const memory = createTokenMemory({ clock })

  function check(token: string, parsed: ParsedToken, key: PublishedKey | undefined): AccessTokenClaims {
    if (!key)
      throw new AccessTokenError(
        'token-signature',
        'The access token is signed by a key that the issuer does not publish.',
      )
    if (parsed.header.alg !== key.algorithm)
      throw new AccessTokenError('token-algorithm', 'The access token’s algorithm is not that of its key.')
    if (!isSignedBy(key.key, parsed.content, parsed.signature))
      throw new AccessTokenError('token-signature', 'The access token’s signature is wrong.')
    const claims = readClaims(parsed.payload)
    if (claims.iss !== issuer)
      throw new AccessTokenError('token-issuer', 'The access token is from another issuer.')
    if (!claims.aud.includes(audience))
      throw new AccessTokenError('token-audience', 'The access token is for another audience.')
    checkTimes(claims)
    memory.remember(token, claims, keySet.generation)
    return claims
  }

  function checkTimes({ exp, iat, nbf }: AccessTokenClaims): void {
    const now = clock.now() / 1000
    if (exp + toleranceSeconds <= now)
      throw new AccessTokenError('token-expired', 'The access token has expired.')
    if (iat - toleranceSeconds > now || (nbf ?? 0) - toleranceSeconds > now)
      throw new AccessTokenError('token-not-yet-valid', 'The access token is from the future.')
  }

  return {
    validate(token) {
      const remembered = memory.recall(token, keySet.generation)
      if (remembered) return remembered
      const parsed = parseToken(token)
      const keyId = checkHeader(parsed.header)
      const key = keySet.peek(keyId)
      return key ? check(token, parsed, key) : keySet.find(keyId).then((found) => check(token, parsed, found))
    },
    remembers: (token) => memory.recall(token, keySet.generation) !== undefined,
  }
}

/** Only `typ`, `alg` and `kid` count; `jku`, `jwk` and `x5u` are never followed (RFC 8725, section 3.10). Returns the key id. */
function checkHeader({ typ, alg, kid, crit }: Record<string, unknown>): string {
  const type = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : ''
  if (type !== 'at+jwt')
    throw new AccessTokenError('token-type', 'The token is not an access token (typ is not at+jwt).')
  if (!isSigningAlgorithm(alg))
    throw new AccessTokenError('token-algorithm', 'The access token’s algorithm is not allowed.')
  if (crit !== undefined)
    throw new AccessTokenError('token-malformed', 'The access token has critical header extensions.')
  if (typeof kid !== 'string' || kid === '')
    throw new AccessTokenError('token-malformed', 'The access token names no key.')
  return kid
}
