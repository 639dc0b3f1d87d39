import { createHash } from 'node:crypto'
import { AccessTokenError } from '#src/access-token-error.ts'
import { type CompactToken, parseCompactToken } from '#src/compact-token.ts'
import type { Clock } from '#src/ports.ts'
import { importProofKey, type ProofKey, thumbprintOf } from './proof-key.ts'

/** What a proof must be a proof of. */
export type ProofExpectations = {
  /** The access token that it came with. */
  token: string
  /** Thumbprint of the key that the token is bound to. */
  jkt: string
  method: string
  /** The address that the client calls, without query: `htu` must be it. */
  url: string
}

/** Checks a proof and gives its id, unique to key and proof. It does not know whether the proof was used before. */
export type ProofCheck = (proofs: readonly string[], expected: ProofExpectations) => string

/** For how long after it was made a proof is accepted, in seconds. */
const longestAgeSeconds = 60
/** The clocks of client and resource server may differ by so much, in seconds. */
const toleranceSeconds = 15
/** For how long a proof has to be remembered, in milliseconds. */
export const proofLifeMilliseconds = (longestAgeSeconds + 2 * toleranceSeconds) * 1000
const rememberedKeys = 1000
const longestId = 256

/** Makes a check of DPoP proofs as RFC 9449 §4.3 has it. Keys that have proved to be a token's are remembered. */
export function createProofCheck({ clock = Date }: { clock?: Clock } = {}): ProofCheck {
  const keys = new Map<string, ProofKey>()

  function keyOf(proof: CompactToken, jkt: string): ProofKey {
    // The thumbprint is of the key that came: only then is the key with this thumbprint the one that has to have signed.
    if (thumbprintOf(proof.header.jwk) !== jkt) throw invalid('is of another key than the access token')
    const key = keys.get(jkt) ?? importProofKey(proof.header.jwk)
    if (!key) throw invalid('has no usable key')
    return key
  }

  function remember(key: ProofKey): void {
    if (keys.has(key.thumbprint)) return
    if (keys.size >= rememberedKeys) keys.delete(keys.keys().next().value as string)
    keys.set(key.thumbprint, key)
  }

  return (proofs, { token, jkt, method, url }) => {
    const [text, second] = proofs
    if (text === undefined)
      throw new AccessTokenError(
        'proof-missing',
        'The access token is bound to a key and came without a proof',
      )
    if (second !== undefined) throw invalid('is not the only one')
    const proof = parseCompactToken(text, invalid)
    if (proof.header.typ !== 'dpop+jwt') throw invalid('is of another type')
    const key = keyOf(proof, jkt)
    if (proof.header.alg !== key.algorithm) throw invalid('is not signed with an algorithm of its key')
    const { htm, htu, iat, ath, jti } = proof.payload()
    const now = clock.now() / 1000
    if (htm !== method) throw invalid('is for another method')
    if (!isSameAddress(htu, url)) throw invalid('is for another address')
    if (typeof iat !== 'number' || iat > now + toleranceSeconds) throw invalid('is of the future')
    if (iat + longestAgeSeconds + toleranceSeconds < now) throw invalid('is too old')
    if (ath !== hash(token)) throw invalid('is for another access token')
    if (typeof jti !== 'string' || jti === '' || jti.length > longestId) throw invalid('has no usable jti')
    if (!key.verify(proof.signedBytes, proof.signature)) throw invalid('has a wrong signature')
    remember(key)
    return hash(`${jkt}.${jti}`)
  }
}

/** Normalised, without query and fragment (RFC 9449 §4.3, point 9). */
function isSameAddress(htu: unknown, url: string): boolean {
  if (typeof htu !== 'string' || !URL.canParse(htu)) return false
  const [said, called] = [new URL(htu), new URL(url)]
  return said.origin === called.origin && said.pathname === called.pathname
}

const hash = (text: string) => createHash('sha256').update(text).digest('base64url')
const invalid = (what: string) => new AccessTokenError('proof-invalid', `The DPoP proof ${what}`)
