import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { setTimeout as sleep } from 'node:timers/promises'
import { createTestRedis, faultProxy } from '@alicerce/testing'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { CacheEvent } from '#src/index.ts'
import { begin, commit, connectedStore, createInstance, createSource, createTestOutbox } from '../fixtures.ts'
import { holdNextLoad, setStage } from './stage.ts'

// What went wrong in other caches, told again (the other half is in races.test.ts).

const many = <Result>(count: number, work: () => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, work))

test('FusionCache 574, cacheable 1201, bentocache 2: two processes × fifty cold reads are one load', async () => {
  const { here, there, source } = await setStage()
  source.beforeReturn = () => sleep(30)
  await Promise.all([many(50, () => here.things.get('a')), many(50, () => there.things.get('a'))])
  expect(source.loads).toBe(1)
})

test('cacheable 888, 125: neither in one process, asked in whatever way', async () => {
  const { here, source } = await setStage()
  source.beforeReturn = () => sleep(30)
  await Promise.all([many(50, () => here.things.get('a')), many(5, () => here.things.getMany(['a', 'a']))])
  expect(source.loads).toBe(1)
})

test('bentocache 1.6.1: a failing loader breaks no lock: one at a time goes on', async () => {
  const { here, there, source } = await setStage()
  source.beforeReturn = async () => {
    await sleep(10)
    throw new Error('the database is down')
  }
  await Promise.allSettled(
    [here, there].flatMap(({ things }) =>
      Array.from({ length: 20 }, async (_, turn) => {
        await sleep(turn * 5)
        await things.get('a')
      }),
    ),
  )
  expect(source.mostConcurrent).toBe(1)
})

test('bentocache 1.6.1: an invalidation that did not reach Redis says so', async () => {
  const { here, stores } = await setStage()
  stores[0].close()
  expect(await here.things.invalidateNow('a')).toBe(false)
})

test('async-cache-dedupe 164: a stale value that many ask for is refreshed once', async () => {
  const { here, source, clock } = await setStage({ ttl: 1000, staleWhileRevalidate: 60_000 })
  await here.things.get('a')
  clock.advance(2000)
  const { letGo } = holdNextLoad(source)
  await many(50, () => here.things.get('a'))
  letGo()
  await here.cache.close()
  expect(source.loads).toBe(2)
})

test('async-cache-dedupe 89: a tag that very many values carry is invalidated by one command', async () => {
  const { here, source } = await setStage({ tags: () => ['all'] })
  for (let id = 0; id < 3000; id++) source.write(`id-${id}`, 1)
  const ids = Array.from({ length: 3000 }, (_, id) => `id-${id}`)
  await here.things.getMany(ids.slice(0, 200))
  expect(await here.cache.invalidateTagNow('all')).toBe(true)
  source.write('id-0', 2)
  expect(await here.things.get('id-0')).toMatchObject({ version: 2 })
})

test('runtime 125602, jetcache 904: what one process invalidates leaves the memory of the others', async () => {
  const { here, there, source } = await setStage()
  await vi.waitUntil(async () => {
    await there.things.get('a')
    return there.sources().at(-1) === 'l1'
  })
  source.write('a', 2)
  await here.things.invalidateNow('a')
  await vi.waitUntil(async () => (await there.things.get('a'))?.version === 2)
})

test('extensions 7411, 7771: a process that has known a tag hears that it was invalidated', async () => {
  const { here, there, source } = await setStage({ tags: () => ['all'] })
  for (let read = 0; read < 3; read++) await there.things.get('a')
  source.write('a', 2)
  await here.cache.invalidateTagNow('all')
  await vi.waitUntil(async () => (await there.things.get('a'))?.version === 2)
})

test('cacheable 1169: what the second level has comes into the first', async () => {
  const { here, there } = await setStage()
  await here.things.get('a')
  await vi.waitUntil(async () => {
    await there.things.get('a')
    return there.sources().at(-1) === 'l1'
  })
  expect(there.sources()[0]).toBe('redis')
})

test('bentocache 32: clearing a namespace reaches the memory of the others', async () => {
  const { here, there, source } = await setStage()
  for (let read = 0; read < 3; read++) await there.things.get('a')
  source.write('a', 2)
  await here.cache.clearNow()
  await vi.waitUntil(async () => (await there.things.get('a'))?.version === 2)
})

test('bentocache 71, 63: what is kept for trouble is not answered after its tag was invalidated', async () => {
  const { here, source } = await setStage({ tags: () => ['all'], failSafe: 60_000 })
  await here.things.get('a')
  await here.cache.invalidateTagNow('all')
  source.beforeReturn = () => Promise.reject(new Error('the database is down'))
  await expect(here.things.get('a')).rejects.toThrow('the database is down')
})

test('jetcache 803, 945: a change whose news is lost, or a value that nobody can read, is not answered', async () => {
  const redis = await createTestRedis()
  const link = await faultProxy({ target: redis.url })
  const [store, other] = await Promise.all([connectedStore(link.url), connectedStore(redis.url)])
  const source = createSource()
  source.write('a', 1)
  const [deaf, writer] = [createInstance(store, source), createInstance(other, source)]
  onTestFinished(async () => {
    await Promise.all([deaf.cache.close(), writer.cache.close(), store.close(), other.close()])
    await link.close()
    await redis.stop()
  })
  for (let read = 0; read < 3; read++) await deaf.things.get('a')
  link.cut()
  source.write('a', 2)
  await vi.waitUntil(() => writer.things.invalidateNow('a'))
  link.resume()
  await vi.waitUntil(async () => (await deaf.things.get('a'))?.version === 2, 10_000)
})

test('cacheable 1208, 1170, keyv 1679, 1554, 1496: with Redis dead or frozen reads are answered, and invalidations return', async () => {
  const redis = await createTestRedis()
  const store = await connectedStore(redis.url)
  const source = createSource()
  source.write('a', 1)
  const { things, cache } = createInstance(store, source)
  onTestFinished(async () => {
    await cache.close({ limitMilliseconds: 100 })
    await store.close()
    await redis.stop()
  })
  redis.freeze()
  expect(await things.get('a')).toMatchObject({ version: 1 })
  expect(await things.invalidateNow('a')).toBe(false)
  redis.resume()
  await redis.kill()
  expect(await things.get('a')).toMatchObject({ version: 1 })
  expect(await things.invalidateNow('a')).toBe(false)
})

test('ioredis 559: a half-open link is given up, and the next one is used', async () => {
  const redis = await createTestRedis()
  const link = await faultProxy({ target: redis.url })
  const store = await connectedStore(link.url)
  onTestFinished(async () => {
    await store.close()
    await link.close()
    await redis.stop()
  })
  link.freeze()
  await expect(store.get('k')).rejects.toThrow('did not answer')
  await vi.waitUntil(() => store.connection() > 0, 20_000) // nobody had to wait for a quarter of an hour
  link.resume()
  await vi.waitUntil(
    () =>
      store.get('k').then(
        () => true,
        () => false,
      ),
    10_000,
  )
})

test('spring 23192, 28554: an eviction is no part of the transaction, and its failure no failure of it', async () => {
  const { here, source, stores } = await setStage()
  const { outbox, ...told } = createTestOutbox()
  const { things, cache } = createInstance(stores[1], source, { cache: { namespace: 'within', outbox } })
  await cache.ready()
  const [rolledBack, committed] = [begin(), begin()]
  await things.invalidate(rolledBack, 'a') // and nothing more
  await here.things.get('a')
  await things.invalidate(committed, 'a')
  await stores[1].close()
  expect(() => commit(committed)).not.toThrow()
  await cache.close()
  expect(told.marked).toEqual([]) // it is left to the relay
})

test('dialogporten 4230: that refreshes fail is told, however well old values hide it', async () => {
  const events: CacheEvent[] = []
  const hear = (event: unknown) => void events.push(event as CacheEvent)
  subscribe('alicerce.cache-aside', hear)
  onTestFinished(() => void unsubscribe('alicerce.cache-aside', hear))
  const { here, source, clock } = await setStage({ ttl: 1000, failSafe: 600_000 })
  await here.things.get('a')
  clock.advance(5000)
  source.beforeReturn = () => Promise.reject(new Error('too slow'))
  expect(await here.things.get('a')).toMatchObject({ version: 1 })
  expect(events).toContainEqual(expect.objectContaining({ type: 'refreshed', outcome: 'failed' }))
  expect(events).toContainEqual(expect.objectContaining({ type: 'fail-safe-served' }))
})
