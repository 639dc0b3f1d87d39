import { randomUUID } from 'node:crypto'
import type { Database } from '@alicerce/database'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { sql } from 'kysely'
import type { Tables } from '#src/schema.ts'
import { createKeyCipher } from './key-cipher.ts'

/** The database holds signing keys that this key encryption key does not open. */
export class SigningKeysSealedError extends Error {
  readonly code = 'signing-keys-sealed'
}

/** In this order they are published; the first that fits signs. */
const algorithms = ['ES256', 'RS256'] as const

/** The private signing keys, made at the first start. Two processes that start at once agree on one set. */
export async function loadSigningKeys(database: Database<Tables>, keyEncryptionKey: string): Promise<JWK[]> {
  const cipher = createKeyCipher(keyEncryptionKey)
  return database.transaction(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('signing keys'))`.execute(tx.query)
    const rows = await tx.query.selectFrom('signing_key').selectAll().execute()
    const keys: JWK[] = []
    for (const algorithm of algorithms) {
      const row = rows.find((candidate) => candidate.algorithm === algorithm)
      keys.push(row ? opened(cipher, row) : await made(algorithm))
      if (!row) {
        const key = keys.at(-1) as JWK & { kid: string }
        await tx.query
          .insertInto('signing_key')
          .values({ kid: key.kid, algorithm, sealed: cipher.seal(key.kid, JSON.stringify(key)) })
          .execute()
      }
    }
    return keys
  })
}

async function made(algorithm: (typeof algorithms)[number]): Promise<JWK> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
  return { ...(await exportJWK(privateKey)), kid: randomUUID(), alg: algorithm, use: 'sig' }
}

function opened(
  cipher: ReturnType<typeof createKeyCipher>,
  { kid, sealed }: { kid: string; sealed: Buffer },
): JWK {
  try {
    return JSON.parse(cipher.open(kid, sealed))
  } catch (cause) {
    throw new SigningKeysSealedError(
      'KEY_ENCRYPTION_KEY does not open the signing keys in the database: set the one that they were sealed with.',
      { cause },
    )
  }
}
