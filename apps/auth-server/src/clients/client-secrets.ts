import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A secret as it is kept: nobody who reads the database can use it (F-12). */
export type KeptSecret = {
  /** SHA-256, base64url. A slow hash would gain nothing: 256 random bits cannot be guessed. */
  hash: string
  createdAt: string
  /** ISO time from which it does not count any more; `null` for the newest. */
  expiresAt: string | null
}

/** For how long the old secret still counts after a new one was made. Milliseconds. */
export const secretOverlapMilliseconds = 24 * 3_600_000

/** 256 random bits, base64url. */
export const makeSecret = () => randomBytes(32).toString('base64url')

/** What is kept of a secret. */
export const keepSecret = (secret: string, now: number): KeptSecret => ({
  hash: hashOf(secret).toString('base64url'),
  createdAt: new Date(now).toISOString(),
  expiresAt: null,
})

/** A new secret in front; the one before it counts for a day more, so that nobody has to change it everywhere at once. */
export function rotated(secrets: readonly KeptSecret[], secret: string, now: number): KeptSecret[] {
  const [newest] = secrets
  const before = newest && { ...newest, expiresAt: new Date(now + secretOverlapMilliseconds).toISOString() }
  return [keepSecret(secret, now), ...(before ? [before] : [])]
}

/** Compared in constant time, with every secret that counts. */
export function isSecretOf(secrets: readonly KeptSecret[], secret: string, now: number): boolean {
  const hash = hashOf(secret)
  let matches = false
  for (const kept of secrets) {
    const counts = kept.expiresAt === null || Date.parse(kept.expiresAt) > now
    if (timingSafeEqual(Buffer.from(kept.hash, 'base64url'), hash) && counts) matches = true
  }
  return matches
}

const hashOf = (secret: string) => createHash('sha256').update(secret).digest()
