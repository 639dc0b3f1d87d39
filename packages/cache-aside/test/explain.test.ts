import { testRedisUrl, until } from '@alicerce/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CacheStore, Explanation } from '#src/index.ts'
import {
  connectedStore,
  createInstance,
  createSource,
  createTestOutbox,
  drivers,
  type Source,
} from './fixtures.ts'

const minute = 60_000

describe.each(drivers)('explaining a key, with $name', ({ pair }) => {
  let store: CacheStore
  let other: CacheStore
  let source: Source
  let now: number
  let closings: (() => Promise<unknown>)[]
  beforeEach(async () => {
    ;[store, other] = await pair(testRedisUrl)
    source = createSource()
    source.write('a', 7)
    now = Date.now()
    closings = []
  })
  afterEach(async () => {
    for (const close of closings) await close()
    await Promise.all([store.close(), other.close()])
  })

  function instance(on: CacheStore, options: Parameters<typeof createInstance>[2] = {}) {
    const made = createInstance(on, source, {
      ...{ jitter: 0, earlyRefresh: 0 },
      ...options,
      cache: { clock: { now: () => now }, ...options.cache },
    })
    closings.push(made.cache.close)
    const explain = async (key = 'a', values = false) =>
      (await made.cache.explain('thing', key, { values })) as Explanation
    return { ...made, explain }
  }

  /** Holds loads that have read their row, until opened. */
  function gate(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>()
    source.beforeReturn = () => promise
    return resolve
  }

  test('CA-62 absent, loading here and elsewhere, then fresh: it says who loads', async () => {
    const [here, there] = [instance(store), instance(other)]
    expect(await here.explain()).toMatchObject({
      ...{ firstLevel: { state: 'absent' }, store: { state: 'absent' }, wouldLoad: 'next-reader' },
    })
    expect(source.loads).toBe(0)
    const open = gate()
    const read = here.things.get('a')
    await expect.poll(() => source.loads).toBe(1)
    const loading = await here.explain()
    expect(loading).toMatchObject({ store: { state: 'lease', floor: 0 }, wouldLoad: 'this-process' })
    expect(loading.store.state === 'lease' && loading.store.left).toBeGreaterThan(1000)
    expect((await there.explain()).wouldLoad).toBe('another-process')
    open()
    await read
    await until(
      async () => (await here.things.get('a')) && (await here.explain()).firstLevel.state === 'fresh',
    )
    now += 1000
    const fresh = await here.explain()
    expect(fresh).toMatchObject({ wouldLoad: 'nobody', refreshing: false, tags: [] })
    expect(fresh.store).toMatchObject({ state: 'fresh', isNothing: false, version: 0 })
    expect(fresh.store.state === 'fresh' && fresh.store.age).toBeGreaterThanOrEqual(1000)
    expect(JSON.stringify(fresh)).not.toContain('"value"')
    expect((await here.explain('a', true)).store).toMatchObject({ value: { id: 'a', version: 7 } })
  })

  test('CA-62 past its time: stale, kept for trouble, expired', async () => {
    const { things, explain } = instance(store, { staleWhileRevalidate: minute, failSafe: 5 * minute })
    await things.get('a')
    now += minute + 1000
    expect(await explain()).toMatchObject({ store: { state: 'stale' }, wouldLoad: 'beside-the-answer' })
    const open = gate()
    await things.get('a')
    await expect.poll(async () => (await explain()).refreshing).toBe(true)
    expect((await explain()).wouldLoad).toBe('nobody')
    open()
    await expect.poll(async () => (await explain()).refreshing).toBe(false)
    await expect.poll(async () => (await explain()).store.state).toBe('fresh')
    now += 3 * minute
    await expect.poll(() => explain()).toMatchObject({ store: { state: 'kept' }, wouldLoad: 'next-reader' })
    now += 5 * minute
    expect((await explain()).store.state).toBe('expired')
  })

  test('CA-41 CA-62 a floor, and an invalidated tag by its name', async () => {
    const { things, cache, explain } = instance(store, {
      ...{ version: ({ version }: { version: number }) => version, tags: () => ['red', 'round'] },
    })
    await things.get('a')
    expect((await explain()).store).toMatchObject({ state: 'fresh', version: 7 })
    await cache.invalidateTagNow('round')
    expect(await explain()).toMatchObject({
      store: { state: 'void' },
      tags: [
        { name: 'red', stands: true },
        { name: 'round', stands: false },
      ],
      wouldLoad: 'next-reader',
    })
    await things.invalidateNow('a', { version: 9 })
    expect((await explain()).store).toEqual({ state: 'floor', floor: 9 })
  })

  test('CA-62 what there is not, and what nobody can read', async () => {
    const { things, cache, explain } = instance(store)
    await things.get('none')
    expect((await explain('none')).store).toMatchObject({ state: 'fresh', isNothing: true })
    const { storeKey } = await explain('garbage')
    await store.mark(storeKey, 'VVVVVVVVVVV')
    expect(await explain('garbage')).toMatchObject({
      store: { state: 'undecodable', bytes: 11 },
      wouldLoad: 'next-reader',
    })
    expect(await cache.explain('nothing', 'a')).toBeUndefined()
  })
})

test('CA-38 CA-62 without trust every reader loads for himself, and it says so', async () => {
  const store = await connectedStore(testRedisUrl())
  const { outbox } = createTestOutbox()
  outbox.oldestPending = async () => 10_000
  const { cache } = createInstance(store, createSource(), { cache: { outbox } })
  await cache.ready()
  expect(await cache.explain('thing', 'a')).toMatchObject({
    trust: { trusted: false, staleness: Number.POSITIVE_INFINITY, breaker: 'closed' },
    wouldLoad: 'around-the-cache',
  })
  await cache.close()
  await store.close()
})

test('CA-62 without a store too', async () => {
  const store = await connectedStore(testRedisUrl())
  const { cache } = createInstance(store, createSource())
  await store.close()
  expect(await cache.explain('thing', 'a')).toMatchObject({
    ...{ store: { state: 'unavailable' }, wouldLoad: 'around-the-cache' },
  })
  await cache.close()
})
