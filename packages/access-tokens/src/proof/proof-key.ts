import { constants, createHash, createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto'

/** The algorithms that a proof may be signed with: those that the authorization server binds tokens by. */
export const proofAlgorithms = ['ES256', 'EdDSA', 'PS256'] as const

/** A public key that came with a proof. It serves one algorithm only. */
export type ProofKey = {
  readonly algorithm: (typeof proofAlgorithms)[number]
  /** The SHA-256 thumbprint of RFC 7638, in base64url: what a token is bound to. */
  readonly thumbprint: string
  verify(signedBytes: Buffer, signature: Buffer): boolean
}

/** The public members of each kind of key, in the order of RFC 7638 §3.2 */
const kinds = {
  EC: { members: ['crv', 'kty', 'x', 'y'], curve: 'P-256', algorithm: 'ES256' },
  OKP: { members: ['crv', 'kty', 'x'], curve: 'Ed25519', algorithm: 'EdDSA' },
  RSA: { members: ['e', 'kty', 'n'], curve: undefined, algorithm: 'PS256' },
} as const

const leastModulusLength = 2048

/** The thumbprint of a JWK; `undefined` for anything that is not the public part of a key known here (RFC 9449 §4.3, point 7). */
export function thumbprintOf(jwk: unknown): string | undefined {
  const members = publicMembers(jwk)
  return members && createHash('sha256').update(JSON.stringify(members)).digest('base64url')
}

/** Makes a key of a JWK; `undefined` for one that cannot verify. */
export function importProofKey(jwk: unknown): ProofKey | undefined {
  const members = publicMembers(jwk)
  const thumbprint = thumbprintOf(jwk)
  const key = members && publicKey(members)
  if (!key || !thumbprint) return undefined
  const { algorithm } = kinds[members.kty as keyof typeof kinds]
  return { algorithm, thumbprint, verify: verifiers[algorithm](key) }
}

/** Whoever shows his private key has none. */
function publicMembers(jwk: unknown): Record<string, string> | undefined {
  if (typeof jwk !== 'object' || jwk === null || 'd' in jwk || 'k' in jwk) return undefined
  const given = jwk as Record<string, unknown>
  const kind = Object.hasOwn(kinds, String(given.kty)) ? kinds[given.kty as keyof typeof kinds] : undefined
  if (!kind || given.crv !== kind.curve) return undefined
  const members = kind.members.map((name) => [name, given[name]] as const)
  return members.every(([, value]) => typeof value === 'string')
    ? (Object.fromEntries(members) as Record<string, string>)
    : undefined
}

function publicKey(jwk: JsonWebKey): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    const { modulusLength = leastModulusLength } = key.asymmetricKeyDetails ?? {}
    return modulusLength < leastModulusLength ? undefined : key
  } catch {
    return undefined
  }
}

const verifiers: Record<ProofKey['algorithm'], (key: KeyObject) => ProofKey['verify']> = {
  ES256: (key) => (signedBytes, signature) =>
    signature.length === 64 && verify('sha256', signedBytes, { key, dsaEncoding: 'ieee-p1363' }, signature),
  EdDSA: (key) => (signedBytes, signature) => verify(null, signedBytes, key, signature),
  PS256: (key) => (signedBytes, signature) => {
    const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
    return verify('sha256', signedBytes, { key, ...padding }, signature)
  },
}
