import { setTimeout as sleep } from 'node:timers/promises'
import { testRedisUrl, until } from '@alicerce/testing'
import { Redis } from 'ioredis'
import { Type } from 'typebox'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  type CacheEvent,
  type CacheReadReport,
  type CacheStore,
  createCache,
  type Explanation,
  type PolicyOptions,
} from '#src/index.ts'
import { connectedStore } from './fixtures.ts'

const noLog = { warn() {} }
let store: CacheStore
let other: CacheStore
let redis: Redis
let events: CacheEvent[]
let reads: CacheReadReport[]
let loads: number
let size: number
let now: number
let beforeReturn: () => Promise<unknown>
let closings: (() => Promise<unknown>)[]
beforeEach(async () => {
  const url = testRedisUrl()
  const options = { deadlineMilliseconds: 2000 }
  ;[store, other] = await Promise.all([connectedStore(url, options), connectedStore(url, options)])
  redis = new Redis(url)
  ;[events, reads, loads, size, closings, now] = [[], [], 0, 0, [], Date.now()]
  beforeReturn = async () => {}
})
afterEach(async () => {
  for (const close of closings) await close()
  redis.disconnect()
  await Promise.all([store.close(), other.close()])
})

/** A class of texts that are as long as `size` says when they are loaded. */
function instance(on: CacheStore, options: Partial<PolicyOptions> = {}) {
  const onEvent = (event: CacheEvent) => void events.push(event)
  const onRead = (read: CacheReadReport) => void reads.push(read)
  const clock = { now: () => now }
  const cache = createCache({ namespace: 'test', store: on, log: noLog, onEvent, onRead, clock })
  closings.push(cache.close)
  const texts = cache.define({
    ...{ name: 'text', schema: Type.String(), key: (id: string) => id, ttl: 60_000 },
    async load(id: string) {
      loads++
      await beforeReturn()
      return `${id} `.repeat(size / (id.length + 1))
    },
    ...options,
  })
  const explain = async (key = 'a') => (await cache.explain('text', key)) as Explanation
  const fillsRefused = async () => (await cache.figures()).classes[0]?.fillsRefused['too-large']
  return { cache, texts, explain, fillsRefused }
}

test('CA-29 a long value is packed in Redis, and every process and level reads it', async () => {
  size = 200_000
  const [here, there] = [instance(store), instance(other)]
  const loaded = await here.texts.get('a')
  await expect
    .poll(async () => (await here.explain()).store)
    .toMatchObject({ state: 'fresh', isPacked: true })
  const { storeKey } = await here.explain()
  expect(await redis.strlen(storeKey)).toBeLessThan(20_000)
  expect(await there.texts.get('a')).toBe(loaded)
  expect((await there.texts.getMany(['a'])).get('a')).toBe(loaded)
  await until(
    async () => (await there.texts.get('a')) && (await there.explain()).firstLevel.state === 'fresh',
  )
  // The first level holds it unpacked, and counts it so.
  expect((await there.cache.figures()).firstLevel.bytes).toBeGreaterThan(200_000)
  expect(loads).toBe(1)
})

test('CA-29 a short value is not packed, and a class can do without', async () => {
  size = 1000
  const { texts, explain } = instance(store)
  await texts.get('a')
  await expect.poll(async () => (await explain()).store).toMatchObject({ isPacked: false })
  size = 200_000
  const plain = instance(other, { compressAbove: Number.POSITIVE_INFINITY })
  await plain.texts.get('b')
  await expect.poll(async () => (await plain.explain('b')).store).toMatchObject({ isPacked: false })
})

test('CA-45 CA-29 an invalidation while a value is unpacked keeps it out of the first level', async () => {
  size = 400_000
  const [here, there] = [instance(store), instance(other)]
  await here.texts.get('a')
  await expect.poll(async () => (await here.explain()).store.state).toBe('fresh')
  await until(async () => (await there.explain('none')).trust.firstLevelLive)
  const read = there.texts.get('a')
  await there.texts.invalidateNow('a')
  await read
  expect((await there.explain()).firstLevel.state).toBe('absent')
})

test('CA-27 CA-29 broken bytes in Redis are as good as none, are counted, and are replaced', async () => {
  size = 200_000
  const { texts, explain, cache } = instance(store)
  const loaded = await texts.get('a')
  await expect.poll(async () => (await explain()).store.state).toBe('fresh')
  const { storeKey } = await explain()
  const good = (await redis.getBuffer(storeKey)) as Buffer
  const damages: ((bytes: Buffer) => Buffer)[] = [
    (bytes) => bytes.subarray(0, bytes.length - 20),
    (bytes) => bytes.fill(0xff, bytes.length - 60),
    (bytes) => bytes.fill(7, 43, 44),
    () => Buffer.from('V garbage'),
  ]
  for (const [number, damage] of damages.entries()) {
    await redis.set(storeKey, damage(Buffer.from(good)))
    await until(async () => (await explain()).firstLevel.state === 'absent')
    expect((await explain()).store.state).toBe('undecodable')
    expect(await texts.get('a')).toBe(loaded)
    expect(loads).toBe(2 + number)
    await expect.poll(async () => (await explain()).store.state).toBe('fresh')
  }
  expect((await cache.figures()).classes[0]?.undecodable).toBeGreaterThanOrEqual(damages.length)
})

test('CA-29 a value above the cap is answered and not stored, and no lease stays behind', async () => {
  size = 5000
  const { texts, explain, fillsRefused } = instance(store, { maximumBytes: 4000 })
  expect((await texts.get('a'))?.length).toBe(5000)
  await expect.poll(async () => (await explain()).store.state).toBe('absent')
  expect(events).toContainEqual({ type: 'fill-refused', class: 'text', reason: 'too-large' })
  expect(await fillsRefused()).toBe(1)
  expect(reads.at(-1)).toMatchObject({ source: 'database', degraded: 'too-large' })
  size = 3000
  expect((await texts.get('a'))?.length).toBe(3000)
  await expect.poll(async () => (await explain()).store.state).toBe('fresh')
})

test('CA-10 CA-29 who waits for such a value shares it, unless an invalidation overtook it', async () => {
  size = 5000
  const { texts } = instance(store, { maximumBytes: 4000 })
  beforeReturn = () => sleep(50)
  await Promise.all(Array.from({ length: 50 }, () => texts.get('a')))
  expect(loads).toBe(1)
  const { promise: opened, resolve: open } = Promise.withResolvers<void>()
  beforeReturn = () => opened
  const first = texts.get('a')
  await expect.poll(() => loads).toBe(2)
  await texts.invalidateNow('a')
  size = 6000
  const late = texts.get('a')
  open()
  await first
  expect((await late)?.length).toBe(6000)
})

test('CA-29 a value that grew beyond the cap leaves the kept one in its place, and everybody gets the new one', async () => {
  size = 3000
  const { texts, explain, fillsRefused } = instance(store, {
    ...{ maximumBytes: 4000, failSafe: 600_000, jitter: 0, earlyRefresh: 0 },
  })
  await texts.get('a')
  await expect.poll(async () => (await explain()).store.state).toBe('fresh')
  now += 61_000
  size = 5000
  beforeReturn = () => sleep(50)
  const all = await Promise.all(Array.from({ length: 20 }, () => texts.get('a')))
  expect(all.every((value) => value?.length === 5000)).toBe(true)
  expect(loads).toBe(2)
  expect(await fillsRefused()).toBe(1)
  await expect.poll(async () => (await explain()).store.state).toBe('kept')
})

test('CA-29 senseless sizes are refused when the class is defined', () => {
  expect(() => instance(store, { maximumBytes: 2 ** 40 })).toThrow('"maximumBytes" of the cache class "text"')
  expect(() => instance(store, { compressAbove: -1 })).toThrow(TypeError)
})
