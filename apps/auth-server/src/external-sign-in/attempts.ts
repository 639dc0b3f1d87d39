import { createHash } from 'node:crypto'
import type { Database } from '@alicerce/database'
import { randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client'
import type { KeyCipher } from '#src/keys/key-cipher.ts'
import type { Tables } from '#src/schema.ts'
import type { AttemptSecrets } from './external-providers.ts'

/** Sign-ins at other providers that are under way. */
export type ExternalAttempts = {
  begin(interaction: string, provider: string): Promise<AttemptSecrets>
  /** What the attempt was begun with. Once, and only for the interaction that began it; `undefined` otherwise. */
  take(interaction: string, provider: string, state: string): Promise<AttemptSecrets | undefined>
}

const attemptMilliseconds = 10 * 60_000

/** Attempts in PostgreSQL, sealed: any process may take up what another one began. */
export function createExternalAttempts({
  database: { query },
  cipher,
}: {
  database: Database<Tables>
  cipher: KeyCipher
}): ExternalAttempts {
  return {
    async begin(interaction, provider) {
      // The answer comes to one address for all: the state says to which interaction it belongs.
      const state = `${interaction}.${randomState()}`
      const secrets = { state, nonce: randomNonce(), verifier: randomPKCECodeVerifier() }
      await query
        .insertInto('external_attempt')
        .values({
          state_hash: hashOf(state),
          interaction,
          provider,
          sealed: cipher.seal(state, JSON.stringify(secrets)),
          expires_at: new Date(Date.now() + attemptMilliseconds),
        })
        .execute()
      return secrets
    },
    async take(interaction, provider, state) {
      const row = await query
        .deleteFrom('external_attempt')
        .where('state_hash', '=', hashOf(state))
        .where('interaction', '=', interaction)
        .where('provider', '=', provider)
        .returning(['sealed', 'expires_at'])
        .executeTakeFirst()
      if (!row || row.expires_at < new Date()) return undefined
      return JSON.parse(cipher.open(state, row.sealed))
    },
  }
}

const hashOf = (state: string) => createHash('sha256').update(state).digest()
