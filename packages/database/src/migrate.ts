import { Kysely, PostgresDialect, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import pg from 'pg'
import type { Queryable } from './database.ts'
import { DatabaseError } from './errors.ts'
import type { Log } from './log.ts'

export type { Migration } from 'kysely/migration'

/** Migrations by name, such as `2026-11-23T10-00-create-profiles`. They are applied in the order of their names. */
export type Migrations = Record<string, Migration>

/** A schema of its own for the record of migrations: the runtime role reads it, and its rights on `public` do not reach it. */
const recordSchema = 'migrations'

/**
 * Applies the migrations that are pending, all in one transaction, as the owner of the database. Several callers at once are right:
 * one applies them, the others wait (advisory lock) and find nothing to do.
 * @returns the names of those applied now, in order
 * @throws {DatabaseError} `migration-failed`; nothing is changed then
 */
export async function migrate(options: { url: string; migrations: Migrations; log: Log }): Promise<string[]> {
  const { url, migrations, log } = options
  const pool = new pg.Pool({ connectionString: url, application_name: 'migrate', max: 2 })
  pool.on('error', () => {})
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  try {
    await createRecordSchema(db)
    const provider = { getMigrations: async () => migrations }
    const migrator = new Migrator({ db, provider, migrationTableSchema: recordSchema })
    const { error, results = [] } = await migrator.migrateToLatest()
    if (error) throw failure(error, results.find(({ status }) => status === 'Error')?.migrationName)
    for (const { migrationName } of results) log.info({ migration: migrationName }, 'Migration applied')
    return results.map(({ migrationName }) => migrationName)
  } finally {
    await db.destroy()
  }
}

/** The names of the migrations that the database does not have yet, in order. The runtime role may ask. */
export async function pendingMigrations(database: Queryable, migrations: Migrations): Promise<string[]> {
  const names = Object.keys(migrations).sort()
  const table = `${recordSchema}.kysely_migration`
  const { rows } = await sql<{ exists: boolean }>`select to_regclass(${table}) is not null as exists`.execute(
    database.query,
  )
  if (!rows[0]?.exists) return names
  const applied = await sql<{ name: string }>`select name from ${sql.table(table)}`.execute(database.query)
  const known = new Set(applied.rows.map(({ name }) => name))
  return names.filter((name) => !known.has(name))
}

/** Made before the record itself, so that the runtime role may read the record from its first moment on. */
async function createRecordSchema(db: Kysely<unknown>): Promise<void> {
  const schema = sql.id(recordSchema)
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext(${recordSchema}))`.execute(tx)
    await sql`create schema if not exists ${schema}`.execute(tx)
    await sql`grant usage on schema ${schema} to public`.execute(tx)
    await sql`alter default privileges in schema ${schema} grant select on tables to public`.execute(tx)
  })
}

function failure(cause: unknown, name: string | undefined): DatabaseError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const what = name ? `Migration ${name} failed` : 'The migrations could not be applied'
  return new DatabaseError('migration-failed', `${what}, and nothing was changed: ${reason}`, { cause })
}
