import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type ApiCaller,
  type AppProcess,
  createApiCaller,
  createProcesses,
  createTestDatabase,
  createTestIssuer,
  createTestRedis,
  type FaultProxy,
  faultProxy,
  type TestIssuer,
  type TestRedis,
} from '@alicerce/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { orderServiceMigrations } from '#src/index.ts'
import { shippingAddress } from './fixtures.ts'

/** A process of the service, with a link of its own to Redis that can be hurt. */
type Copy = ApiCaller & { process: AppProcess; redisLink: FaultProxy }

let issuer: TestIssuer
let redis: TestRedis
let writer: Copy
let reader: Copy
let productId: string
beforeAll(async () => {
  const database = await createTestDatabase({ migrations: orderServiceMigrations })
  issuer = await createTestIssuer()
  redis = await createTestRedis()
  const output = join(await mkdtemp(join(tmpdir(), 'alicerce-')), 'output.log')
  const processes = createProcesses(output)
  const start = async (): Promise<Copy> => {
    const redisLink = await faultProxy({ target: redis.url })
    const process = await processes.start('order-service', {
      APP_ENV: 'test',
      DATABASE_URL: database.url,
      ISSUER_URL: issuer.issuer,
      REDIS_URL: redisLink.url,
    })
    const caller = createApiCaller({ url: process.url, issuer, scope: 'orders:read orders:write' })
    return { ...caller, process, redisLink }
  }
  writer = await start()
  reader = await start()
  const { body } = await reader.call('GET', '/catalogue/products?sort=price&limit=1')
  productId = body.items[0].id
})
afterAll(async () => {
  for (const { redisLink } of [writer, reader]) redisLink.resume()
  await Promise.all([writer.process.stop(), reader.process.stop()])
  await Promise.all([writer.redisLink.close(), reader.redisLink.close()])
  await redis.stop()
  await issuer.close()
})

const place = (copy: Copy, key: string) =>
  copy.call('POST', '/orders', {
    as: 'clara',
    body: { lines: [{ productId, quantity: 1 }], shippingAddress },
    headers: { 'idempotency-key': key },
  })
const pay = (copy: Copy, id: string) =>
  copy.call('POST', `/orders/${id}/transitions`, {
    as: 'clara',
    body: { action: 'pay' },
    headers: { 'if-match': '"1"' },
  })
const tokenOf = ({ headers }: { headers: Headers }) => headers.get('consistency-token') ?? ''

/** What Clara sees through a process. */
function sights(copy: Copy, headers: Record<string, string> = {}) {
  const see = async (path: string) => (await copy.call('GET', path, { as: 'clara', headers })).body
  return {
    order: async (id: string) => (await see(`/orders/${id}`)).status,
    orders: async () => (await see('/orders')).total,
    paid: async () => (await see('/orders?status=paid')).total,
    stock: async () => (await see(`/catalogue/products/${productId}`)).stock,
    stockInList: async () => (await see('/catalogue/products?sort=price&limit=1')).items[0].stock,
  }
}

/** Everything is at hand in the first level of the reader, whose link is whole. */
async function warm(orderId: string) {
  const seen = sights(reader)
  const read = async () =>
    Promise.all([seen.order(orderId), seen.orders(), seen.paid(), seen.stock(), seen.stockInList()])
  await read()
  await read()
  return read()
}

const untroubled = () => {}
const troubles: [string, () => void, () => void][] = [
  ['all is well', untroubled, untroubled],
  [
    'no process reaches Redis',
    () => [writer, reader].map(({ redisLink }) => redisLink.freeze()),
    () => [writer, reader].map(({ redisLink }) => redisLink.resume()),
  ],
  [
    'Redis is gone',
    () => [writer, reader].map(({ redisLink }) => redisLink.cut()),
    () => [writer, reader].map(({ redisLink }) => redisLink.resume()),
  ],
  ['Redis stands still', () => redis.freeze(), () => redis.resume()],
]

test.each(troubles)(
  'CA-06 while %s, who writes through one process reads it through another',
  async (_, hurt, heal) => {
    const placed = await place(writer, crypto.randomUUID())
    const { id } = placed.body
    await expect.poll(() => sights(reader).order(id)).toBe('placed')
    const [, orders, paid, stock] = await warm(id)
    hurt()
    const [again, moved] = [await place(writer, crypto.randomUUID()), await pay(writer, id)]
    expect([again.status, moved.status]).toEqual([201, 200])
    const mine = sights(reader, { 'consistency-token': `${tokenOf(again)}, ${tokenOf(moved)}` })
    // At once, one after the other: whatever the reader holds is as old as it can be.
    expect(await mine.order(id)).toBe('paid')
    expect(await mine.orders()).toBe(orders + 1)
    expect(await mine.paid()).toBe(paid + 1)
    expect(await mine.stock()).toBe(stock - 1)
    expect(await mine.stockInList()).toBe(stock - 1)
    heal()
    // Everybody else sees it as soon as it is certain what the cache holds.
    await expect.poll(() => sights(reader).order(id)).toBe('paid')
    await expect.poll(() => sights(reader).orders()).toBe(orders + 1)
  },
)

test('a repeat of a request, whose answer was lost, brings the token too', async () => {
  const key = crypto.randomUUID()
  const first = await place(writer, key)
  const repeated = await place(reader, key)
  expect(repeated.headers.get('idempotency-replayed')).toBe('true')
  expect(tokenOf(first)).not.toBe('')
  expect(tokenOf(repeated)).toBe(tokenOf(first))
})

test('nobody asks for versions that were never written', async () => {
  const { body, headers } = await place(writer, crypto.randomUUID())
  const token = headers.get('consistency-token') ?? ''
  const bytes = Buffer.from(token, 'base64url')
  bytes.writeUIntBE(2 ** 40, bytes.length - 6, 6)
  for (const made of [bytes.toString('base64url'), 'nonsense', `${token}x`, ','.repeat(500), ''])
    expect(await sights(reader, { 'consistency-token': made }).order(body.id)).toBe('placed')
})

test('who only reads, or is refused, gets no token', async () => {
  const { body, headers } = await place(writer, crypto.randomUUID())
  expect(headers.has('consistency-token')).toBe(true)
  const read = await reader.call('GET', `/orders/${body.id}`, { as: 'clara' })
  const refused = await writer.call('POST', `/orders/${body.id}/transitions`, {
    as: 'clara',
    body: { action: 'ship' },
    headers: { 'if-match': '"1"' },
  })
  expect([read.status, refused.status]).toEqual([200, 403])
  for (const answer of [read, refused]) expect(answer.headers.has('consistency-token')).toBe(false)
})
