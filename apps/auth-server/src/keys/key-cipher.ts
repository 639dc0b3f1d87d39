import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

/** Seals private keys for the database: AES-256-GCM, bound to the key's id so that rows cannot be swapped. */
export function createKeyCipher(keyEncryptionKey: string) {
  // The configuration has seen to 32 bytes of key; hashed, whatever their text, they are a key of the cipher.
  const key = createHash('sha256').update(keyEncryptionKey).digest()
  return {
    seal(kid: string, text: string): Buffer {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(kid))
      return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
    },
    /** @throws where the key encryption key is another, or the row was changed */
    open(kid: string, sealed: Buffer): string {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
        .setAAD(Buffer.from(kid))
        .setAuthTag(sealed.subarray(-16))
      return decipher.update(sealed.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8')
    },
  }
}
