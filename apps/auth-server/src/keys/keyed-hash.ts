import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** Hashes that nobody makes who does not hold the key. */
export type KeyedHash = {
  of(text: string | Buffer): Buffer
  /** Whether it is the hash of the text, in constant time. */
  isOf(text: string | Buffer, hash: Buffer): boolean
}

/**
 * HMAC-SHA-256 by keys of one purpose, one from each key encryption key. The first makes hashes, all are good to check them by: while the key encryption
 * key is rotated, processes have different ones in front.
 */
export function createKeyedHash(keyEncryptionKeys: readonly string[], purpose: string): KeyedHash {
  const keys = keyEncryptionKeys.map((key) => Buffer.from(hkdfSync('sha256', key, '', purpose, 32)))
  const [current] = keys as [Buffer, ...Buffer[]]
  const by = (key: Buffer, text: string | Buffer) => createHmac('sha256', key).update(text).digest()
  return {
    of: (text) => by(current, text),
    isOf: (text, hash) => keys.some((key) => timingSafeEqual(by(key, text), hash)),
  }
}
