import { createDatabase } from '@alicerce/database'
import { type ApiAnswer, capturedLog } from '@alicerce/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Tables } from '#src/data/schema.ts'
import {
  createShared,
  place,
  productsInStock,
  type Shared,
  shippingAddress,
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

const product = (index: number) => products[index] as (typeof products)[number]
const stockOf = async (id: string) =>
  (await service.call('GET', `/catalogue/products/${id}`)).body.stock as number
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
const statuses = (answers: ApiAnswer[]) => answers.map(({ status }) => status).toSorted()

test('PR-01 an order is created with Location and ETag, priced by the catalogue, and takes its goods from stock', async () => {
  const [one, other] = [product(0), product(1)]
  const lines = [
    { productId: one.id, quantity: 2 },
    { productId: other.id, quantity: 1 },
  ]
  const { status, headers, body } = await place(service, 'clara', lines)
  expect(status).toBe(201)
  expect(headers.get('etag')).toBe('"1"')
  expect(new URL(headers.get('location') ?? '', `${service.app.url}/orders`).pathname).toBe(
    `/orders/${body.id}`,
  )
  expect(body).toMatchObject({
    status: 'placed',
    number: expect.stringMatching(/^A-\d{6}$/),
    total: { amount: one.price.amount * 2 + other.price.amount, currency: 'EUR' },
    customer: { name: 'Clara Costa' },
    transitions: ['pay', 'cancel'],
    timeline: [{ action: 'place', from: null, to: 'placed', actor: { role: 'customer' } }],
  })
  expect(await stockOf(one.id)).toBe(one.stock - 2)
})

test.each(['owner', 'customerId', 'price', 'total'])(
  'PR-06 SV-04 SV-20 a body that says %s is refused with its pointer',
  async (name) => {
    const body = { lines: [{ productId: product(0).id, quantity: 1 }], shippingAddress, [name]: 'eva' }
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const answer = await service.call('POST', '/orders', { as: 'clara', body, headers })
    expect(answer.status).toBe(400)
    expect(answer.body.errors).toEqual([expect.objectContaining({ pointer: `#/${name}` })])
  },
)

test('SV-03 all faults of an order are told at once, each with its pointer', async () => {
  const body = {
    lines: [{ productId: product(0).id, quantity: 0, price: 1 }, { quantity: 100 }],
    shippingAddress: { ...shippingAddress, country: 'Portugal' },
  }
  const headers = { 'idempotency-key': crypto.randomUUID() }
  const answer = await service.call('POST', '/orders', { as: 'clara', body, headers })
  expect(answer.status).toBe(400)
  expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual([
    '#/lines/0/price',
    '#/lines/0/quantity',
    '#/lines/1/productId',
    '#/lines/1/quantity',
    '#/shippingAddress/country',
  ])
})

test('a product that does not exist, or stands in two lines, is named by its pointer', async () => {
  const unknown = await place(service, 'clara', [
    { productId: product(0).id, quantity: 1 },
    { productId: crypto.randomUUID(), quantity: 1 },
  ])
  expect(unknown.status).toBe(422)
  expect(unknown.body).toMatchObject({
    code: 'unknown-product',
    errors: [{ pointer: '#/lines/1/productId' }],
  })
  const line = { productId: product(0).id, quantity: 1 }
  const repeated = await place(service, 'clara', [line, line])
  expect(repeated.status).toBe(422)
  expect(repeated.body).toMatchObject({
    code: 'repeated-product',
    errors: [{ pointer: '#/lines/1/productId' }],
  })
})

test('too much of a product is refused with what is there, and nothing is taken', async () => {
  const [one, other] = [product(2), product(3)]
  await inDatabase(({ query }) =>
    query.updateTable('product').set({ stock: 3 }).where('id', '=', other.id).execute(),
  )
  const answer = await place(service, 'clara', [
    { productId: one.id, quantity: 1 },
    { productId: other.id, quantity: 4 },
  ])
  expect(answer.status).toBe(409)
  expect(answer.body).toMatchObject({
    code: 'insufficient-stock',
    errors: [{ pointer: '#/lines/1/quantity', available: 3 }],
  })
  expect(await stockOf(one.id)).toBe(one.stock)
})

test('SV-12 fifty parallel repeats of one order make one order, and each gets the same answer in the end', async () => {
  const one = product(4)
  const key = crypto.randomUUID()
  const attempt = () => place(service, 'clara', [{ productId: one.id, quantity: 1 }], key)
  const first = await Promise.all(Array.from({ length: 50 }, attempt))
  expect(new Set(statuses(first)).difference(new Set([201, 409])).size).toBe(0)
  const again = await attempt()
  expect(again.status).toBe(201)
  for (const { body } of first.filter(({ status }) => status === 201)) expect(body).toEqual(again.body)
  expect(again.headers.get('etag')).toBe('"1"')
  expect(await stockOf(one.id)).toBe(one.stock - 1)
  const lines = await inDatabase(({ query }) =>
    query.selectFrom('order_line').select('order_id').where('product_id', '=', one.id).execute(),
  )
  expect(lines).toHaveLength(1)
})

test('PR-03 SV-13 SV-15 a key belongs to one request of one caller', async () => {
  const key = crypto.randomUUID()
  const first = await place(service, 'clara', [{ productId: product(5).id, quantity: 1 }], key)
  const other = await place(service, 'clara', [{ productId: product(5).id, quantity: 2 }], key)
  expect(other.status).toBe(422)
  const eva = await place(service, 'eva', [{ productId: product(5).id, quantity: 1 }], key)
  expect(eva.status).toBe(201)
  expect(eva.body.id).not.toBe(first.body.id)
})

test('PR-02 SV-16 after a refusal the same key and body make the order once the goods are there', async () => {
  const one = product(6)
  const stock = (amount: number) =>
    inDatabase(({ query }) =>
      query.updateTable('product').set({ stock: amount }).where('id', '=', one.id).execute(),
    )
  await stock(0)
  const key = crypto.randomUUID()
  expect((await place(service, 'clara', [{ productId: one.id, quantity: 1 }], key)).status).toBe(409)
  await stock(5)
  expect((await place(service, 'clara', [{ productId: one.id, quantity: 1 }], key)).status).toBe(201)
})

test('stock never becomes negative, and orders with the same goods in any order do not block each other', async () => {
  const [one, other] = [product(7), product(8)]
  await inDatabase(({ query }) =>
    query.updateTable('product').set({ stock: 10 }).where('id', 'in', [one.id, other.id]).execute(),
  )
  const answers = await Promise.all(
    Array.from({ length: 24 }, (_, index) => {
      const lines = [one, other].map(({ id }) => ({ productId: id, quantity: 1 }))
      return place(service, index % 2 ? 'clara' : 'eva', index % 2 ? lines : lines.toReversed())
    }),
  )
  expect(statuses(answers)).toEqual([...Array(10).fill(201), ...Array(14).fill(409)])
  expect([await stockOf(one.id), await stockOf(other.id)]).toEqual([0, 0])
})

test('SV-11 an order without Idempotency-Key is refused', async () => {
  const body = { lines: [{ productId: product(0).id, quantity: 1 }], shippingAddress }
  const answer = await service.call('POST', '/orders', { as: 'clara', body })
  expect(answer.status).toBe(400)
  expect(answer.body.errors).toEqual([expect.objectContaining({ parameter: 'Idempotency-Key' })])
})
