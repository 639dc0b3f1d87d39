import { sql } from 'kysely'
import type { Migration } from '#src/migrate.ts'

/** The channel on which a relay hears of new messages. Channels are apart for each database. */
export const outboxChannel = 'outbox'

/** Creates the outbox. Whoever inserts wakes the relays, when his transaction commits. */
export const outboxMigration: Migration = {
  async up(db) {
    await sql`
      create table outbox (
        id bigint generated always as identity primary key,
        topic text not null,
        key text not null,
        payload jsonb not null,
        created_at timestamptz not null default clock_timestamp(),
        delivered_at timestamptz,
        attempts integer not null default 0,
        next_attempt_at timestamptz not null default now(),
        last_error text,
        parked_at timestamptz
      )`.execute(db)
    await sql`create index outbox_open on outbox (topic, key, id) where delivered_at is null and parked_at is null`.execute(
      db,
    )
    await sql`create index outbox_delivered on outbox (delivered_at) where delivered_at is not null`.execute(
      db,
    )
    await sql`
      create function notify_outbox() returns trigger language plpgsql as $$
      begin
        perform pg_notify(${sql.lit(outboxChannel)}, '');
        return null;
      end $$`.execute(db)
    await sql`
      create trigger outbox_inserted after insert on outbox
      for each statement execute function notify_outbox()`.execute(db)
  },
  async down(db) {
    await sql`drop table outbox`.execute(db)
    await sql`drop function notify_outbox()`.execute(db)
  },
}
