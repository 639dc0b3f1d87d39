import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { createAccountEventHandler } from '#src/data/account-events.ts'
import { seededDatabase } from './fixtures.ts'

async function consumer() {
  const { database } = await seededDatabase()
  const invalidated: string[] = []
  const handle = createAccountEventHandler({
    database,
    invalidate: async (_tx, id) => void invalidated.push(id),
  })
  const tell = (name: string, version: number, id = randomUUID()) =>
    handle({
      id,
      type: 'account.changed',
      subject: 'clara',
      time: '2026-11-23T12:00:00Z',
      data: { id: 'clara', email: 'clara@example.com', name, version, roles: [], somethingNew: true },
    })
  const name = async () =>
    (await database.query.selectFrom('account').select('name').where('id', '=', 'clara').executeTakeFirst())
      ?.name
  return { database, tell, name, invalidated }
}

test('SV-31 an event that comes again has no second effect', async () => {
  const { database, tell, name, invalidated } = await consumer()
  const id = randomUUID()
  await tell('Clara Costa', 1, id)
  await database.query.updateTable('account').set({ name: 'changed since', version: 0 }).execute()
  await tell('Clara Costa', 1, id)
  expect(await name()).toBe('changed since')
  expect(invalidated).toEqual(['clara'])
  await database.close()
})

test('the newest version of an account wins, in whatever order its events come', async () => {
  const { database, tell, name, invalidated } = await consumer()
  await tell('Clara Costa', 1)
  await tell('Clara Costa Lima', 3)
  await tell('Clara C. Lima', 2)
  expect(await name()).toBe('Clara Costa Lima')
  expect(invalidated).toEqual(['clara', 'clara'])
  await database.close()
})

test('an event that is not an account is refused, so that it is tried again and parked', async () => {
  const { database } = await consumer()
  const handle = createAccountEventHandler({ database, invalidate: async () => {} })
  const event = { id: randomUUID(), type: 'account.changed', subject: 'x', time: '', data: { id: 7 } }
  await expect(handle(event)).rejects.toThrow()
  await database.close()
})
