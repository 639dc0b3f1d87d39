import { setTimeout as sleep } from 'node:timers/promises'
import { createTestRedis, type FaultProxy, faultProxy, type TestRedis, until } from '@alicerce/testing'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type CacheStore, StoreUnavailable } from '#src/index.ts'
import { connectedStore, createInstance, createSource, type Source } from './fixtures.ts'

const deadline = 50
/** What this machine may add by being busy with other work. */
const slack = 150

let redis: TestRedis
let proxy: FaultProxy
let store: CacheStore
let source: Source

beforeAll(async () => {
  redis = await createTestRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  proxy = await faultProxy({ target: redis.url })
  store = await connectedStore(proxy.url, { deadlineMilliseconds: deadline })
  source = createSource()
  source.write('a', 1)
})
afterEach(async () => {
  await store.close()
  await proxy.close()
})

async function timed<Result>(work: () => Promise<Result>): Promise<{ result: Result; took: number }> {
  const started = performance.now()
  const result = await work()
  return { result, took: performance.now() - started }
}

/** Keys apart from those of the other tests in this Redis. */
const instance = (options: Parameters<typeof createInstance>[2] = {}) =>
  createInstance(store, source, {
    ...options,
    cache: { namespace: `n${Math.random().toString(36).slice(2)}`, ...options.cache },
  })

test('CA-50 a frozen Redis slows a cold read by its deadline, an invalidation too, and fails neither', async () => {
  const { things, reads, cache } = instance()
  redis.freeze()
  try {
    source.beforeReturn = () => sleep(30)
    const read = await timed(() => things.get('a'))
    expect(read.result?.version).toBe(1)
    expect(read.took).toBeLessThan(deadline + 30 + slack)
    expect(reads[0]).toMatchObject({ source: 'database', degraded: 'store-unavailable' })
    const invalidation = await timed(() => things.invalidateNow('a'))
    expect(invalidation.result).toBe(false)
    expect(invalidation.took).toBeLessThan(deadline + slack)
    const many = await timed(() => things.getMany(['a', 'b', 'c']))
    expect(many.result.get('a')?.version).toBe(1)
    expect(many.took).toBeLessThan(deadline + 30 + slack)
  } finally {
    redis.resume()
  }
  await until(async () => (await things.get('a')) && reads.at(-1)?.source !== 'database')
  await cache.close()
})

test('CA-50 CA-51 under a Redis that stays frozen reads soon cost no waiting at all, and it is found again', async () => {
  const { things, reads, cache } = instance()
  redis.freeze()
  try {
    for (let read = 0; read < 8; read++) await things.get('a')
    const read = await timed(() => things.get('a'))
    expect(read.took).toBeLessThan(deadline)
  } finally {
    redis.resume()
  }
  await until(async () => (await things.get('a')) && reads.at(-1)?.source === 'l1')
  await cache.close()
})

test('CA-50 a slow Redis slows a read no more than a frozen one', async () => {
  const { things, cache } = instance()
  proxy.delay(200)
  const read = await timed(() => things.get('a'))
  expect(read.result?.version).toBe(1)
  expect(read.took).toBeLessThan(deadline + slack)
  await cache.close()
})

test('CA-50 with Redis dead reads go on, and after its restart the cache is back by itself, scripts included', async () => {
  const { things, reads, cache } = instance()
  await things.get('a')
  await redis.kill()
  const read = await timed(() => things.get('a'))
  expect(read.result?.version).toBe(1)
  source.write('a', 2)
  expect((await things.get('a'))?.version).toBe(2)
  await redis.restart()
  await until(async () => (await things.get('a')) && reads.at(-1)?.source === 'l1')
  const loads = source.loads
  expect((await things.get('a'))?.version).toBe(2)
  expect(source.loads).toBe(loads)
  await cache.close()
})

test('CA-50 a command that was not answered is not sent again on the next connection', async () => {
  const key = `resent:${Math.random()}`
  proxy.freeze()
  await expect(store.acquire(key, Buffer.alloc(16, 1), 60_000)).rejects.toBeInstanceOf(StoreUnavailable)
  proxy.cut()
  proxy.resume()
  await until(() => store.get('anything').then(() => true))
  await sleep(50)
  expect(await store.get(key)).toBeUndefined()
})

test('CA-45 a cut of the link that brings invalidations empties the first level', async () => {
  const { things, reads, sources, cache } = instance()
  await until(async () => (await things.get('a')) && sources().at(-1) === 'l1')
  proxy.cut()
  source.write('a', 2)
  await until(async () => (await things.get('a')) && reads.at(-1)?.source !== 'l1')
  await cache.close()
})

test('CA-45 FLUSHALL empties the first level too', async () => {
  const { things, sources, cache } = instance()
  await until(async () => (await things.get('a')) && sources().at(-1) === 'l1')
  source.write('a', 2)
  const { Redis } = await import('ioredis')
  const administrator = new Redis(redis.url)
  await administrator.flushall()
  administrator.disconnect()
  await until(async () => (await things.get('a'))?.version === 2)
  await cache.close()
})

test('CA-46 nothing is answered from the first level while nobody can tell what has changed', async () => {
  const { things, reads, sources, cache } = instance()
  await until(async () => (await things.get('a')) && sources().at(-1) === 'l1')
  proxy.freeze() // half open: no error, no reply
  await sleep(3100)
  source.write('a', 2)
  expect((await things.get('a'))?.version).toBe(2)
  expect(reads.at(-1)?.degraded).toBe('store-unavailable')
  proxy.resume()
  await cache.close()
})

test('CA-20 with the cache away, loads are bounded, and more than the queue holds is refused with a typed error', async () => {
  const { things, cache } = instance({ cache: { bypass: { concurrency: 2, queue: 3 } } })
  await store.close()
  source.beforeReturn = () => sleep(50)
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, (_, number) => things.get(`key-${number}`)),
  )
  const refused = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]
  expect(refused.length).toBeGreaterThan(0)
  expect(refused.every(({ reason }) => reason.code === 'overloaded')).toBe(true)
  expect(source.mostConcurrent).toBe(2)
  source.mostConcurrent = 0
  const same = await Promise.all(Array.from({ length: 20 }, () => things.get('a')))
  expect(same.every((value) => value?.version === 1)).toBe(true)
  expect(source.mostConcurrent).toBe(1)
  await cache.close()
})
