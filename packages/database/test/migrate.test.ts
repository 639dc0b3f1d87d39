import { capturedLog, createTestDatabase } from '@alicerce/testing'
import { expect, onTestFinished, test } from 'vitest'
import { createDatabase, type Migrations, migrate, pendingMigrations } from '#src/index.ts'
import { migrations, openDatabase } from './fixtures.ts'

const log = capturedLog()

async function freshDatabase() {
  const { url, ownerUrl } = await createTestDatabase()
  const database = createDatabase({ url, applicationName: 'test', log })
  onTestFinished(database.close)
  return { database, ownerUrl }
}

test('SV-36 the runtime role learns which migrations are pending, before and after', async () => {
  const { database, ownerUrl } = await freshDatabase()
  const names = Object.keys(migrations)
  expect(await pendingMigrations(database, migrations)).toEqual(names)
  expect(await migrate({ url: ownerUrl, migrations, log })).toEqual(names)
  expect(await pendingMigrations(database, migrations)).toEqual([])
  const more: Migrations = { ...migrations, '2026-02-01T00-00-more': { up: async () => {} } }
  expect(await pendingMigrations(database, more)).toEqual(['2026-02-01T00-00-more'])
})

test('a second call finds nothing to do, and of two at once one applies', async () => {
  const { ownerUrl } = await freshDatabase()
  const both = await Promise.all([
    migrate({ url: ownerUrl, migrations, log }),
    migrate({ url: ownerUrl, migrations, log }),
  ])
  expect(both.map((applied) => applied.length).sort()).toEqual([0, 3])
  expect(await migrate({ url: ownerUrl, migrations, log })).toEqual([])
})

test('a failing migration changes nothing and is named', async () => {
  const { database, ownerUrl } = await freshDatabase()
  const broken: Migrations = {
    ...migrations,
    '2026-03-01T00-00-break': {
      up: async () => {
        throw new Error('the reason')
      },
    },
  }
  const failing = migrate({ url: ownerUrl, migrations: broken, log })
  await expect(failing).rejects.toMatchObject({
    code: 'migration-failed',
    message: expect.stringMatching(/2026-03-01T00-00-break.*the reason/),
  })
  expect(await pendingMigrations(database, broken)).toHaveLength(4)
})

test('the runtime role cannot write into the record of migrations', async () => {
  const { database } = await openDatabase()
  const writing = database.transaction(async (tx) => {
    await tx.query
      .withSchema('migrations')
      .deleteFrom('kysely_migration' as never)
      .execute()
  })
  await expect(writing).rejects.toThrow('permission denied')
})

test('test databases keep the same record of migrations', async () => {
  const { database, ownerUrl } = await openDatabase()
  expect(await pendingMigrations(database, migrations)).toEqual([])
  expect(await migrate({ url: ownerUrl, migrations, log })).toEqual([])
})
