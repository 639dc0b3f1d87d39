import type { Migration } from '@alicerce/database'
import { sql } from 'kysely'

/** Profiles, and the append-only record of their changes. Trigrams find a part of a name or an address. */
export const createProfiles: Migration = {
  async up(db) {
    await sql`create extension if not exists pg_trgm`.execute(db)
    await sql`
      create table profile (
        id text primary key,
        email text,
        name text not null,
        roles text[] not null,
        status text not null check (status in ('active', 'disabled')),
        locale text not null,
        phone text,
        address jsonb,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        version integer not null,
        account_version bigint not null default 0,
        account_name text,
        account_locale text,
        sort_name text not null,
        search_text text not null
      )`.execute(db)
    await sql`create index profile_search on profile using gin (search_text gin_trgm_ops)`.execute(db)
    await sql`create index profile_roles on profile using gin (roles)`.execute(db)
    await sql`create index profile_sort on profile (sort_name collate "C", id)`.execute(db)
    await sql`create index profile_created on profile (created_at desc, id desc)`.execute(db)
    await sql`
      create table profile_event (
        id bigint generated always as identity primary key,
        profile_id text not null references profile,
        at timestamptz not null,
        actor_id text not null,
        action text not null,
        trace_id text
      )`.execute(db)
    await sql`create index profile_event_profile on profile_event (profile_id, id)`.execute(db)
    await sql`
      do $$
      declare runtime text;
      begin
        for runtime in
          select distinct grantee from information_schema.role_table_grants
          where table_name = 'profile_event' and grantee <> current_user
        loop
          execute format('revoke update, delete, truncate on profile_event from %I', runtime);
        end loop;
      end $$`.execute(db)
  },
  async down(db) {
    await sql`drop table profile_event, profile`.execute(db)
  },
}
