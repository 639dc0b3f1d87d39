import type { Migration } from '@alicerce/database'
import { sql } from 'kysely'

/** Clients, what people have allowed them, and whose each grant is. */
export const createClients: Migration = {
  async up(database) {
    await sql`
      create table oauth_client (
        client_id text primary key,
        metadata jsonb not null,
        secrets jsonb not null default '[]',
        disabled boolean not null default false,
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      )`.execute(database)
    await sql`
      create table consent (
        account_id uuid not null references account on delete cascade,
        client_id text not null,
        scopes text[] not null,
        granted_at timestamptz not null default now(),
        primary key (account_id, client_id)
      )`.execute(database)
    await sql`alter table oidc_artifact add column client_id text`.execute(database)
    await sql`create index oidc_artifact_client on oidc_artifact (client_id, account_id) where model = 'Grant'`.execute(
      database,
    )
  },
  async down(database) {
    await sql`alter table oidc_artifact drop column client_id`.execute(database)
    await sql`drop table consent, oauth_client`.execute(database)
  },
}
