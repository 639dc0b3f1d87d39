import { setTimeout as sleep } from 'node:timers/promises'
import { createTestRedis, type TestRedis, testRedisUrl, until } from '@alicerce/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CacheEvent, CacheStore } from '#src/index.ts'
import {
  begin,
  commit,
  connectedStore,
  createInstance,
  createSource,
  createTestOutbox,
  type Source,
} from './fixtures.ts'

let store: CacheStore
let other: CacheStore
let source: Source
let events: CacheEvent[]
let closings: (() => Promise<unknown>)[]
beforeEach(async () => {
  const url = testRedisUrl()
  const options = { deadlineMilliseconds: 2000 }
  ;[store, other] = await Promise.all([connectedStore(url, options), connectedStore(url, options)])
  source = createSource()
  source.write('a', 1)
  events = []
  closings = []
})
afterEach(async () => {
  for (const close of closings) await close()
  await Promise.all([store.close(), other.close()])
})

function instance(on: CacheStore, options: Parameters<typeof createInstance>[2] = {}) {
  const onEvent = (event: CacheEvent) => void events.push(event)
  const made = createInstance(on, source, { ...options, cache: { onEvent, ...options.cache } })
  closings.push(made.cache.close)
  const figures = async () => {
    const [thing] = (await made.cache.figures()).classes
    return thing as NonNullable<typeof thing>
  }
  return { ...made, figures }
}
const typesOf = () => events.map(({ type }) => type)

test('CA-60 reads are counted by the place that answered, and loads with their time', async () => {
  const { things, figures } = instance(store)
  source.beforeReturn = () => sleep(20)
  await Promise.all([things.get('a'), things.get('a')])
  await until(async () => (await things.get('a')) && (await figures()).reads.l1 > 0)
  const { reads, loads, name, loading, waiting } = await figures()
  expect({ name, loading, waiting }).toEqual({ name: 'thing', loading: 0, waiting: 0 })
  expect(reads).toMatchObject({ database: 1, joined: 1 })
  expect(reads.redis).toBeGreaterThan(0)
  expect(loads).toMatchObject({ succeeded: 1, error: 0 })
  expect(loads.milliseconds).toBeGreaterThan(15)
})

test('CA-60 CA-61 who waits for the lease of another process, and a fill that is refused, are told', async () => {
  const here = instance(store)
  const there = instance(other)
  const { promise: opened, resolve: open } = Promise.withResolvers<void>()
  source.beforeReturn = () => opened
  const first = here.things.get('a')
  await expect.poll(() => source.loads).toBe(1)
  const second = there.things.get('a')
  await sleep(30)
  await there.things.invalidateNow('a')
  await expect.poll(() => source.loads).toBe(2)
  open()
  await Promise.all([first, second])
  expect((await here.figures()).fillsRefused).toMatchObject({ 'lease-lost': 1 })
  expect(await there.figures()).toMatchObject({ waits: { answered: 1, gaveUp: 0 } })
  expect(events).toContainEqual({ type: 'fill-refused', class: 'thing', reason: 'lease-lost' })
  expect(events).toContainEqual({ type: 'invalidated', way: 'outside', keys: 1, delivered: true })
})

test('CA-60 CA-61 values past their time are counted by reason, and how their refreshes end', async () => {
  let now = Date.now()
  const { things, figures } = instance(store, {
    ...{ staleWhileRevalidate: 60_000, failSafe: 600_000, jitter: 0, earlyRefresh: 0 },
    cache: { clock: { now: () => now } },
  })
  await things.get('a')
  now += 61_000
  await things.get('a')
  await expect.poll(async () => (await figures()).refreshes.succeeded).toBe(1)
  now += 200_000
  source.beforeReturn = () => Promise.reject(new Error('database is down'))
  expect((await things.get('a'))?.version).toBe(1)
  expect(await figures()).toMatchObject({
    staleServed: { revalidating: 1, 'fail-safe': 1 },
    refreshes: { succeeded: 1, failed: 1 },
    loads: { succeeded: 2, error: 1 },
  })
  expect(typesOf()).toContain('fail-safe-served')
})

test('CA-60 invalidations are counted by the way they went', async () => {
  const { outbox } = createTestOutbox()
  const { cache, things } = instance(store, { cache: { outbox } })
  const tx = begin()
  await things.invalidate(tx, 'a')
  commit(tx)
  await cache.outboxHandler({ payload: { keys: ['test:thing:x:{a}', 'test:thing:x:{b}'] } })
  await things.invalidateNow('a')
  await expect
    .poll(async () => (await cache.figures()).invalidations)
    .toEqual({
      'at-once': { delivered: 1, failed: 0 },
      relay: { delivered: 2, failed: 0 },
      outside: { delivered: 1, failed: 0 },
    })
  expect((await cache.figures()).store.evictedKeys).toBe(0)
})

test('CA-51 CA-60 CA-61 a Redis that freezes and comes back is told as breaker, first level and trust change', async () => {
  const redis: TestRedis = await createTestRedis()
  const hurt = await connectedStore(redis.url)
  const { outbox } = createTestOutbox()
  const { cache, things } = instance(hurt, { cache: { outbox, stalenessBound: 400 } })
  await until(() => cache.staleness() < 400)
  await things.get('a')
  expect(events).toContainEqual({ type: 'namespace-voided' })
  await expect.poll(() => events).toContainEqual({ type: 'trust-changed', trusted: true })
  redis.freeze()
  await until(async () => (await things.get('a')) && (await cache.figures()).store.breaker !== 'closed')
  await expect.poll(() => events).toContainEqual({ type: 'trust-changed', trusted: false })
  const { classes, trusted, staleness } = await cache.figures()
  expect({ trusted, staleness }).toEqual({ trusted: false, staleness: Number.POSITIVE_INFINITY })
  expect(classes[0]?.bypasses['store-unavailable']).toBeGreaterThan(0)
  redis.resume()
  await until(async () => (await things.get('a')) && (await cache.figures()).trusted)
  const states = events.flatMap((event) => (event.type === 'breaker-changed' ? [event.state] : []))
  expect(states.slice(0, 2)).toEqual(['open', 'half-open'])
  expect(states.at(-1)).toBe('closed')
  const { resets } = (await cache.figures()).firstLevel
  await redis.kill()
  await expect.poll(async () => (await cache.figures()).firstLevel.resets).toBeGreaterThan(resets)
  await cache.close()
  await hurt.close()
  await redis.stop()
})

test('CA-61 listeners that throw harm nothing, and are told of once', async () => {
  const fail = () => {
    throw new Error('listener')
  }
  const { things, log } = instance(store, { cache: { onEvent: fail, onRead: fail } })
  for (let round = 0; round < 5; round++) {
    expect((await things.get('a'))?.version).toBe(1)
    await things.invalidateNow('a')
  }
  expect(log.lines.map(({ message }) => message)).toEqual([
    'The listener to events of the cache failed; this is told once',
    'The listener to reads of the cache failed; this is told once',
  ])
})
