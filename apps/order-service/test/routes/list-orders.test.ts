import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createShared,
  move,
  people,
  place,
  productsInStock,
  type Shared,
  startOrderService,
  type TestService,
} from '../fixtures.ts'

let shared: Shared
let service: TestService
let productId: string
beforeAll(async () => {
  shared = await createShared()
  service = await startOrderService(shared)
  productId = (await productsInStock(service))[0]?.id ?? ''
  for (let index = 0; index < 5; index++) await place(service, 'clara', [{ productId, quantity: 1 }])
  const { body } = await place(service, 'eva', [{ productId, quantity: 2 }])
  await move(service, 'eva', body.id, 'pay')
})
afterAll(async () => {
  await service.close()
  await shared.issuer.close()
})
const list = (query: string, as: 'clara' | 'eva' | 'simao' = 'clara') =>
  service.call('GET', `/orders?${query}`, { as })

test('a customer sees his own orders, staff all of them if it asks', async () => {
  expect((await list('')).body.total).toBe(5)
  expect((await list('', 'simao')).body.total).toBe(0)
  expect((await list('scope=all', 'simao')).body.total).toBe(6)
  expect((await list('scope=all&status=paid,shipped', 'simao')).body.items).toMatchObject([
    { status: 'paid' },
  ])
  expect((await list(`scope=all&customer=${people.eva.sub}`, 'simao')).body.total).toBe(1)
})

test('SV-21 a customer who asks for the orders of others is told which role that takes', async () => {
  for (const query of ['scope=all', `customer=${people.eva.sub}`]) {
    const { status, body } = await list(query)
    expect(status).toBe(403)
    expect(body.detail).toContain('support')
  }
  expect((await service.call('GET', '/orders/summary', { as: 'clara' })).status).toBe(403)
})

test('staff sees how many orders stand where', async () => {
  const { body } = await service.call('GET', '/orders/summary', { as: 'simao' })
  expect(body).toEqual({ counts: { placed: 5, paid: 1, shipped: 0, delivered: 0, cancelled: 0 }, total: 6 })
})

test('staff finds orders by number, and by the name that an account event told', async () => {
  const data = { id: people.eva.sub, name: 'Eva Ramírez', email: 'eva@example.com', version: 1 }
  const event = {
    id: crypto.randomUUID(),
    type: 'account.registered',
    subject: data.id,
    time: new Date().toISOString(),
    data,
  }
  await service.backplane.events.publish(event)
  await expect.poll(async () => (await list('scope=all&search=ramirez', 'simao')).body.total).toBe(1)
  const { items } = (await list('scope=all&search=ramirez', 'simao')).body
  expect(items[0].customer).toEqual({ id: data.id, name: 'Eva Ramírez', email: 'eva@example.com' })
  expect((await list(`scope=all&search=${items[0].number}`, 'simao')).body.items).toEqual(items)
})

test('SV-17 pages neither skip nor repeat an order while others are placed', async () => {
  const seen: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const { body }: { body: { items: { id: string }[]; nextCursor: string | null } } = await list(
      `limit=2${cursor && `&cursor=${cursor}`}`,
    )
    seen.push(...body.items.map(({ id }) => id))
    cursor = body.nextCursor
    if (seen.length === 2) await place(service, 'clara', [{ productId, quantity: 1 }])
  }
  expect(seen).toHaveLength(5)
  expect(new Set(seen).size).toBe(5)
})

test('SV-18 SV-19 a cursor that was changed or is another filter’s, and unknown parameters, are refused by name', async () => {
  const { nextCursor } = (await list('limit=2')).body
  const named = async (query: string, as?: 'eva') => {
    const { status, body } = await list(query, as)
    return [status, body.errors?.[0]?.parameter]
  }
  expect(await named(`limit=2&cursor=${nextCursor.slice(0, -2)}AA`)).toEqual([400, 'cursor'])
  expect(await named(`limit=2&status=paid&cursor=${nextCursor}`)).toEqual([400, 'cursor'])
  expect(await named(`limit=2&cursor=${nextCursor}`, 'eva')).toEqual([400, 'cursor'])
  expect(await named('limit=101')).toEqual([400, 'limit'])
  expect(await named('sort=color')).toEqual([400, 'sort'])
  expect(await named('colour=blue')).toEqual([400, 'colour'])
  expect(await named('status=lost')).toEqual([400, 'status'])
})
