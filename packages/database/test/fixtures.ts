import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { capturedLog, createTestDatabase } from '@alicerce/testing'
import { sql } from 'kysely'
import { onTestFinished } from 'vitest'
import {
  createDatabase,
  type DatabaseOptions,
  inboxMigration,
  type Migrations,
  outboxMigration,
} from '#src/index.ts'

/** A table of the tests' own, beside those of this package. */
export const migrations: Migrations = {
  '2026-01-01T00-00-create-outbox': outboxMigration,
  '2026-01-01T00-01-create-inbox': inboxMigration,
  '2026-01-01T00-02-create-notes': {
    up: (db) =>
      db.schema
        .createTable('notes')
        .addColumn('text', 'text', (column) => column.notNull())
        .execute(),
    down: (db) => db.schema.dropTable('notes').execute(),
  },
}

export type Schema = { notes: { text: string } }

/** A fresh database with the tables above, opened as the runtime role. */
export async function openDatabase(options: Partial<DatabaseOptions> = {}) {
  const { url, ownerUrl } = await createTestDatabase({ migrations })
  const log = capturedLog()
  const database = createDatabase<Schema>({ url, applicationName: 'test', log, ...options })
  onTestFinished(database.close)
  return { database, log, url, ownerUrl }
}

export type Opened = Awaited<ReturnType<typeof openDatabase>>

export async function rows<Row>(database: Opened['database'], statement: string): Promise<Row[]> {
  return (await sql.raw<Row>(statement).execute(database.query)).rows
}

/** Runs `code`, a module that may use all of our exports, in another process; resolves with its first line of output. */
export async function inOtherProcess(code: string): Promise<{ child: ChildProcess; line: string }> {
  const door = JSON.stringify(join(import.meta.dirname, '../src/index.ts'))
  const program = `import * as database from ${door}\n${code}\nsetInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [chunk] = await once(child.stdout, 'data')
  return { child, line: String(chunk).trim() }
}

export async function killHard(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}
