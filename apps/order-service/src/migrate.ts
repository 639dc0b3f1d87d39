import { migrate } from '@alicerce/database'
import { createLog, readConfig, runApp, variable } from '@alicerce/service-kit'
import { orderServiceMigrations } from './migrations/index.ts'

const schema = {
  MIGRATION_DATABASE_URL: variable.secretUrl({ description: 'database `orders` as its owner, orders_owner' }),
}

await runApp('order-service migrations', async () => {
  const { MIGRATION_DATABASE_URL: url } = readConfig(schema, process.env)
  await migrate({ url, migrations: orderServiceMigrations, log: createLog({ name: 'order-service' }) })
  return { close: async () => {} }
})
