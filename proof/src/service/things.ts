import { createDatabase, type Migrations, outboxMigration, type Transaction } from '@alicerce/database'
import { sql } from 'kysely'

/** The table under the cache, and a record of all that was ever committed. */
export type Tables = {
  things: { id: number; version: number }
  versions: { thing: number; version: number }
}

export const migrations: Migrations = {
  '2026-01-01T00-00-create-outbox': outboxMigration,
  '2026-01-01T00-01-create-things': {
    async up(db) {
      await sql`create table things (id integer primary key, version integer not null)`.execute(db)
      await sql`create table versions (thing integer not null, version integer not null, primary key (thing, version))`.execute(
        db,
      )
    },
    async down(db) {
      await sql`drop table things, versions`.execute(db)
    },
  },
}

const silent = () => {}
export const noLog = { debug: silent, info: silent, warn: silent, error: silent }

export const openThings = (url: string) =>
  createDatabase<Tables>({ url, applicationName: 'proof', log: noLog, statementTimeoutMilliseconds: 2000 })

type Things = ReturnType<typeof openThings>

export async function loadThing({ query }: Things, id: number): Promise<number> {
  const row = await query
    .selectFrom('things')
    .select('version')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return row.version
}

export async function loadThings({ query }: Things, ids: readonly number[]): Promise<Map<number, number>> {
  const rows = await query.selectFrom('things').selectAll().where('id', 'in', ids).execute()
  return new Map(rows.map(({ id, version }) => [id, version]))
}

/** The row lock makes versions follow each other without a gap, in the order of the commits. */
export async function raiseVersion({ query }: Transaction<Tables>, id: number): Promise<number> {
  const { version } = await query
    .updateTable('things')
    .set(({ eb }) => ({ version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .returning('version')
    .executeTakeFirstOrThrow()
  await query.insertInto('versions').values({ thing: id, version }).execute()
  return version
}
