import type { Kysely } from 'kysely'
import pg from 'pg'
import { expect, test } from 'vitest'
import { createTestDatabase } from '#src/index.ts'

async function query(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await client.query(sql)
  } finally {
    await client.end()
  }
}

const migrations = {
  '2026-01-01T00-00-create-notes': {
    up: async (db: Kysely<unknown>) => {
      await db.schema.createTable('notes').addColumn('text', 'text').execute()
    },
  },
}

test('a fresh database comes with its migrations, for a runtime role that may not change tables', async () => {
  const database = await createTestDatabase({ migrations })
  await query(database.url, `insert into notes values ('hello')`)
  await expect(query(database.url, 'create table mine (id int)')).rejects.toThrow('permission denied')
  await expect(query(database.url, 'drop table notes')).rejects.toThrow('must be owner')
  await database.drop()
  await expect(query(database.url, 'select 1')).rejects.toThrow('does not exist')
})

test('two databases know nothing of each other', async () => {
  const [one, two] = await Promise.all([createTestDatabase({ migrations }), createTestDatabase()])
  await expect(query(two.ownerUrl, 'select from notes')).rejects.toThrow('does not exist')
  expect((await query(one.ownerUrl, 'select from notes')).rowCount).toBe(0)
})
