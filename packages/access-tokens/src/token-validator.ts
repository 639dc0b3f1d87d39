import { AccessTokenError } from './access-token-error.ts'
import { type AccessTokenClaims, readClaims } from './claims.ts'
import { type CompactToken, parseCompactToken } from './compact-token.ts'
import type { KeySet } from './key-set.ts'
import type { Clock } from './ports.ts'
import type { Algorithm, VerificationKey } from './verification-key.ts'
import { createVerifiedTokens, type TokenMemory } from './verified-tokens.ts'

/** Whether a token's signature was checked now, or was remembered from a moment ago. */
export type TokenSource = 'verified' | 'remembered'

/** Validates access tokens of one issuer for one API (RFC 9068 §4). It knows nothing of revocation: see `createAuthenticator`. */
export type TokenValidator = {
  /**
   * Gives the claims: at once where the key is known, after asking the issuer for its keys otherwise.
   * @throws {AccessTokenError}
   */
  validate(
    token: string,
    onSource?: (source: TokenSource) => void,
  ): AccessTokenClaims | Promise<AccessTokenClaims>
  /** What its memory of verified tokens has done so far. */
  memory(): TokenMemory
}

/** What tokens are accepted. */
export type TokenValidatorOptions = {
  /** The issuer, exactly as in `iss`. */
  issuer: string
  /** This API, as in `aud`. */
  audience: string
  keySet: KeySet
  /** Default: the system's clock. */
  clock?: Clock
  /** Default: ES256 and RS256. */
  algorithms?: readonly Algorithm[]
  /** How many verified tokens are remembered. Default 10,000. */
  remembered?: number
}

const rememberMilliseconds = 60_000
const types = ['at+jwt', 'application/at+jwt']

/** Makes a validator. It remembers verified tokens for a minute at most, and no longer than their key is published. */
export function createTokenValidator({
  issuer,
  audience,
  keySet,
  clock = Date,
  algorithms = ['ES256', 'RS256'],
  remembered = 10_000,
}: TokenValidatorOptions): TokenValidator {
  const verifiedTokens = createVerifiedTokens({ size: remembered })
  let [hits, misses] = [0, 0]

  function recall(token: string): AccessTokenClaims | undefined {
    const verified = verifiedTokens.get(token, clock.now())
    if (!verified) return undefined
    if (keySet.find(verified.key.kid) === verified.key) return verified.claims
    verifiedTokens.delete(token)
    return undefined
  }

  function check(token: string, parsed: CompactToken, key: VerificationKey | undefined): AccessTokenClaims {
    if (!key) throw unknownKey(keySet)
    if (key.algorithm !== parsed.header.alg) throw wrongAlgorithm()
    if (!key.verify(parsed.signedBytes, parsed.signature)) {
      throw new AccessTokenError('token-signature', 'The signature of the access token is wrong')
    }
    const now = clock.now()
    const claims = readClaims(parsed.payload(), { issuer, audience, now: now / 1000 })
    verifiedTokens.add(token, {
      claims,
      key,
      diesAt: Math.min(claims.exp * 1000, now + rememberMilliseconds),
    })
    return claims
  }

  return {
    validate(token, onSource) {
      const known = recall(token)
      if (known) hits++
      else misses++
      onSource?.(known ? 'remembered' : 'verified')
      if (known) return known
      const parsed = parseCompactToken(token)
      const kid = checkHeader(parsed.header, algorithms)
      const key = keySet.find(kid)
      if (key) return check(token, parsed, key)
      return keySet.findFresh(kid).then((fresh) => check(token, parsed, fresh))
    },
    memory: () => ({ hits, misses, evictions: verifiedTokens.evictions, size: verifiedTokens.size }),
  }
}

/** `jku`, `jwk`, `x5u` and `x5c` are not looked at: a token does not choose its own key (RFC 8725 §3.10). Gives the key's id. */
function checkHeader(header: Readonly<Record<string, unknown>>, algorithms: readonly string[]): string {
  const { typ, alg, kid, crit } = header
  if (typeof typ !== 'string' || !types.includes(typ.toLowerCase())) {
    throw new AccessTokenError('token-type', 'The token is not an access token')
  }
  if (typeof alg !== 'string' || !algorithms.includes(alg)) throw wrongAlgorithm()
  if (crit !== undefined) throw new AccessTokenError('token-malformed', 'The access token has a crit header')
  if (typeof kid === 'string') return kid
  throw new AccessTokenError('token-malformed', 'The access token names no key')
}

const wrongAlgorithm = () =>
  new AccessTokenError('token-algorithm', 'The access token is not signed with an algorithm of its key')

function unknownKey(keySet: KeySet): AccessTokenError {
  if (keySet.isReady())
    return new AccessTokenError('token-key', 'The key of the access token is not published')
  return new AccessTokenError('keys-unavailable', 'The keys of the issuer could not be fetched yet')
}
