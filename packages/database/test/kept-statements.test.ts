import { sql } from 'kysely'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { createStatementNames } from '#src/kept-statements.ts'
import { type Opened, openDatabase, rows } from './fixtures.ts'

const kept = (database: Opened['database']) =>
  rows<{ statement: string }>(database, 'select statement from pg_prepared_statements')

async function repeatedly(work: () => Promise<unknown>): Promise<void> {
  for (let time = 0; time < 10; time++) await work()
}

test('a connection keeps what comes again, and goes on when it fails meanwhile', async () => {
  const { database } = await openDatabase({ poolSize: 1 })
  const find = (text: string) => sql`select text from notes where text = ${text}`.execute(database.query)
  const divide = (by: number) => sql`select 1 / ${by}::int as result`.execute(database.query)
  await find('once')
  expect(await kept(database)).toEqual([])
  await repeatedly(() => find('again'))
  await repeatedly(() => divide(1))
  await expect(divide(0)).rejects.toThrow('division by zero')
  expect((await divide(1)).rows).toEqual([{ result: 1 }])
  await database.query.insertInto('notes').values({ text: 'again' }).execute()
  expect((await find('again')).rows).toEqual([{ text: 'again' }])
  expect((await kept(database)).map(({ statement }) => statement)).toEqual([
    'select text from notes where text = $1',
    'select 1 / $1::int as result',
  ])
})

test('a migration that adds a column fails no statement of a server that runs', async () => {
  const { database, ownerUrl } = await openDatabase({ poolSize: 1 })
  const owner = new pg.Client(ownerUrl)
  await owner.connect()
  onTestFinished(() => owner.end())
  const named = () => database.query.selectFrom('notes').select('text').where('text', '=', 'one').execute()
  const all = () => database.query.selectFrom('notes').selectAll().where('text', '=', 'one').execute()
  const add = () =>
    database.query.insertInto('notes').values({ text: 'one' }).returningAll().executeTakeFirst()
  await repeatedly(named)
  await repeatedly(all)
  await repeatedly(add)
  await owner.query(`alter table notes add column more text default 'more'`)
  expect(await named()).toHaveLength(10)
  expect((await all())[0]).toEqual({ text: 'one', more: 'more' })
  expect(await add()).toEqual({ text: 'one', more: 'more' })
})

test('statements that are never the same fill neither the memory here nor that of PostgreSQL', () => {
  const nameOf = createStatementNames()
  for (let number = 0; number < 10_000; number++)
    expect(nameOf(`select ${number} where $1 = 1`)).toBeUndefined()
  const named = new Set<string | undefined>()
  for (let number = 0; number < 1000; number++)
    for (let time = 0; time < 5; time++) named.add(nameOf(`select ${number} where $1 = 2`))
  named.delete(undefined)
  expect(named.size).toBe(200)
})
