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
    getMany(keys) {
      asked.push(...keys.map(() => 'primary'))
      return store.getMany(keys)
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

test('CA-03 CA-06 CA-53 many are read from a replica, and at the primary what is missing there or older than is known', async () => {
  for (const id of ['b', 'c']) source.write(id, 1)
  const here = instance({ cache: { outbox, stalenessBound: 4000, namespace: 'many' } })
  const versionsOf = async (ids: string[], minVersion = new Map<string, number>()) => {
    here.asked.length = 0
    return [...(await here.things.getMany(ids, { minVersion })).values()].map((thing) => thing?.version)
  }
  await until(async () => {
    await versionsOf(['a', 'b'])
    return here.asked.join() === 'replica,replica'
  })
  expect(here.sources().slice(-2)).toEqual(['redis', 'redis'])
  replication.freeze()
  source.write('a', 2)
  expect(await here.things.invalidateNow('a', { version: 2 })).toBe(true)
  expect(await versionsOf(['c', 'a', 'b'], new Map([['a', 2]]))).toEqual([1, 2, 1])
  expect(here.asked).toEqual(['replica', 'replica', 'replica', 'primary', 'primary'])
  expect(here.sources().slice(-3).sort()).toEqual(['database', 'database', 'redis'])
  await here.cache.close()
})

test('CA-03 CA-30 CA-53 of many the void ones are not answered from a replica that has not heard of it', async () => {
  source.write('b', 1)
  const here = instance({ tags: (id) => [id], cache: { outbox, stalenessBound: 4000, namespace: 'void' } })
  await until(async () => {
    here.asked.length = 0
    await here.things.getMany(['a', 'b'])
    return here.asked.join() === 'replica,replica'
  })
  replication.freeze()
  for (const id of ['a', 'b']) source.write(id, 2)
  expect(await here.cache.invalidateTagNow('a')).toBe(true)
  const found = await here.things.getMany(['a', 'b'])
  expect(found.get('a')?.version).toBe(2)
  expect(found.get('b')?.version).toBe(1) // nobody said that it had changed
  await here.cache.close()
})

test('CA-38 CA-53 a replica that is farther behind than the bound is not asked, until it has caught up', async () => {
  const here = instance()
  await untilReadFrom(here, 'replica')
  replication.freeze()
  source.write('a', 2)
  expect(await here.things.invalidateNow('a', { version: 2 })).toBe(true)
  const invalidatedAt = performance.now()
  const tooOld: number[] = []
  await until(async () => {
    const age = performance.now() - invalidatedAt
    const found = (await here.things.get('a'))?.version
    const amongMany = (await here.things.getMany(['a', 'b'])).get('a')?.version
    // It may be answered from what the replica has for as long as the bound says, and not a read longer.
    if (age > bound && (found !== 2 || amongMany !== 2)) tooOld.push(age)
    return age > 3 * bound
  })
  expect(tooOld).toEqual([])
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
