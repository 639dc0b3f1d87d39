import type { Migration } from '@alicerce/database'
import { sql } from 'kysely'

/** What people show besides their password: codes from an app, recovery codes, passkeys. */
export const createSecondFactors: Migration = {
  async up(database) {
    await sql`
      create table totp (
        account_id uuid primary key references account on delete cascade,
        sealed bytea not null,
        last_counter bigint not null default 0,
        created_at timestamptz not null default now(),
        confirmed_at timestamptz
      )`.execute(database)
    await sql`
      create table recovery_code (
        account_id uuid not null references account on delete cascade,
        code_hash bytea not null,
        used_at timestamptz,
        primary key (account_id, code_hash)
      )`.execute(database)
    await sql`
      create table passkey (
        id text primary key,
        account_id uuid not null references account on delete cascade,
        public_key bytea not null,
        counter bigint not null,
        transports text[] not null,
        name text not null,
        created_at timestamptz not null default now(),
        last_used_at timestamptz
      )`.execute(database)
    await sql`create index passkey_account on passkey (account_id)`.execute(database)
  },
  async down(database) {
    await sql`drop table passkey, recovery_code, totp`.execute(database)
  },
}
