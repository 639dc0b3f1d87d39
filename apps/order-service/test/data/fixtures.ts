import { createDatabase, type Database } from '@alicerce/database'
import { capturedLog, createTestDatabase } from '@alicerce/testing'
import type { Tables } from '#src/data/schema.ts'
import { orderServiceMigrations } from '#src/migrations/index.ts'
import { seedOrderService } from '#src/seed.ts'

/** A seeded database as the service's runtime role sees it. */
export async function seededDatabase({
  demo = false,
} = {}): Promise<{ url: string; database: Database<Tables> }> {
  const { url } = await createTestDatabase({ migrations: orderServiceMigrations })
  await seedOrderService({ databaseUrl: url, log: capturedLog(), demo })
  return { url, database: createDatabase<Tables>({ url, applicationName: 'test', log: capturedLog() }) }
}
