import type { Migration } from '@alicerce/database'
import { sql } from 'kysely'

/** Registrations that wait for the code that was sent to their address. */
export const waitForAddresses: Migration = {
  async up(database) {
    await sql`
      create table registration (
        id uuid primary key,
        email text not null,
        name text not null,
        password_hash text not null,
        locale text not null,
        code_hash bytea,
        tries smallint not null default 0,
        expires_at timestamptz not null
      )`.execute(database)
    await sql`create index registration_expiry on registration (expires_at)`.execute(database)
  },
  async down(database) {
    await sql`drop table registration`.execute(database)
  },
}
