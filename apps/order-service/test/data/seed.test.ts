import { capturedLog, createTestDatabase } from '@alicerce/testing'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { seedOrderService } from '#src/seed.ts'
import { seededDatabase } from './fixtures.ts'

test('seeding again, also in two processes at once, changes nothing', async () => {
  const { url, database } = await seededDatabase({ demo: true })
  await database.query.updateTable('product').set({ stock: 1 }).execute()
  const again = () => seedOrderService({ databaseUrl: url, log: capturedLog(), demo: true })
  await Promise.all([again(), again()])
  const count = (table: 'product' | 'order') =>
    database.query
      .selectFrom(table)
      .select(({ fn }) => fn.countAll().as('count'))
      .executeTakeFirst()
  expect(Number((await count('product'))?.count)).toBeGreaterThanOrEqual(200)
  expect(Number((await count('order'))?.count)).toBe(42)
  expect(
    await database.query.selectFrom('product').select('stock').where('stock', '<>', 1).execute(),
  ).toEqual([])
  await database.close()
})

test('without demo there are products and no orders', async () => {
  const { database } = await seededDatabase()
  expect(await database.query.selectFrom('order').select('id').execute()).toEqual([])
  expect(await database.query.selectFrom('account').select('id').execute()).toEqual([])
  await database.close()
})

test.each(['update order_event set reason = null', 'delete from order_event', 'truncate order_event'])(
  'SV-28 the service itself cannot rewrite the history of an order: %s',
  async (statement) => {
    const { database } = await seededDatabase({ demo: true })
    await expect(sql.raw(statement).execute(database.query)).rejects.toThrow('permission denied')
    await database.close()
  },
)

test('SV-36 seeding a database without its tables names the command that makes them', async () => {
  const { url } = await createTestDatabase()
  await expect(seedOrderService({ databaseUrl: url, log: capturedLog(), demo: false })).rejects.toMatchObject(
    {
      code: 'migrations-pending',
      message: expect.stringContaining('Run: node apps/order-service/src/migrate.ts'),
    },
  )
})
