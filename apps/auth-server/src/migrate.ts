import { migrate } from '@alicerce/database'
import { createLog, readConfig, runApp, variable } from '@alicerce/service-kit'
import { authServerMigrations } from './migrations/index.ts'

const schema = {
  MIGRATION_DATABASE_URL: variable.secretUrl({ description: 'database `auth` as its owner, auth_owner' }),
}

await runApp('auth-server migrations', async () => {
  const { MIGRATION_DATABASE_URL: url } = readConfig(schema, process.env)
  await migrate({ url, migrations: authServerMigrations, log: createLog({ name: 'auth-server' }) })
  return { close: async () => {} }
})
