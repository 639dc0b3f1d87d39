import type { CacheFigures, Explanation } from '@alicerce/cache-aside'
import { createDatabase } from '@alicerce/database'
import type { DomainEvent } from '@alicerce/events'
import { createBackplane } from '@alicerce/service-kit'
import { capturedLog, createTestRedis, faultProxy, type TestRedis, testRedisUrl } from '@alicerce/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Tables } from '#src/data/schema.ts'
import { seedOrderService } from '#src/index.ts'
import {
  createShared,
  move,
  place,
  productsInStock,
  type Shared,
  startOrderService,
  type TestService,
} from './fixtures.ts'

let shared: Shared
let one: TestService
let other: TestService
let productId: string
beforeAll(async () => {
  shared = await createShared(testRedisUrl())
  ;[one, other] = await Promise.all([startOrderService(shared), startOrderService(shared)])
  productId = (await productsInStock(one))[0]?.id ?? ''
})
afterAll(async () => {
  await Promise.all([one.close(), other.close()])
  await shared.issuer.close()
})

test('a second read comes from the cache, and the response says so', async () => {
  const path = `/catalogue/products/${productId}`
  await one.call('GET', path)
  const { headers } = await one.call('GET', path)
  expect(headers.get('cache-status')).toMatch(/hit/)
  expect(headers.get('server-timing')).toMatch(/cache;dur=[\d.]+;desc="product: (l1|redis)"/)
  expect(headers.get('server-timing')).not.toContain('database')
})

test('CA-60 what the cache does is a metric of the service, and a load of the database is one', async () => {
  const readMetrics = async () => (await fetch(`${one.app.adminUrl}/metrics`)).text()
  const metrics = await readMetrics()
  expect(metrics).toMatch(
    /cache_reads_total\{namespace="orders",class="product",source="(l1|redis)",.*\} [1-9]/,
  )
  expect(metrics).toMatch(/cache_load_duration_seconds_count\{[^}]*class="product"[^}]*\} [1-9]/)
  // Whoever starts leaves a row in the outbox, and its relay may be at it still.
  const outboxIsEmpty = /cache_outbox_age_seconds\{namespace="orders",service="order-service"\} 0\n/
  await expect.poll(readMetrics, { timeout: 10_000 }).toMatch(outboxIsEmpty)
})

test('CA-62 the admin port explains how a product stands, and the public port does not', async () => {
  const ask = async <Page>(url: string) => (await (await fetch(url)).json()) as Page
  const { classes } = await ask<CacheFigures>(`${one.app.adminUrl}/cache`)
  expect(classes.map(({ name }) => name)).toEqual([
    'product',
    'product-list',
    'category',
    'order',
    'order-list',
    'account',
  ])
  const path = `/cache/explain?class=product&key=${productId}`
  const explained = await ask<Explanation>(`${one.app.adminUrl}${path}`)
  expect(explained).toMatchObject({
    store: { state: 'fresh' },
    trust: { trusted: true },
    wouldLoad: 'nobody',
  })
  expect(explained.store).not.toHaveProperty('value')
  expect((await one.call('GET', path)).status).toBe(404)
})

test('two copies see each other’s writes at once, both with a warm cache', async () => {
  const { body } = await place(one, 'clara', [{ productId, quantity: 1 }])
  const status = async (service: TestService) =>
    (await service.call('GET', `/orders/${body.id}`, { as: 'clara' })).body.status
  const stock = async (service: TestService) =>
    (await service.call('GET', `/catalogue/products/${productId}`)).body.stock
  const before = await stock(one)
  expect([await status(one), await status(other), await stock(other)]).toEqual(['placed', 'placed', before])
  await move(one, 'clara', body.id, 'pay')
  await expect.poll(async () => [await status(one), await status(other)]).toEqual(['paid', 'paid'])
  await move(other, 'clara', body.id, 'cancel')
  await expect.poll(async () => [await status(one), await status(other)]).toEqual(['cancelled', 'cancelled'])
  await expect.poll(async () => [await stock(one), await stock(other)]).toEqual([before + 1, before + 1])
})

test('RS-11 an order that the cache holds for its owner is not there for anybody else', async () => {
  const { body } = await place(one, 'clara', [{ productId, quantity: 1 }])
  for (let read = 0; read < 2; read++)
    expect((await one.call('GET', `/orders/${body.id}`, { as: 'clara' })).status).toBe(200)
  const { status, headers } = await one.call('GET', `/orders/${body.id}`, { as: 'eva' })
  expect(status).toBe(404)
  expect(headers.get('cache-status')).toBeNull()
})

test('a name that an event changed shows in orders that were read before', async () => {
  const { body } = await place(one, 'ana', [{ productId, quantity: 1 }])
  const name = async (service: TestService) =>
    (await service.call('GET', `/orders/${body.id}`, { as: 'ana' })).body.customer.name
  expect([await name(one), await name(other)]).toEqual(['Clara Costa', 'Clara Costa'])
  const data = { id: body.customer.id, name: 'Ana Almeida', email: 'ana@example.com', version: 4 }
  const event = {
    id: crypto.randomUUID(),
    type: 'account.changed',
    subject: data.id,
    time: new Date().toISOString(),
    data,
  }
  await one.backplane.events.publish(event)
  await expect.poll(() => name(one)).toBe('Ana Almeida')
  await expect.poll(() => name(other)).toBe('Ana Almeida')
})

test('CA-30 products that a seed adds are in lists that a running service has cached, by their tag', async () => {
  const own = await createShared(testRedisUrl())
  const owner = createDatabase<Tables>({ url: own.ownerUrl, applicationName: 'test', log: capturedLog() })
  await owner.query.deleteFrom('product').where('category_id', '=', 'tiles').execute()
  const service = await startOrderService(own)
  const total = async () =>
    (await service.call('GET', '/catalogue/products?category=tiles&limit=5')).body.total
  expect([await total(), await total()]).toEqual([0, 0])
  const { headers } = await service.call('GET', '/catalogue/products?category=tiles&limit=5')
  expect(headers.get('server-timing')).toMatch(/product-list: (l1|redis)/)
  await seedOrderService({ databaseUrl: own.databaseUrl, log: capturedLog(), demo: false })
  await expect.poll(total).toBeGreaterThan(0)
  await service.close()
  await owner.close()
  await own.issuer.close()
})

async function withRedis(work: (redis: TestRedis) => Promise<void>): Promise<void> {
  const redis = await createTestRedis()
  await work(redis).finally(() => redis.stop())
}

test.each(['killed', 'frozen'])('with Redis %s everything still answers', (fate) =>
  withRedis(async (redis) => {
    const service = await startOrderService({ ...shared, redisUrl: redis.url })
    const placed = await place(service, 'clara', [{ productId, quantity: 1 }])
    if (fate === 'killed') await redis.kill()
    else redis.freeze()
    expect((await service.call('GET', '/catalogue/categories')).body.items).toHaveLength(8)
    expect((await service.call('GET', '/catalogue/products?limit=5')).body.items).toHaveLength(5)
    const paid = await move(service, 'clara', placed.body.id, 'pay')
    expect([paid.status, paid.body.status]).toEqual([200, 'paid'])
    expect((await service.call('GET', `/orders/${placed.body.id}`, { as: 'clara' })).body.status).toBe('paid')
    expect((await place(service, 'eva', [{ productId, quantity: 1 }])).status).toBe(201)
    if (fate === 'frozen') redis.resume()
    else await redis.restart()
    await service.close()
  }),
)

test('PR-05 SV-26 SV-33 an event that was written while Redis was away arrives when it is back, with its trace', async () => {
  const redis = await createTestRedis()
  const link = await faultProxy({ target: redis.url })
  const ownShared = await createShared(link.url)
  const service = await startOrderService(ownShared)
  const listener = await createBackplane({ redisUrl: redis.url, log: capturedLog() })
  const heard: DomainEvent[] = []
  await listener.events.subscribe({
    group: 'test',
    types: ['order.placed'],
    handle: async (event) => void heard.push(event),
  })
  link.cut()
  const { body, headers } = await place(service, 'clara', [{ productId, quantity: 1 }])
  link.resume()
  await expect.poll(() => heard.length, { timeout: 15_000 }).toBe(1)
  expect(heard[0]).toMatchObject({
    subject: body.id,
    data: { number: body.number, status: 'placed', version: 1 },
  })
  expect(heard[0]?.traceparent).toContain(headers.get('trace-id'))
  await service.close()
  await listener.close()
  await link.close()
  await redis.stop()
  await ownShared.issuer.close()
})
