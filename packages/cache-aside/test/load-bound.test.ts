import { setTimeout as sleep } from 'node:timers/promises'
import { testRedisUrl } from '@alicerce/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CacheError, type CacheStore } from '#src/index.ts'
import { connectedStore, createInstance, createSource, type Source } from './fixtures.ts'

let store: CacheStore
let source: Source
beforeEach(async () => {
  store = await connectedStore(testRedisUrl(), { deadlineMilliseconds: 2000 })
  source = createSource()
  for (let number = 0; number < 40; number++) source.write(`key-${number}`, 1)
})
afterEach(() => store.close())

const keys = (count: number) => Array.from({ length: count }, (_, number) => `key-${number}`)
const settle = (reads: Promise<unknown>[]) => Promise.allSettled(reads)
const reasonsOf = (outcomes: PromiseSettledResult<unknown>[]) =>
  outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as CacheError] : []))

test('CA-20 a herd on cold keys falls on the source a few loads at a time, and everybody is answered', async () => {
  const { things, cache } = createInstance(store, source, { maximumLoads: 3 })
  source.beforeReturn = () => sleep(5)
  const read = await Promise.all(keys(40).map((key) => things.get(key)))
  expect(read.every((value) => value?.version === 1)).toBe(true)
  expect(source).toMatchObject({ loads: 40, mostConcurrent: 3 })
  await cache.close()
})

test('CA-20 what is more than the queue holds is refused with a code and a time to try again, and leaves no lease behind', async () => {
  const { things, cache } = createInstance(store, source, {
    ...{ maximumLoads: 1, loadQueue: 2, loadQueueTimeout: 1500 },
  })
  const { promise: opened, resolve: open } = Promise.withResolvers<void>()
  source.beforeReturn = () => opened
  const reads = keys(10).map((key) => things.get(key))
  const refused = settle(reads.slice(3))
  await expect.poll(async () => reasonsOf(await refused).length).toBe(7)
  for (const reason of reasonsOf(await refused)) {
    expect(reason).toBeInstanceOf(CacheError)
    expect(reason).toMatchObject({ code: 'overloaded', retryAfterMilliseconds: 1500 })
  }
  open()
  expect(reasonsOf(await settle(reads.slice(0, 3)))).toEqual([])
  const again = performance.now()
  expect((await things.get('key-9'))?.version).toBe(1)
  expect(performance.now() - again).toBeLessThan(1500) // nobody's lease was waited for
  await cache.close()
})

test('CA-20 a load that does not get its turn in time is refused', async () => {
  const { things, cache } = createInstance(store, source, { maximumLoads: 1, loadQueueTimeout: 30 })
  const { promise: opened, resolve: open } = Promise.withResolvers<void>()
  source.beforeReturn = () => opened
  const first = things.get('key-0')
  await expect.poll(() => source.loads).toBe(1)
  await expect(things.get('key-1')).rejects.toMatchObject({ code: 'overloaded', retryAfterMilliseconds: 30 })
  open()
  await first
  await cache.close()
})

test('CA-18 CA-20 a wait for a turn does not count as time that the source took', async () => {
  const { things, cache } = createInstance(store, source, { maximumLoads: 1 })
  const { promise: opened, resolve: open } = Promise.withResolvers<void>()
  source.beforeReturn = () => opened
  const first = things.get('key-0')
  await expect.poll(() => source.loads).toBe(1)
  const second = things.get('key-1')
  await sleep(300)
  source.beforeReturn = async () => {}
  open()
  await Promise.all([first, second])
  await expect.poll(async () => (await cache.explain('thing', 'key-1'))?.store.state).toBe('fresh')
  const [waited, held] = await Promise.all(['key-1', 'key-0'].map((key) => cache.explain('thing', key)))
  expect(held?.store).toMatchObject({ loadTook: expect.toSatisfy((took: number) => took >= 300) })
  expect(waited?.store).toMatchObject({ loadTook: expect.toSatisfy((took: number) => took < 250) })
  await cache.close()
})

test('CA-16 CA-20 what is kept for trouble is answered instead of a refusal', async () => {
  let now = Date.now()
  const { things, reads, cache } = createInstance(store, source, {
    ...{ maximumLoads: 1, loadQueue: 0, failSafe: 600_000, jitter: 0 },
    cache: { clock: { now: () => now } },
  })
  await things.get('key-1')
  now += 120_000
  const { promise: opened, resolve: open } = Promise.withResolvers<void>()
  source.beforeReturn = () => opened
  const first = things.get('key-0')
  await expect.poll(() => source.loads).toBe(2)
  expect((await things.get('key-1'))?.version).toBe(1)
  expect(reads.at(-1)?.stale?.reason).toBe('fail-safe')
  open()
  await first
  await cache.close()
})

test('CA-03 CA-20 many keys that are loaded by one call are one load', async () => {
  let calls = 0
  const { things, cache } = createInstance(store, source, {
    ...{ maximumLoads: 1, loadQueue: 0 },
    async loadMany(ids) {
      calls++
      return new Map(ids.map((id) => [id, { id, version: 1 }]))
    },
  })
  expect((await things.getMany(keys(40))).size).toBe(40)
  expect(calls).toBe(1)
  await cache.close()
})

test('CA-20 the bound holds while the store is away, for all that each class has on its own', async () => {
  const { things, cache } = createInstance(store, source, { maximumLoads: 2, loadQueue: 3 })
  await store.close()
  source.beforeReturn = () => sleep(20)
  const outcomes = await settle(keys(30).map((key) => things.get(key)))
  expect(source.mostConcurrent).toBe(2)
  expect(reasonsOf(outcomes).every(({ code }) => code === 'overloaded')).toBe(true)
  expect(reasonsOf(outcomes).length).toBeLessThan(30)
  await cache.close()
})

test('CA-20 senseless bounds are refused when the class is defined', () => {
  const define = (options: object) => () => createInstance(store, source, options)
  expect(define({ maximumLoads: 0 })).toThrow('"maximumLoads" of the cache class "thing" must be at least 1')
  expect(define({ loadQueue: -1 })).toThrow(TypeError)
  expect(define({ loadQueueTimeout: 0 })).toThrow(TypeError)
})
