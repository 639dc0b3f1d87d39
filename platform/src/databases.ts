import { authServerMigrations, readAuthServerConfig, seedAuthServer } from '@alicerce/auth-server'
import { migrate } from '@alicerce/database'
import { orderServiceMigrations, seedOrderService } from '@alicerce/order-service'
import { createLog } from '@alicerce/service-kit'
import { userServiceMigrations } from '@alicerce/user-service'
import type { Environments } from './environment.ts'

/** Brings every database to the newest schema, and puts in what a first start needs: demo accounts, the catalogue, sample orders. */
export async function migrateAndSeed({ auth, users, orders }: Environments): Promise<void> {
  const log = createLog({ name: 'platform', level: 'error' })
  await Promise.all([
    migrate({ url: auth.MIGRATION_DATABASE_URL, migrations: authServerMigrations, log }),
    migrate({ url: users.MIGRATION_DATABASE_URL, migrations: userServiceMigrations, log }),
    migrate({ url: orders.MIGRATION_DATABASE_URL, migrations: orderServiceMigrations, log }),
  ])
  await Promise.all([
    seedAuthServer({ config: readAuthServerConfig(auth), log }),
    seedOrderService({ databaseUrl: orders.DATABASE_URL, log, demo: true }),
  ])
}
