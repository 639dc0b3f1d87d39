import { type Kysely, sql } from 'kysely'

/** The table of `createIdempotency`. Add it to the service's migrations. */
export const idempotencyMigration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table idempotency_keys (
        scope text not null,
        key text not null,
        request_hash bytea not null,
        status integer not null,
        headers jsonb not null,
        body jsonb not null,
        expires_at timestamptz not null,
        primary key (scope, key)
      )`.execute(db)
    await sql`create index on idempotency_keys (expires_at)`.execute(db)
  },
  async down(db: Kysely<unknown>): Promise<void> {
    await sql`drop table idempotency_keys`.execute(db)
  },
}
