import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type ApiCaller,
  type AppProcess,
  createApiCaller,
  createProcesses,
  createTestCluster,
  createTestDatabase,
  createTestIssuer,
  type TestCluster,
  type TestIssuer,
  testRedisUrl,
} from '@alicerce/testing'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { orderServiceMigrations } from '#src/index.ts'
import { shippingAddress } from './fixtures.ts'

/** A cluster is many processes, which share this machine with other work. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })
const patience = { timeout: 60_000 }

/** A process of the service. */
type Copy = ApiCaller & { process: AppProcess }

let issuer: TestIssuer
let cluster: TestCluster
let one: Copy
let other: Copy
let productId: string
beforeAll(async () => {
  const database = await createTestDatabase({ migrations: orderServiceMigrations })
  ;[issuer, cluster] = await Promise.all([createTestIssuer(), createTestCluster({ primaries: 3 })])
  const env = {
    APP_ENV: 'test',
    DATABASE_URL: database.url,
    ISSUER_URL: issuer.issuer,
    REDIS_URL: testRedisUrl(),
    CACHE_CLUSTER_URLS: cluster.urls.slice(0, 2).join(', '),
  }
  const processes = createProcesses(join(await mkdtemp(join(tmpdir(), 'alicerce-')), 'output.log'))
  const start = async (): Promise<Copy> => {
    const process = await processes.start('order-service', env)
    return { ...createApiCaller({ url: process.url, issuer, scope: 'orders:read orders:write' }), process }
  }
  one = await start()
  other = await start()
  const { body } = await one.call('GET', '/catalogue/products?sort=price&limit=1')
  productId = body.items[0].id
})
afterAll(async () => {
  await Promise.all([one.process.stop(), other.process.stop()])
  await Promise.all([cluster.stop(), issuer.close()])
})

const product = async (copy: Copy, headers: Record<string, string> = {}) =>
  (await copy.call('GET', `/catalogue/products/${productId}`, { headers })).body
const place = (copy: Copy) =>
  copy.call('POST', '/orders', {
    as: 'clara',
    body: { lines: [{ productId, quantity: 1 }], shippingAddress },
    headers: { 'idempotency-key': crypto.randomUUID() },
  })
const sourceOf = async (copy: Copy) => {
  const { headers } = await copy.call('GET', `/catalogue/products/${productId}`)
  return /product: (\w+)/.exec(headers.get('server-timing') ?? '')?.[1]
}
/** Both answer from their own level, which takes trust in what every server of the cluster holds. */
async function warm(): Promise<void> {
  for (const copy of [one, other]) await expect.poll(() => sourceOf(copy), patience).toBe('l1')
}

test('CA-52 the cache of the service is in the cluster, on more than one server', async () => {
  await warm()
  for (const path of ['/catalogue/products?limit=50', '/catalogue/categories'])
    for (const copy of [one, other]) await copy.call('GET', path)
  const keys = await Promise.all(cluster.primaries.map((server) => server.command('KEYS', 'orders:*')))
  expect(keys.filter((found) => (found as string[]).length > 0).length).toBeGreaterThan(1)
})

test('CA-36 CA-52 what one process changes is void in the other one, which had it in its own level', async () => {
  await warm()
  const { stock } = await product(other)
  expect((await place(one)).status).toBe(201)
  await expect.poll(async () => (await product(other)).stock, patience).toBe(stock - 1)
  await warm()
  expect((await product(other)).stock).toBe(stock - 1)
})

test('CA-06 CA-52 who writes through one process reads it through the other, also while the cluster stands still', async () => {
  await warm()
  const { stock } = await product(other)
  for (const server of cluster.primaries) server.freeze()
  const { status, headers } = await place(one)
  const token = headers.get('consistency-token') ?? ''
  const found = await product(other, { 'consistency-token': token })
  for (const server of cluster.primaries) server.resume()
  expect([status, found.stock]).toEqual([201, stock - 1])
  await cluster.healthy()
  await warm()
  expect((await product(other)).stock).toBe(stock - 1)
})
