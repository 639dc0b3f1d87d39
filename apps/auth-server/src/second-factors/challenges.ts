import { randomBytes } from 'node:crypto'
import type { Database } from '@alicerce/database'
import type { Clock } from '@alicerce/service-kit'
import { createReplayDetection } from '#src/adapter/artifacts.ts'
import { createKeyedHash } from '#src/keys/keyed-hash.ts'
import type { Tables } from '#src/schema.ts'

/** What passkeys sign (WebAuthn §13.4.3). A challenge is made of itself, so that showing a page writes nothing. */
export type Challenges = {
  /** A new one for a purpose: this interaction, this account. It counts for five minutes. */
  make(purpose: string): Uint8Array<ArrayBuffer>
  /** Whether a challenge, as base64url, was made for the purpose and still counts. */
  isFor(purpose: string, challenge: string): boolean
  /** Whether it was not spent before. Of many uses at once one spends it. */
  spend(challenge: string): Promise<boolean>
}

const lifetimeSeconds = 5 * 60
const randomLength = 16
const headLength = randomLength + 6

/** Challenges of random bytes, the time of their end and a MAC over both and the purpose; those that were spent are remembered until their end. */
export function createChallenges(parts: {
  database: Database<Tables>
  clock: Clock
  keyEncryptionKeys: readonly string[]
}): Challenges {
  const { database, clock, keyEncryptionKeys } = parts
  const macs = createKeyedHash(keyEncryptionKeys, 'passkey challenges')
  const isNew = createReplayDetection(database)
  const toldBy = (purpose: string, head: Buffer) => Buffer.concat([head, Buffer.from(purpose)])
  const endOf = (bytes: Buffer) => bytes.readUIntBE(randomLength, 6)

  return {
    make(purpose) {
      const head = Buffer.concat([randomBytes(randomLength), Buffer.alloc(6)])
      head.writeUIntBE(Math.floor(clock.now() / 1000) + lifetimeSeconds, randomLength, 6)
      return new Uint8Array(Buffer.concat([head, macs.of(toldBy(purpose, head))]))
    },
    isFor(purpose, challenge) {
      const bytes = Buffer.from(challenge, 'base64url')
      if (bytes.length !== headLength + 32) return false
      const head = bytes.subarray(0, headLength)
      return macs.isOf(toldBy(purpose, head), bytes.subarray(headLength)) && endOf(bytes) > clock.now() / 1000
    },
    spend(challenge) {
      const bytes = Buffer.from(challenge, 'base64url')
      return isNew('passkey challenge', bytes.toString('base64url'), endOf(bytes))
    },
  }
}
