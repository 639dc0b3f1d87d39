import type { Migration } from '@alicerce/database'
import { sql } from 'kysely'

/** Accounts, what the OpenID Provider stores, keys, revocations, failures of sign-in, and the audit trail. */
export const createAccounts: Migration = {
  async up(database) {
    await sql`
      create table account (
        id uuid primary key default uuidv7(),
        email text not null unique check (email = lower(email)),
        name text not null,
        locale text not null,
        password_hash text not null,
        roles text[] not null,
        status text not null check (status in ('active', 'disabled')),
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        last_sign_in_at timestamptz
      )`.execute(database)
    await sql`
      create table oidc_artifact (
        model text not null,
        id_hash bytea not null,
        uid text,
        grant_id text,
        account_id text,
        user_code text,
        payload jsonb not null,
        expires_at timestamptz,
        consumed_at timestamptz,
        primary key (model, id_hash)
      ) with (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05)`.execute(database)
    await sql`create index oidc_artifact_grant on oidc_artifact (grant_id) where grant_id is not null`.execute(
      database,
    )
    await sql`create index oidc_artifact_account on oidc_artifact (account_id) where account_id is not null`.execute(
      database,
    )
    await sql`create unique index oidc_artifact_uid on oidc_artifact (model, uid) where uid is not null`.execute(
      database,
    )
    await sql`create index oidc_artifact_expiry on oidc_artifact (expires_at)`.execute(database)
    await sql`
      create table signing_key (
        kid text primary key,
        algorithm text not null unique,
        sealed bytea not null,
        created_at timestamptz not null default now()
      )`.execute(database)
    await sql`
      create table revocation (
        kind text not null,
        value text not null,
        issued_before bigint not null,
        expires_at bigint not null,
        primary key (kind, value)
      )`.execute(database)
    await sql`
      create table sign_in_failure (
        account text not null,
        address text not null,
        at timestamptz not null default now()
      )`.execute(database)
    await sql`create index sign_in_failure_account on sign_in_failure (account, at)`.execute(database)
    await sql`create index sign_in_failure_address on sign_in_failure (address, at)`.execute(database)
    await sql`
      create table audit_event (
        id uuid primary key default uuidv7(),
        at timestamptz not null default now(),
        action text not null,
        actor text,
        target text,
        outcome text not null,
        address text,
        trace_id text,
        details jsonb
      )`.execute(database)
    await sql`create index audit_event_target on audit_event (target, at)`.execute(database)
    // Append-only for whoever runs the server: who takes it over cannot rewrite what happened (SV-28). The runtime role is the one that
    // the owner's default privileges name, whatever it is called.
    await sql`
      do $$
      declare runtime name;
      begin
        for runtime in
          select distinct grantee from information_schema.role_table_grants
          where table_name = 'audit_event' and grantee not in (current_user, 'PUBLIC')
        loop
          execute format('revoke update, delete, truncate on audit_event from %I', runtime);
        end loop;
      end $$`.execute(database)
  },
  async down(database) {
    for (const table of [
      'audit_event',
      'sign_in_failure',
      'revocation',
      'signing_key',
      'oidc_artifact',
      'account',
    ])
      await sql`drop table ${sql.table(table)}`.execute(database)
  },
}
