import { migrate } from '@alicerce/database'
import { createLog, readConfig, runApp, variable } from '@alicerce/service-kit'
import { userServiceMigrations } from './migrations/index.ts'

const schema = {
  MIGRATION_DATABASE_URL: variable.secretUrl({ description: 'database `users` as its owner, users_owner' }),
}

await runApp('user-service migrations', async () => {
  const { MIGRATION_DATABASE_URL: url } = readConfig(schema, process.env)
  await migrate({ url, migrations: userServiceMigrations, log: createLog({ name: 'user-service' }) })
  return { close: async () => {} }
})
