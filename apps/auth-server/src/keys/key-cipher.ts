import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

/** Seals secrets for the database. */
export type KeyCipher = {
  /** `name` binds what is sealed to its row, so that rows cannot be swapped. */
  seal(name: string, text: string): Buffer
  /** @throws where none of the keys sealed it, or the row was changed */
  open(name: string, sealed: Buffer): string
  /** Whether an older key sealed it: seal it again, so that the older key can go. */
  isOutdated(name: string, sealed: Buffer): boolean
  /** Whether anything could be outdated. */
  readonly hasOlderKeys: boolean
}

/** AES-256-GCM. The first of the keys seals, the others still open: a new key is put in front, the old one goes once everything is sealed anew. */
export function createKeyCipher(keyEncryptionKeys: readonly string[]): KeyCipher {
  // The configuration has seen to 32 bytes of key; hashed, whatever their text, they are a key of the cipher.
  const keys = keyEncryptionKeys.map((key) => createHash('sha256').update(key).digest())
  const [current] = keys as [Buffer, ...Buffer[]]

  function openedBy(key: Buffer, name: string, sealed: Buffer): string | undefined {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
      .setAAD(Buffer.from(name))
      .setAuthTag(sealed.subarray(-16))
    const text = decipher.update(sealed.subarray(12, -16), undefined, 'utf8')
    try {
      return text + decipher.final('utf8')
    } catch {
      return undefined
    }
  }

  return {
    seal(name, text) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', current, nonce).setAAD(Buffer.from(name))
      return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
    },
    open(name, sealed) {
      for (const key of keys) {
        const text = openedBy(key, name, sealed)
        if (text !== undefined) return text
      }
      throw new Error('No key encryption key opens it')
    },
    isOutdated: (name, sealed) => openedBy(current, name, sealed) === undefined,
    hasOlderKeys: keys.length > 1,
  }
}
