import { type Database, type Migrations, pendingMigrations } from '@alicerce/database'
import type { Readiness } from './admin-server.ts'

/**
 * Ready when the database answers and has every migration. `migrate` is the command that would bring them. Redis is no part of
 * this: without it a service still answers.
 */
export function databaseReadiness<Schema>(
  database: Database<Schema>,
  { migrations, migrate }: { migrations: Migrations; migrate: string },
): Readiness {
  return {
    database: () => database.ping(),
    async migrations() {
      const pending = await pendingMigrations(database, migrations)
      if (pending.length > 0) throw new Error(`Pending: ${pending.join(', ')}. Run: ${migrate}`)
    },
  }
}
