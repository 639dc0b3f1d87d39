import type { Migration } from '@alicerce/database'
import { sql } from 'kysely'

/** Links that are sent by mail and count once, and the mails that are shown instead of sent where no mail server is. */
export const createMail: Migration = {
  async up(database) {
    await sql`
      create table one_time_link (
        token_hash bytea primary key,
        purpose text not null,
        account_id uuid not null references account on delete cascade,
        request text not null,
        created_at timestamptz not null default now(),
        expires_at timestamptz not null,
        unique (purpose, account_id)
      )`.execute(database)
    await sql`create index one_time_link_expiry on one_time_link (expires_at)`.execute(database)
    await sql`create index one_time_link_account on one_time_link (account_id)`.execute(database)
    await sql`
      create table shown_mail (
        id uuid primary key,
        sealed bytea not null,
        at timestamptz not null default now()
      )`.execute(database)
    await sql`create index shown_mail_at on shown_mail (at)`.execute(database)
  },
  async down(database) {
    await sql`drop table shown_mail`.execute(database)
    await sql`drop table one_time_link`.execute(database)
  },
}
