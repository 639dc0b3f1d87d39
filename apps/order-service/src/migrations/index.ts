import { inboxAgeMigration, inboxMigration, type Migrations, outboxMigration } from '@alicerce/database'
import { cacheAdministrationMigration, idempotencyMigration } from '@alicerce/service-kit'
import { createCatalogue } from './2026-11-23t15-00-create-catalogue.ts'
import { createOrders } from './2026-11-23t15-10-create-orders.ts'
import { countChangesOfOrders } from './2026-11-27t08-00-count-changes-of-orders.ts'

/** All migrations of this service, in the order of their names. */
export const orderServiceMigrations: Migrations = {
  '2026-11-23T15-00-create-catalogue': createCatalogue,
  '2026-11-23T15-10-create-orders': createOrders,
  '2026-11-23T15-20-create-outbox': outboxMigration,
  '2026-11-23T15-21-create-inbox': inboxMigration,
  '2026-11-23T15-22-create-idempotency': idempotencyMigration,
  '2026-11-26T10-55-find-old-inbox': inboxAgeMigration,
  '2026-11-27T08-00-count-changes-of-orders': countChangesOfOrders,
  '2026-11-27T08-10-administer-cache': cacheAdministrationMigration,
}
