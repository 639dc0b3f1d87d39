import type { Migration } from '@alicerce/database'
import { sql } from 'kysely'

/** Several keys for each algorithm, each with the moment from which it signs. */
export const rotateSigningKeys: Migration = {
  async up(database) {
    await sql`alter table signing_key drop constraint signing_key_algorithm_key, add column active_from timestamptz`.execute(
      database,
    )
    await sql`update signing_key set active_from = created_at`.execute(database)
    await sql`alter table signing_key alter column active_from set not null`.execute(database)
  },
  async down(database) {
    await sql`delete from signing_key where kid not in (
      select distinct on (algorithm) kid from signing_key order by algorithm, active_from desc)`.execute(
      database,
    )
    await sql`alter table signing_key drop column active_from, add unique (algorithm)`.execute(database)
  },
}
