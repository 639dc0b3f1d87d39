import { type Kysely, sql } from 'kysely'

/**
 * What the administration of a cache needs: the figures of each process, which are worth nothing after a crash, and who made what void, which
 * the service itself can neither change nor remove (SV-28). Add it to the service's migrations.
 */
export const cacheAdministrationMigration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create unlogged table cache_process (
        id uuid primary key,
        name text not null,
        started_at timestamptz not null,
        seen_at timestamptz not null,
        figures jsonb not null
      )`.execute(db)
    await sql`
      create table cache_invalidation (
        id bigint generated always as identity primary key,
        at timestamptz not null,
        actor_id text not null,
        class text,
        key text,
        tag text,
        trace_id text,
        check ((class is null) = (key is null) and (class is null) <> (tag is null))
      )`.execute(db)
    await sql`
      do $$
      declare runtime text;
      begin
        for runtime in
          select distinct grantee from information_schema.role_table_grants
          where table_name = 'cache_invalidation' and grantee <> current_user
        loop
          execute format('revoke update, delete, truncate on cache_invalidation from %I', runtime);
        end loop;
      end $$`.execute(db)
  },
  async down(db: Kysely<unknown>): Promise<void> {
    await sql`drop table cache_invalidation, cache_process`.execute(db)
  },
}
