import { type KeyObject, verify } from 'node:crypto'

/** The algorithms that access tokens may be signed with (RS-04). No symmetric one, ever. */
export const signingAlgorithms = ['ES256', 'RS256'] as const
export type SigningAlgorithm = (typeof signingAlgorithms)[number]

export const isSigningAlgorithm = (name: unknown): name is SigningAlgorithm =>
  signingAlgorithms.includes(name as SigningAlgorithm)

/** The one algorithm that a key is for; undefined for keys that we do not use. */
export function algorithmOf(key: KeyObject): SigningAlgorithm | undefined {
  if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'ES256'
  if (key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048)
    return 'RS256'
  return undefined
}

/** Verifies at once, without a trip through the thread pool: this is on the path of every request. */
export function isSignedBy(key: KeyObject, content: Buffer, signature: Buffer): boolean {
  return verify(
    'sha256',
    content,
    key.asymmetricKeyType === 'ec' ? { key, dsaEncoding: 'ieee-p1363' } : key,
    signature,
  )
}
