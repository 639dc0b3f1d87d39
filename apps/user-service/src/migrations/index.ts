import { inboxAgeMigration, inboxMigration, type Migrations, outboxMigration } from '@alicerce/database'
import { cacheAdministrationMigration } from '@alicerce/service-kit'
import { createProfiles } from './2026-11-23t15-00-create-profiles.ts'

/** All migrations of this service, in the order of their names. */
export const userServiceMigrations: Migrations = {
  '2026-11-23T15-00-create-profiles': createProfiles,
  '2026-11-23T15-20-create-outbox': outboxMigration,
  '2026-11-23T15-21-create-inbox': inboxMigration,
  '2026-11-26T10-55-find-old-inbox': inboxAgeMigration,
  '2026-11-27T08-10-administer-cache': cacheAdministrationMigration,
}
