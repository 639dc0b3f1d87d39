import { sql } from 'kysely'
import type { Queryable } from './database.ts'
import type { Migration } from './migrate.ts'

/** Creates the table that remembers which events a consumer has seen. */
export const inboxMigration: Migration = {
  async up(db) {
    await sql`
      create table inbox (
        consumer text not null,
        event_id text not null,
        processed_at timestamptz not null default now(),
        primary key (consumer, event_id)
      )`.execute(db)
  },
  async down(db) {
    await sql`drop table inbox`.execute(db)
  },
}

/**
 * Whether `consumer` meets this event for the first time. Remembered in the same transaction as the event's effect, so that a
 * redelivered event has no second effect, and one whose transaction was rolled back is met again. Of parallel deliveries all but one
 * wait here until that one has ended.
 */
export async function processOnce(tx: Queryable, consumer: string, eventId: string): Promise<boolean> {
  const { rows } = await sql`
    insert into inbox (consumer, event_id) values (${consumer}, ${eventId})
    on conflict do nothing returning event_id`.execute(tx.query)
  return rows.length === 1
}
