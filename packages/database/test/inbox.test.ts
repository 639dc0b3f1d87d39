import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { processOnce } from '#src/index.ts'
import { type Opened, openDatabase, rows } from './fixtures.ts'

async function receive(
  database: Opened['database'],
  eventId: string,
  effect: () => void = () => {},
): Promise<boolean> {
  return database.transaction(async (tx) => {
    if (!(await processOnce(tx, 'profiles', eventId))) return false
    await tx.query.insertInto('notes').values({ text: eventId }).execute()
    await sql`select pg_sleep(0.01)`.execute(tx.query)
    effect()
    return true
  })
}

test('SV-31 of twenty parallel deliveries of one event exactly one has an effect', async () => {
  const { database } = await openDatabase()
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => receive(database, 'event-1')))
  expect(outcomes.filter(Boolean)).toHaveLength(1)
  expect(await rows(database, 'select from notes')).toHaveLength(1)
})

test('SV-31 an event whose transaction was rolled back is met again', async () => {
  const { database } = await openDatabase()
  let waiting: Promise<boolean> | undefined
  const failing = receive(database, 'event-1', () => {
    waiting = receive(database, 'event-1')
    throw new Error('rolled back')
  })
  await expect(failing).rejects.toThrow('rolled back')
  expect(await waiting).toBe(true)
  expect(await receive(database, 'event-1')).toBe(false)
  expect(await rows(database, 'select from notes')).toHaveLength(1)
})

test('each consumer has an inbox of its own', async () => {
  const { database } = await openDatabase()
  const meets = (consumer: string) => database.transaction((tx) => processOnce(tx, consumer, 'event-1'))
  expect([await meets('profiles'), await meets('names'), await meets('names')]).toEqual([true, true, false])
})

test('events of more than thirty days ago are forgotten, a few with each new one, and no younger ones', async () => {
  const { database } = await openDatabase()
  await sql`
    insert into inbox (consumer, event_id, processed_at)
    select 'profiles', 'event-' || number, now() - (case when number <= 25 then 31 else 29 end) * interval '1 day'
    from generate_series(1, 30) as number`.execute(database.query)
  for (const id of ['a', 'b', 'c', 'd']) expect(await receive(database, id)).toBe(true)
  expect(await rows(database, 'select from inbox')).toHaveLength(5 + 4)
  expect(await receive(database, 'event-26'), 'still remembered').toBe(false)
})
