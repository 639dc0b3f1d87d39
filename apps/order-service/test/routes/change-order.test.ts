import { createDatabase } from '@alicerce/database'
import { capturedLog, type TestPerson } from '@alicerce/testing'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Tables } from '#src/data/schema.ts'
import { type OrderAction, type OrderStatus, orderActions, orderStatuses } from '#src/domain/order.ts'
import {
  createShared,
  move,
  place,
  productsInStock,
  type Shared,
  startOrderService,
  type TestService,
} from '../fixtures.ts'

let shared: Shared
let service: TestService
let products: Awaited<ReturnType<typeof productsInStock>>
beforeAll(async () => {
  shared = await createShared()
  service = await startOrderService(shared)
  products = await productsInStock(service)
})
afterAll(async () => {
  await service.close()
  await shared.issuer.close()
})

const wayTo: Record<OrderStatus, OrderAction[]> = {
  placed: [],
  paid: ['pay'],
  shipped: ['pay', 'ship'],
  delivered: ['pay', 'ship', 'deliver'],
  cancelled: ['cancel'],
}
const legal = ['placed pay', 'placed cancel', 'paid ship', 'paid cancel', 'shipped deliver']

async function orderThatIs(
  status: OrderStatus,
  quantity = 1,
  productId = products[0]?.id ?? '',
): Promise<string> {
  const { body } = await place(service, 'clara', [{ productId, quantity }])
  for (const action of wayTo[status])
    expect((await move(service, 'ana', body.id, action, 'test')).status).toBe(200)
  return body.id
}
const read = (id: string, as: TestPerson = 'ana') => service.call('GET', `/orders/${id}`, { as })
async function inDatabase<R>(
  work: (database: ReturnType<typeof createDatabase<Tables>>) => Promise<R>,
): Promise<R> {
  const database = createDatabase<Tables>({
    url: shared.databaseUrl,
    applicationName: 'test',
    log: capturedLog(),
  })
  return work(database).finally(() => database.close())
}
const outboxSize = () =>
  inDatabase(async ({ query }) => {
    const { rows } = await sql<{ count: string }>`select count(*) from outbox where topic = 'event'`.execute(
      query,
    )
    return Number(rows[0]?.count)
  })

const pairs = orderStatuses.flatMap((status) => orderActions.map((action) => [status, action] as const))

test.each(pairs)(
  'SV-23 SV-24 PR-09 an order that is %s answers %s by the table, and writes only what is legal',
  async (status, action) => {
    const id = await orderThatIs(status)
    const before = await read(id)
    const events = await outboxSize()
    const answer = await move(service, 'simao', id, action, 'because')
    const after = await read(id)
    if (legal.includes(`${status} ${action}`)) {
      expect(before.body.transitions).toContain(action)
      expect(answer.status).toBe(200)
      expect(after.body.version).toBe(before.body.version + 1)
      const entry = {
        action,
        from: status,
        to: after.body.status,
        actor: { role: 'support' },
        reason: 'because',
      }
      expect(after.body.timeline.at(-1)).toMatchObject(entry)
      expect(await outboxSize()).toBe(events + 1)
      return
    }
    expect(answer.status).toBe(409)
    expect(answer.body).toMatchObject({
      code: 'illegal-transition',
      current: status,
      allowed: before.body.transitions,
    })
    expect(after.body).toEqual(before.body)
    expect(await outboxSize()).toBe(events)
  },
)

test('SV-09 of eight parallel writers with one ETag exactly one succeeds', async () => {
  const id = await orderThatIs('placed')
  const pay = () =>
    service.call('POST', `/orders/${id}/transitions`, {
      as: 'clara',
      body: { action: 'pay' },
      headers: { 'if-match': '"1"' },
    })
  const answers = await Promise.all(Array.from({ length: 8 }, pay))
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(7).fill(412)])
  expect((await read(id)).body.timeline).toHaveLength(2)
})

test('SV-07 SV-08 without If-Match 428, with a stale one 412 and the current ETag; nothing changes', async () => {
  const id = await orderThatIs('paid')
  const path = `/orders/${id}/transitions`
  const missing = await service.call('POST', path, { as: 'clara', body: { action: 'cancel' } })
  expect(missing.status).toBe(428)
  const headers = { 'if-match': '"1"' }
  const stale = await service.call('POST', path, { as: 'clara', body: { action: 'cancel' }, headers })
  expect(stale.status).toBe(412)
  expect(stale.headers.get('etag')).toBe('"2"')
  expect((await read(id)).body).toMatchObject({ status: 'paid', version: 2 })
})

test('SV-10 an order that did not change is not sent again', async () => {
  const id = await orderThatIs('placed')
  const answer = await service.call('GET', `/orders/${id}`, {
    as: 'clara',
    headers: { 'if-none-match': '"1"' },
  })
  expect([answer.status, answer.body]).toEqual([304, ''])
})

test('RS-11 SV-21 another customer’s order is not there, read or written, also when the cache holds it', async () => {
  const id = await orderThatIs('placed')
  expect((await read(id, 'clara')).status).toBe(200)
  const stranger = await read(id, 'eva')
  const nobody = await read(crypto.randomUUID(), 'eva')
  expect([stranger.status, nobody.status]).toEqual([404, 404])
  expect({ ...stranger.body, traceId: '' }).toEqual({ ...nobody.body, traceId: '' })
  const headers = { 'if-match': '"1"' }
  const write = await service.call('POST', `/orders/${id}/transitions`, {
    as: 'eva',
    body: { action: 'pay' },
    headers,
  })
  expect(write.status).toBe(404)
  expect((await read(id)).body.version).toBe(1)
})

test('SV-27 an attempt that was denied leaves an entry: who, what, why, in which trace', async () => {
  const id = await orderThatIs('placed')
  const answer = await move(service, 'clara', id, 'ship')
  expect(answer.status).toBe(403)
  expect(answer.body.detail).toContain('support')
  const denied = await inDatabase(({ query }) =>
    query
      .selectFrom('order_event')
      .selectAll()
      .where('order_id', '=', id)
      .where('outcome', '=', 'denied')
      .execute(),
  )
  expect(denied).toMatchObject([
    {
      action: 'ship',
      actor_name: 'Clara Costa',
      reason: 'transition-forbidden',
      trace_id: answer.body.traceId,
    },
  ])
  expect((await read(id)).body.timeline).toHaveLength(1)
})

test('staff says why it cancels somebody’s order, an owner need not', async () => {
  const id = await orderThatIs('placed')
  const silent = await move(service, 'simao', id, 'cancel', ' ')
  expect(silent.status).toBe(422)
  expect(silent.body).toMatchObject({ code: 'reason-required', errors: [{ pointer: '#/reason' }] })
  expect((await move(service, 'clara', id, 'cancel')).status).toBe(200)
})

test('cancelling returns the goods to stock', async () => {
  const { id: productId = '', stock = 0 } = products[1] ?? {}
  const stockNow = async () => (await service.call('GET', `/catalogue/products/${productId}`)).body.stock
  const id = await orderThatIs('paid', 3, productId)
  expect(await stockNow()).toBe(stock - 3)
  expect((await move(service, 'clara', id, 'cancel')).status).toBe(200)
  expect(await stockNow()).toBe(stock)
})

test('a token without the scope to write may read and not change', async () => {
  const id = await orderThatIs('placed')
  const answer = await service.call('POST', `/orders/${id}/transitions`, {
    as: 'clara',
    scope: 'orders:read',
    body: { action: 'pay' },
    headers: { 'if-match': '"1"' },
  })
  expect(answer.status).toBe(403)
  expect(answer.headers.get('www-authenticate')).toContain('orders:write')
})
