import { Kysely, PostgresDialect, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import pg from 'pg'
import { currentRun, randomName, roles, templateDatabase } from './run.ts'

/** A database of one test file's own. */
export type TestDatabase = {
  /** As the runtime role: rows, no tables. */
  readonly url: string
  /** As the owner, who migrates. */
  readonly ownerUrl: string
  /** Removes it now, open connections included. All are removed at the end of the run anyway. */
  drop(): Promise<void>
}

/** Makes a fresh database with the rights of production, and applies `migrations` to it. Costs tens of milliseconds. */
export async function createTestDatabase({
  migrations,
}: {
  migrations?: Record<string, Migration>
} = {}): Promise<TestDatabase> {
  const name = `test_${randomName()}`
  await asSuperuser(`create database ${name} template ${templateDatabase} owner ${roles.owner}`)
  await asSuperuser(
    `revoke all on database ${name} from public; grant connect on database ${name} to ${roles.runtime}`,
  )
  const ownerUrl = urlOf(name, roles.owner)
  if (migrations) await migrate(ownerUrl, migrations)
  return {
    url: urlOf(name, roles.runtime),
    ownerUrl,
    drop: () => asSuperuser(`drop database if exists ${name} with (force)`),
  }
}

function urlOf(database: string, role: string): string {
  const { postgresUrl, password } = currentRun()
  return Object.assign(new URL(postgresUrl), { username: role, password, pathname: `/${database}` }).href
}

async function asSuperuser(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: currentRun().postgresUrl })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/** As `migrate` of @alicerce/database does; its tests hold that it finds nothing left to do here. */
async function migrate(url: string, migrations: Record<string, Migration>): Promise<void> {
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url, max: 2 }) }),
  })
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    migrationTableSchema: 'migrations',
  })
  await sql`create schema migrations`.execute(db)
  await sql`grant usage on schema migrations to public`.execute(db)
  await sql`alter default privileges in schema migrations grant select on tables to public`.execute(db)
  const { error } = await migrator.migrateToLatest()
  await db.destroy()
  if (error) throw error
}
