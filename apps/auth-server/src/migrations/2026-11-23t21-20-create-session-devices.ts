import type { Migration } from '@alicerce/database'
import { sql } from 'kysely'

/** Which browser each session is in, for the person whose session it is. */
export const createSessionDevices: Migration = {
  async up(database) {
    await sql`
      create table session_device (
        uid text primary key,
        account_id uuid not null references account on delete cascade,
        user_agent text not null,
        address text not null,
        signed_in_at timestamptz not null,
        last_seen_at timestamptz not null default now()
      )`.execute(database)
    await sql`create index session_device_account on session_device (account_id)`.execute(database)
    await sql`create index session_device_seen on session_device (last_seen_at)`.execute(database)
  },
  async down(database) {
    await sql`drop table session_device`.execute(database)
  },
}
