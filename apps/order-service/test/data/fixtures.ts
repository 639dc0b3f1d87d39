import { createDatabase, type Database, inboxMigration, outboxMigration } from '@alicerce/database'
import { capturedLog, createTestDatabase } from '@alicerce/testing'
import type { Tables } from '#src/data/schema.ts'
import { createCatalogue } from '#src/migrations/2026-11-23t15-00-create-catalogue.ts'
import { createOrders } from '#src/migrations/2026-11-23t15-10-create-orders.ts'
import { seedOrderService } from '#src/seed.ts'

/** A seeded database as the service's runtime role sees it. */
export async function seededDatabase({
  demo = false,
} = {}): Promise<{ url: string; database: Database<Tables> }> {
  const { url } = await createTestDatabase({
    migrations: { a: createCatalogue, b: createOrders, c: outboxMigration, d: inboxMigration },
  })
  await seedOrderService({ databaseUrl: url, log: capturedLog(), demo })
  return { url, database: createDatabase<Tables>({ url, applicationName: 'test', log: capturedLog() }) }
}
