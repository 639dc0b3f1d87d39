import { createTestRedis, type FaultProxy, faultProxy, type TestRedis, until } from '@alicerce/testing'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type CacheStore, memoryStore, StoreUnavailable } from '#src/index.ts'
import { connectedStore, createInstance, createSource, createTestOutbox, type Source } from '../fixtures.ts'

const bound = 400
let source: Source
let outbox: ReturnType<typeof createTestOutbox>

beforeEach(() => {
  source = createSource()
  source.write('a', 1)
  outbox = createTestOutbox()
})

type Instance = ReturnType<typeof createInstance>

const guarded = (store: CacheStore, options: Parameters<typeof createInstance>[2] = {}) =>
  createInstance(store, source, {
    ...options,
    cache: { outbox: outbox.outbox, stalenessBound: bound, ...options.cache },
  })

/** Reads until the cache answers, or does not. */
const untilReadFrom = ({ things, reads }: Instance, ...sources: string[]) =>
  until(async () => {
    await things.get('a')
    return sources.includes(reads.at(-1)?.source as string)
  })

describe('with a store in memory', () => {
  let store: CacheStore
  beforeEach(() => {
    store = memoryStore()
  })

  test('CA-38 while an invalidation is late, reads go around the cache, and keep nothing', async () => {
    const instance = guarded(store)
    await untilReadFrom(instance, 'l1')
    expect(instance.cache.staleness()).toBeLessThan(bound)
    outbox.pending = 5000
    await untilReadFrom(instance, 'database')
    expect(instance.reads.at(-1)?.degraded).toBe('untrusted')
    expect(instance.cache.staleness()).toBe(Number.POSITIVE_INFINITY)
    source.write('a', 2)
    expect((await instance.things.get('a'))?.version).toBe(2)
    expect((await instance.things.getMany(['a'])).get('a')?.version).toBe(2)
    outbox.pending = 0
    await untilReadFrom(instance, 'redis', 'l1')
    await instance.cache.close()
  })

  test('CA-38 a class that would rather answer old than not says so', async () => {
    const instance = guarded(store, { untrusted: 'serve' })
    await untilReadFrom(instance, 'l1')
    outbox.pending = 5000
    await until(() => instance.cache.staleness() > bound)
    await instance.things.get('a')
    expect(instance.reads.at(-1)).toMatchObject({ source: 'redis', degraded: 'untrusted' })
    expect(source.loads).toBe(1)
    await instance.cache.close()
  })

  test('CA-38 an outbox that cannot be asked is one that may hold anything', async () => {
    const instance = guarded(store)
    await untilReadFrom(instance, 'l1')
    outbox.outbox.oldestPending = () => Promise.reject(new Error('the database is away'))
    await untilReadFrom(instance, 'database')
    expect(instance.log.text()).toContain('the database is away')
    const told = instance.log.lines.length
    await instance.things.get('a')
    await until(() => instance.cache.staleness() === Number.POSITIVE_INFINITY)
    expect(instance.log.lines.length).toBe(told) // once, not with every look
    outbox.outbox.oldestPending = async () => 0
    await untilReadFrom(instance, 'redis', 'l1')
    await instance.cache.close()
  })

  test('CA-38 a store that cannot say its watermark is told of, with the cause', async () => {
    const cause = new Error('NOPERM this user has no permissions to run INFO')
    const refusing: CacheStore = {
      ...store,
      readWatermark: () => Promise.reject(new StoreUnavailable('Redis refused EVALSHA.', { cause })),
    }
    const instance = guarded(refusing)
    await until(() => instance.log.text().includes('NOPERM'))
    expect((await instance.things.get('a'))?.version).toBe(1)
    expect(instance.reads.at(-1)?.degraded).toBe('untrusted')
    await instance.cache.close()
  })

  test('CA-38 one asks the outbox for all', async () => {
    let asked = 0
    const counting = () => {
      asked++
      return Promise.resolve(0)
    }
    outbox.outbox.oldestPending = counting
    const instances = Array.from({ length: 5 }, () => guarded(store))
    const began = performance.now()
    for (const instance of instances) await untilReadFrom(instance, 'l1', 'redis')
    await until(() => performance.now() - began > 5 * bound)
    const periods = (performance.now() - began) / (bound / 4)
    expect(asked).toBeLessThan(2 * periods) // five times as often, if each asked for himself
    for (const { cache } of instances) await cache.close()
  })

  test('CA-45 the first level is not used before it has heard of what was delivered', async () => {
    const deaf: CacheStore = {
      ...store,
      watch: () => ({ live: true, barrier: () => new Promise(() => {}), close() {} }),
    }
    const instance = guarded(deaf)
    await untilReadFrom(instance, 'redis')
    for (let read = 0; read < 5; read++) await instance.things.get('a')
    expect(instance.sources()).not.toContain('l1')
    await instance.cache.close()
  })

  test('CA-10 CA-38 what was loaded while something is late is not shared with those who joined', async () => {
    const instance = guarded(store)
    await untilReadFrom(instance, 'l1')
    source.write('b', 1)
    let loading = false
    source.beforeReturn = async () => {
      if (loading) return
      loading = true
      await until(() => instance.cache.staleness() > bound)
    }
    const first = instance.things.get('b')
    await until(() => loading)
    source.write('b', 2) // committed, and nobody has been told
    outbox.pending = 5000
    const joined = instance.things.get('b')
    expect((await first)?.version).toBe(1) // it asked before
    expect((await joined)?.version).toBe(2)
    await instance.cache.close()
  })

  test('CA-38 a watermark ahead of a clock that was set back says nothing', async () => {
    const clock = { now: () => 2_000_000 }
    const early = memoryStore({ clock })
    const seen = await early.readWatermark('w')
    await early.moveWatermark('w', seen, 1_999_999)
    expect((await early.readWatermark('w')).at).toBe(1_999_999)
    clock.now = () => 1_000_000
    expect((await early.readWatermark('w')).at).toBeUndefined()
    await early.moveWatermark('w', seen, 999_000)
    expect((await early.readWatermark('w')).at).toBe(999_000)
  })
})

describe('with a Redis that fails', () => {
  let redis: TestRedis
  let proxy: FaultProxy
  let store: CacheStore
  let administrator: Redis

  beforeAll(async () => {
    redis = await createTestRedis()
    administrator = new Redis(redis.url)
    administrator.on('error', () => {})
  })
  afterAll(async () => {
    administrator.disconnect()
    await redis.stop()
  })
  beforeEach(async () => {
    await until(() => administrator.flushall())
    proxy = await faultProxy({ target: redis.url })
    store = await connectedStore(proxy.url, { deadlineMilliseconds: 2000 })
  })
  afterEach(async () => {
    await store.close()
    await proxy.close()
  })

  test('CA-40 P4 a Redis that comes back without the invalidations that it had acknowledged is made void', async () => {
    const instance = guarded(store)
    await untilReadFrom(instance, 'l1')
    await administrator.save()
    const reopened = outbox.reopened
    source.write('a', 2)
    expect(await instance.things.invalidateNow('a')).toBe(true)
    await redis.kill() // and with it what it acknowledged
    await redis.restart()
    await until(() => administrator.exists('test:#watermark'))
    const versions = new Set<number | undefined>()
    await until(async () => {
      versions.add((await instance.things.get('a'))?.version)
      return instance.reads.at(-1)?.source === 'l1'
    })
    expect([...versions]).toEqual([2])
    expect(outbox.reopened).toBeGreaterThan(reopened)
    await instance.cache.close()
  })

  test('CA-40 a Redis that lost everything is told again what it should know', async () => {
    const instance = guarded(store)
    await untilReadFrom(instance, 'l1')
    const reopened = outbox.reopened
    await administrator.flushall()
    await until(() => outbox.reopened > reopened)
    await untilReadFrom(instance, 'l1')
    await instance.cache.close()
  })

  test('CA-38 CA-40 a process that is cut off from Redis trusts nothing, until it has asked again', async () => {
    const [cut, other] = [guarded(store), guarded(await connectedStore(redis.url))]
    await untilReadFrom(cut, 'l1')
    await untilReadFrom(other, 'l1', 'redis')
    proxy.freeze()
    await until(() => cut.cache.staleness() > bound)
    source.write('a', 2)
    expect(await other.things.invalidateNow('a')).toBe(true)
    expect((await cut.things.get('a'))?.version).toBe(2)
    proxy.resume()
    await untilReadFrom(cut, 'l1')
    expect((await cut.things.get('a'))?.version).toBe(2)
    await Promise.all([cut.cache.close(), other.cache.close()])
  })
})
