import { createDatabase, createOutbox } from '@alicerce/database'
import type { Log } from '@alicerce/service-kit'
import { createAccounts } from './accounts/accounts.ts'
import { demoAccounts, demoPassword } from './accounts/demo-accounts.ts'
import { createPasswords } from './accounts/passwords.ts'
import type { AuthServerConfig } from './config.ts'
import type { Tables } from './schema.ts'

/** Makes the demo accounts where DEMO_ACCOUNTS asks for them. Those that exist are left as they are. */
export async function seedAuthServer({ config, log }: { config: AuthServerConfig; log: Log }): Promise<void> {
  if (!config.DEMO_ACCOUNTS) return
  const database = createDatabase<Tables>({
    url: config.DATABASE_URL,
    applicationName: 'auth-server-seed',
    log,
    poolSize: 1,
  })
  try {
    const accounts = createAccounts({ database, outbox: createOutbox() })
    const known = await Promise.all(demoAccounts.map(({ id }) => accounts.find(id)))
    const missing = demoAccounts.filter((_, index) => !known[index])
    if (missing.length === 0) return
    const passwordHash = await createPasswords().hash(demoPassword)
    await database.transaction(async (tx) => {
      for (const account of missing)
        await accounts.create(tx, { ...account, locale: 'en', passwordHash, emailVerified: true })
    })
    log.warn(
      { count: missing.length },
      'Demo accounts were made. Everybody knows their password: never in production',
    )
  } finally {
    await database.close()
  }
}
