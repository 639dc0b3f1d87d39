import { type Database, pendingMigrations } from '@alicerce/database'
import type { JWK } from 'jose'
import type { SigningKeys } from './keys/signing-keys.ts'
import { authServerMigrations } from './migrations/index.ts'
import type { Tables } from './schema.ts'

/** What must be there before requests are sent here (SV-34). */
export const readinessOf = (
  database: Database<Tables>,
  signingKeys: SigningKeys,
  keysInUse: () => readonly JWK[],
) => ({
  database: () => database.ping(),
  migrations: async () => {
    if ((await pendingMigrations(database, authServerMigrations)).length > 0)
      throw new Error('Migrations are pending')
  },
  keys: async () => {
    const stored = await signingKeys.describe()
    const [signing] = keysInUse()
    if (!stored.some(({ kid }) => kid === signing?.kid))
      throw new Error('The database holds other signing keys than those in use')
  },
})
