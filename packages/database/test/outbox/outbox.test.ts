import { expect, test } from 'vitest'
import { createOutbox } from '#src/index.ts'
import { openDatabase, rows } from '../fixtures.ts'

const outbox = createOutbox()

test('messages get ids in their order, with any payload that JSON holds', async () => {
  const { database } = await openDatabase()
  const payloads = [{ a: [1, "quote'd"] }, 'text', null, 7, undefined]
  const messages = payloads.map((payload) => ({ topic: 'events', key: 'one', payload }))
  const ids = await database.transaction((tx) => outbox.append(tx, messages))
  expect(ids).toEqual([...ids].sort((a, b) => Number(a - b)))
  const stored = await rows<{ payload: unknown }>(database, 'select payload from outbox order by id')
  expect(stored.map(({ payload }) => payload)).toEqual([...payloads.slice(0, 4), null])
})

test('no messages cost no query', async () => {
  const queries: number[] = []
  const { database } = await openDatabase({ onQuery: () => queries.push(1) })
  expect(await outbox.append(database, [])).toEqual([])
  await outbox.markDelivered(database, [])
  expect(queries).toEqual([])
})

test('what was delivered right after the commit is marked', async () => {
  const { database } = await openDatabase()
  const message = { topic: 'events', key: 'one', payload: 1 }
  const ids = await database.transaction((tx) => outbox.append(tx, [message, message]))
  await outbox.markDelivered(database, ids.slice(0, 1))
  expect(await rows(database, 'select id from outbox where delivered_at is null')).toEqual([
    { id: String(ids[1]) },
  ])
})

test('CA-38 the outbox tells how long the oldest message of a topic has waited', async () => {
  const { database } = await openDatabase()
  const append = (topic: string) =>
    database.transaction((tx) => outbox.append(tx, [{ topic, key: 'one', payload: 1 }]))
  expect(await outbox.oldestPending(database, 'events')).toBe(0)
  const first = await append('events')
  await rows(database, "update outbox set created_at = created_at - interval '1 minute'")
  const second = await append('events')
  await append('others')
  const age = await outbox.oldestPending(database, 'events')
  expect(age).toBeGreaterThanOrEqual(60_000)
  expect(age).toBeLessThan(90_000)
  await outbox.markDelivered(database, first)
  expect(await outbox.oldestPending(database, 'events')).toBeLessThan(30_000)
  await outbox.markDelivered(database, second)
  expect(await outbox.oldestPending(database, 'events')).toBe(0)
})

test('CA-40 what was delivered of late can be opened again', async () => {
  const { database } = await openDatabase()
  const ids = await database.transaction((tx) =>
    outbox.append(
      tx,
      ['events', 'events', 'others'].map((topic) => ({ topic, key: 'one', payload: 1 })),
    ),
  )
  await outbox.markDelivered(database, ids)
  await rows(database, "update outbox set delivered_at = now() - interval '1 hour' where id = 1")
  await outbox.reopen(database, 'events', 60_000)
  expect(await rows(database, 'select id from outbox where delivered_at is null')).toEqual([{ id: '2' }])
})
