import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import createXxhash from 'xxhash-wasm'
import type { Destination } from '#src/clusters/destination.ts'
import type { AffinityConfiguration } from './affinity-configuration.ts'

const { h64Raw } = await createXxhash()

/** Turns destinations into the keys that clients hold, and back. */
export type Keys = {
  keyOf(destination: Destination): string
  destinationOf(key: string): Destination | undefined
}

/** Hashes hide the destination's name only; the others are encrypted and cannot be made by anybody else. */
export function createKeys(
  policy: AffinityConfiguration['policy'],
  destinations: readonly Destination[],
  secret: Uint8Array,
): Keys {
  if (policy === 'HashCookie') return hashKeys(destinations, hashOf)
  if (policy === 'ArrCookie') return hashKeys(destinations, arrHashOf)
  return encryptedKeys(destinations, secret)
}

/** As YARP's: xxHash64 of the name in capitals, as UTF-16LE, in hexadecimal. */
const hashOf = (id: string) => h64Raw(Buffer.from(id.toUpperCase(), 'utf16le')).toString(16).padStart(16, '0')

/** As YARP's and Azure's Application Request Routing: SHA-256 of the name in small letters, as UTF-16LE, in capital hexadecimal. */
const arrHashOf = (id: string) =>
  createHash('sha256').update(Buffer.from(id.toLowerCase(), 'utf16le')).digest('hex').toUpperCase()

function hashKeys(destinations: readonly Destination[], hash: (id: string) => string): Keys {
  const byKey = new Map(destinations.map((destination) => [hash(destination.configuration.id), destination]))
  const keyOf = new Map([...byKey].map(([key, destination]) => [destination, key]))
  return {
    keyOf: (destination) => keyOf.get(destination) ?? '',
    destinationOf: (key) => byKey.get(key),
  }
}

const algorithm = 'aes-256-gcm'
const [ivBytes, tagBytes] = [12, 16]

function encryptedKeys(destinations: readonly Destination[], secret: Uint8Array): Keys {
  const byId = new Map(destinations.map((destination) => [destination.configuration.id, destination]))
  return {
    keyOf({ configuration }) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv(algorithm, secret, iv)
      const encrypted = Buffer.concat([cipher.update(configuration.id, 'utf8'), cipher.final()])
      return Buffer.concat([iv, encrypted, cipher.getAuthTag()]).toString('base64url')
    },
    destinationOf(key) {
      const id = decrypt(Buffer.from(key, 'base64url'), secret)
      return id === undefined ? undefined : byId.get(id)
    },
  }
}

function decrypt(sealed: Buffer, secret: Uint8Array): string | undefined {
  if (sealed.length <= ivBytes + tagBytes) return undefined
  const decipher = createDecipheriv(algorithm, secret, sealed.subarray(0, ivBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  try {
    return decipher.update(sealed.subarray(ivBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    return undefined
  }
}
