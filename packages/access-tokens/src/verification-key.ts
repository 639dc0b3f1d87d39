import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto'

/** The signature algorithms that can be allowed (RFC 7518 §3.1). */
export type Algorithm = 'ES256' | 'RS256'

/** A public key of the issuer. It serves one algorithm only. */
export type VerificationKey = {
  readonly kid: string
  readonly algorithm: Algorithm
  verify(signedBytes: Buffer, signature: Buffer): boolean
}

/** The least size of an RSA key (RFC 7518 §3.3). */
const leastModulusLength = 2048

/** Makes a key of one JWK (RFC 7517); `undefined` for one that is not for verifying with an algorithm known here. */
export function importKey(jwk: JsonWebKey): VerificationKey | undefined {
  const { kid, use = 'sig', alg, key_ops: operations = ['verify'] } = jwk as Record<string, unknown>
  if (typeof kid !== 'string' || use !== 'sig') return undefined
  if (!Array.isArray(operations) || !operations.includes('verify')) return undefined
  const algorithm = algorithmOf(jwk)
  if (!algorithm || (alg !== undefined && alg !== algorithm)) return undefined
  const key = publicKey(jwk)
  return key && { kid, algorithm, verify: algorithm === 'ES256' ? verifyES256(key) : verifyRS256(key) }
}

function algorithmOf(jwk: JsonWebKey): Algorithm | undefined {
  if (jwk.kty === 'EC' && jwk.crv === 'P-256') return 'ES256'
  return jwk.kty === 'RSA' ? 'RS256' : undefined
}

/** Only the public members are taken, so that a private key published by mistake is not held here too. */
function publicKey({ kty, crv, x, y, n, e }: JsonWebKey): KeyObject | undefined {
  try {
    const jwk = kty === 'EC' ? { kty, crv, x, y } : { kty, n, e }
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })
    const { modulusLength = leastModulusLength } = key.asymmetricKeyDetails ?? {}
    return modulusLength < leastModulusLength ? undefined : key
  } catch {
    return undefined
  }
}

const verifyES256 = (key: KeyObject) => (signedBytes: Buffer, signature: Buffer) =>
  signature.length === 64 && verify('sha256', signedBytes, { key, dsaEncoding: 'ieee-p1363' }, signature)

const verifyRS256 = (key: KeyObject) => (signedBytes: Buffer, signature: Buffer) =>
  verify('sha256', signedBytes, key, signature)
