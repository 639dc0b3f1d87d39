import { setTimeout as sleep } from 'node:timers/promises'
import { testRedisUrl } from '@alicerce/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CacheStore } from '#src/index.ts'
import { createInstance, createSource, drivers, type Source } from './fixtures.ts'

describe.each(drivers)('reads that race with a write, with $name', ({ pair }) => {
  let store: CacheStore
  let other: CacheStore
  let source: Source
  let release: () => void

  beforeEach(async () => {
    ;[store, other] = await pair(testRedisUrl)
    source = createSource()
    source.write('a', 1)
    const { promise, resolve } = Promise.withResolvers<void>()
    release = resolve
    let first = true
    // The first load has read its row and is held before it returns; later loads are not.
    source.beforeReturn = async () => {
      if (!first) return
      first = false
      await promise
    }
  })
  afterEach(async () => {
    await Promise.all([store.close(), other.close()])
  })

  for (const writer of ['the same instance', 'another instance'] as const) {
    test(`CA-12 what was loaded before an invalidation by ${writer} is never kept`, async () => {
      const [here, there] = [createInstance(store, source), createInstance(other, source)]
      const overtaken = here.things.get('a')
      await expect.poll(() => source.loads).toBe(1)
      source.write('a', 2)
      expect(await (writer === 'the same instance' ? here : there).things.invalidateNow('a')).toBe(true)
      release()
      expect((await overtaken)?.version).toBe(1) // it asked before the write
      for (let round = 0; round < 3; round++) {
        expect((await here.things.get('a'))?.version).toBe(2)
        expect((await there.things.get('a'))?.version).toBe(2)
        await sleep(10)
      }
      await Promise.all([here.cache.close(), there.cache.close()])
    })
  }

  test('CA-10 who asks after the invalidation gets nothing from the load before it', async () => {
    const { things, cache } = createInstance(store, source)
    const overtaken = things.get('a')
    await expect.poll(() => source.loads).toBe(1)
    source.write('a', 2)
    await things.invalidateNow('a')
    const late = Array.from({ length: 20 }, () => things.get('a'))
    await sleep(20)
    release()
    await overtaken
    expect((await Promise.all(late)).map((value) => value?.version)).toEqual(Array(20).fill(2))
    expect(source.loads).toBe(2)
    await cache.close()
  })

  test('CA-10 a flight takes no one in once its fill is on its way', async () => {
    let fillSent = () => {}
    const sent = new Promise<void>((resolve) => {
      fillSent = resolve
    })
    const { promise: acknowledged, resolve: acknowledge } = Promise.withResolvers<void>()
    const slow: CacheStore = {
      ...store,
      async fill(...values) {
        const stored = await store.fill(...values)
        fillSent()
        await acknowledged
        return stored
      },
    }
    const { things, cache } = createInstance(slow, source)
    const first = things.get('a')
    await expect.poll(() => source.loads).toBe(1)
    release()
    await sent
    source.write('a', 2)
    await createInstance(other, source).things.invalidateNow('a')
    const late = things.get('a')
    acknowledge()
    expect((await first)?.version).toBe(1)
    expect((await late)?.version).toBe(2)
    await cache.close()
  })

  test('CA-45 an invalidation reaches the first level of every instance', async () => {
    const [here, there] = [createInstance(store, source), createInstance(other, source)]
    release()
    for (const { things, sources } of [here, there]) {
      await expect
        .poll(async () => {
          await things.get('a')
          return sources().at(-1)
        })
        .toBe('l1')
    }
    source.write('a', 2)
    await here.things.invalidateNow('a')
    expect((await here.things.get('a'))?.version).toBe(2)
    await expect.poll(async () => (await there.things.get('a'))?.version).toBe(2)
    expect(source.loads).toBe(2)
    await Promise.all([here.cache.close(), there.cache.close()])
  })

  test('CA-45 who invalidates does not need to be told: his own first level forgets before the command is sent', async () => {
    const untold: CacheStore = {
      ...store,
      watch: () => ({ live: true, barrier: async () => {}, close() {} }),
    }
    const { things, sources, cache } = createInstance(untold, source)
    release()
    for (let read = 0; read < 3; read++) await things.get('a')
    expect(sources().at(-1)).toBe('l1')
    source.write('a', 2)
    await things.invalidateNow('a')
    expect((await things.get('a'))?.version).toBe(2)
    await cache.close()
  })

  test('CA-45 a reply that an invalidation overtook is answered and not kept in the first level', async () => {
    const seeder = createInstance(other, source)
    release()
    await seeder.things.get('a')
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    let replied = false
    const slow: CacheStore = {
      ...store,
      async get(key) {
        const bytes = await store.get(key)
        if (bytes && !replied) {
          replied = true
          await gate
        }
        return bytes
      },
    }
    const { things, cache } = createInstance(slow, source)
    const late = things.get('a')
    await expect.poll(() => replied).toBe(true)
    source.write('a', 2)
    await things.invalidateNow('a')
    open()
    expect((await late)?.version).toBe(1) // it asked before the write
    expect((await things.get('a'))?.version).toBe(2)
    await Promise.all([seeder.cache.close(), cache.close()])
  })
})
