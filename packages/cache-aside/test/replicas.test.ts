import { createTestRedis, type FaultProxy, faultProxy, type TestRedis, until } from '@alicerce/testing'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type CacheStore, redisStore } from '#src/index.ts'
import { createInstance, createSource, createTestOutbox, type Source } from './fixtures.ts'

const bound = 1000
let primary: TestRedis
let replica: TestRedis
/** The way on which the replica hears of changes. */
let replication: FaultProxy
let administrator: Redis
let ofReplica: Redis
let store: CacheStore
let source: Source

beforeAll(async () => {
  primary = await createTestRedis()
  replication = await faultProxy({ target: primary.url })
  replica = await createTestRedis({ replicaOf: replication.url })
  administrator = new Redis(primary.url)
  ofReplica = new Redis(replica.url)
  for (const client of [administrator, ofReplica]) client.on('error', () => {})
})
afterAll(async () => {
  administrator.disconnect()
  ofReplica.disconnect()
  await replica.stop()
  await replication.close()
  await primary.stop()
})
beforeEach(async () => {
  replication.resume()
  await until(async () => (await ofReplica.info('replication')).includes('master_link_status:up'))
  await administrator.flushall()
  await ofReplica.config('RESETSTAT')
  store = redisStore({ url: primary.url, replicaUrls: [replica.url], deadlineMilliseconds: 200 })
  await until(() => store.get('nothing').then(() => true))
  source = createSource()
  source.write('a', 1)
})
afterEach(() => store.close())

const version = (thing: { version: number }) => thing.version
const { outbox } = createTestOutbox()

function instance(options: Parameters<typeof createInstance>[2] = {}) {
  const asked: string[] = []
  const listening: CacheStore = {
    ...store,
    get(key) {
      if (key.includes(':thing:')) asked.push('primary')
      return store.get(key)
    },
    getFromReplica(key) {
      const found = store.getFromReplica?.(key)
      if (found) asked.push('replica')
      return found
    },
  }
  const cache = { outbox, stalenessBound: bound, firstLevel: { maximumBytes: 0 }, ...options.cache }
  const made = createInstance(listening, source, {
    version,
    fromReplicas: true,
    earlyRefresh: 0,
    ...options,
    cache,
  })
  return { ...made, asked }
}

type Instance = ReturnType<typeof instance>
const untilReadFrom = ({ things, asked, reads }: Instance, ...from: string[]) =>
  until(async () => {
    asked.length = 0
    await things.get('a')
    return asked.join() === from.join() && reads.at(-1)?.source === 'redis'
  })

test('CA-53 a class with versions is read from a replica, and what is done is done at the primary', async () => {
  const here = instance()
  await untilReadFrom(here, 'replica')
  const loads = source.loads
  await here.things.get('a')
  expect(source.loads).toBe(loads)
  await here.things.invalidateNow('a', { version: 1 })
  const stats = await ofReplica.info('commandstats')
  expect(stats).toContain('cmdstat_mget:')
  expect(stats).not.toContain('cmdstat_eval')
  await here.cache.close()
})

test('CA-06 CA-41 CA-53 who knows of a version gets none before it, although the replica has one and is trusted', async () => {
  const here = instance()
  await untilReadFrom(here, 'replica')
  replication.freeze()
  source.write('a', 2)
  expect(await here.things.invalidateNow('a', { version: 2 })).toBe(true)
  expect(String(await ofReplica.getBuffer((await administrator.keys('test:thing:*'))[0] ?? ''))).toContain(
    '"version":1',
  )
  expect((await here.things.get('a', { minVersion: 2 }))?.version).toBe(2)
  expect(here.asked).toContain('primary')
  await here.cache.close()
})

test('CA-38 CA-53 a replica that is farther behind than the bound is not asked, until it has caught up', async () => {
  const here = instance()
  await untilReadFrom(here, 'replica')
  replication.freeze()
  source.write('a', 2)
  expect(await here.things.invalidateNow('a', { version: 2 })).toBe(true)
  const invalidatedAt = performance.now()
  await until(async () => {
    const began = performance.now()
    const found = (await here.things.get('a'))?.version
    // It may be answered from what the replica has for as long as the bound says, and not a read longer.
    if (began - invalidatedAt > bound) expect(found).toBe(2)
    return began - invalidatedAt > 3 * bound
  })
  expect(here.asked.at(-1)).toBe('primary')
  replication.resume()
  await until(async () => {
    here.asked.length = 0
    await here.things.get('a')
    return here.asked.includes('replica')
  })
  expect((await here.things.get('a'))?.version).toBe(2)
  await here.cache.close()
})

test('CA-30 CA-53 what was made void is not answered from a replica that has not heard of it', async () => {
  const here = instance({ tags: () => ['every'] })
  await untilReadFrom(here, 'replica')
  replication.freeze()
  source.write('a', 2)
  expect(await here.cache.invalidateTagNow('every')).toBe(true)
  expect((await here.things.get('a'))?.version).toBe(2)
  await here.cache.close()
})

test('CA-53 a replica that dies costs no answer, and is asked again when it is back', async () => {
  const here = instance()
  await untilReadFrom(here, 'replica')
  const loads = source.loads
  await replica.kill()
  expect((await here.things.get('a'))?.version).toBe(1)
  await untilReadFrom(here, 'primary')
  expect(source.loads).toBe(loads)
  await replica.restart()
  await until(async () => {
    here.asked.length = 0
    await here.things.get('a')
    return here.asked.includes('replica')
  })
  await here.cache.close()
})

test('CA-53 without a watermark nobody knows how far a replica is behind, so none is asked', async () => {
  const { things, cache } = createInstance(store, source, {
    version,
    fromReplicas: true,
    cache: { namespace: 'alone' },
  })
  for (let read = 0; read < 5; read++) await things.get('a')
  expect(store.getFromReplica?.('alone:thing:x:{a}')).toBeUndefined()
  await cache.close()
})

test('CA-25 CA-53 only a class with versions may be read from replicas, and no strict one', () => {
  expect(() => createInstance(store, source, { fromReplicas: true })).toThrow('"fromReplicas"')
  expect(() => createInstance(store, source, { fromReplicas: true, version, strict: true })).toThrow(
    '"fromReplicas"',
  )
})
