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

/** Finds what the inbox may forget. */
export const inboxAgeMigration: Migration = {
  async up(db) {
    await sql`create index inbox_processed on inbox (processed_at)`.execute(db)
  },
  async down(db) {
    await sql`drop index inbox_processed`.execute(db)
  },
}

/** Far longer than any event waits to be delivered again. */
const rememberedDays = 30

/**
 * Whether `consumer` meets this event for the first time. Remembered in the same transaction as the event's effect, so that a
 * redelivered event has no second effect, and one whose transaction was rolled back is met again. Of parallel deliveries all but one
 * wait here until that one has ended. An event is remembered for thirty days: each new one clears away some older ones, so that the table
 * stays bounded without a job of its own.
 */
export async function processOnce(tx: Queryable, consumer: string, eventId: string): Promise<boolean> {
  await sql`
    delete from inbox where (consumer, event_id) in (
      select consumer, event_id from inbox
      where processed_at < now() - ${rememberedDays} * interval '1 day' order by processed_at limit 10 for update skip locked
    )`.execute(tx.query)
  const { rows } = await sql`
    insert into inbox (consumer, event_id) values (${consumer}, ${eventId})
    on conflict do nothing returning event_id`.execute(tx.query)
  return rows.length === 1
}
