export {
  createDatabase,
  type Database,
  type DatabaseOptions,
  type Queryable,
  type Transaction,
} from './database.ts'
export { DatabaseError, type DatabaseErrorCode } from './errors.ts'
export { inboxAgeMigration, inboxMigration, processOnce } from './inbox.ts'
export type { Log } from './log.ts'
export { type Migration, type Migrations, migrate, pendingMigrations } from './migrate.ts'
export type { Handler, RelayedMessage } from './outbox/batch.ts'
export { outboxMigration } from './outbox/migration.ts'
export { createOutbox, type Outbox, type OutboxMessage } from './outbox/outbox.ts'
export { createRelay, type Relay, type RelayOptions } from './outbox/relay.ts'
