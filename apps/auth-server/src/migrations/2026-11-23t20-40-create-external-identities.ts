import type { Migration } from '@alicerce/database'
import { sql } from 'kysely'

/** People who sign in at another OpenID Provider; an account of theirs may have no password. */
export const createExternalIdentities: Migration = {
  async up(database) {
    await sql`
      create table external_identity (
        issuer text not null,
        subject text not null,
        account_id uuid not null references account on delete cascade,
        created_at timestamptz not null default now(),
        primary key (issuer, subject)
      )`.execute(database)
    await sql`create index external_identity_account on external_identity (account_id)`.execute(database)
    await sql`
      create table external_attempt (
        state_hash bytea primary key,
        interaction text not null,
        provider text not null,
        sealed bytea not null,
        expires_at timestamptz not null
      )`.execute(database)
    await sql`alter table account alter column password_hash drop not null`.execute(database)
  },
  async down(database) {
    await sql`delete from account where password_hash is null`.execute(database)
    await sql`alter table account alter column password_hash set not null`.execute(database)
    await sql`drop table external_attempt, external_identity`.execute(database)
  },
}
