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
