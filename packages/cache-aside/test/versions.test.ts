import { testRedisUrl } from '@alicerce/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CacheStore, StoreUnavailable } from '#src/index.ts'
import {
  begin,
  createInstance,
  createSource,
  createTestOutbox,
  drivers,
  enterLongAgo,
  type Source,
} from './fixtures.ts'

const version = (thing: { version: number }) => thing.version

describe.each(drivers)('values with versions, with $name', ({ pair }) => {
  let store: CacheStore
  let other: CacheStore
  let source: Source
  let closings: (() => Promise<void>)[]

  beforeEach(async () => {
    ;[store, other] = await pair(testRedisUrl)
    await enterLongAgo(store)
    source = createSource()
    source.write('a', 1)
    closings = []
  })
  afterEach(async () => {
    await Promise.all(closings.map((close) => close()))
    await Promise.all([store.close(), other.close()])
  })

  function instance(on: CacheStore, options: Parameters<typeof createInstance>[2] = {}) {
    const made = createInstance(on, source, { version, ...options })
    closings.push(made.cache.close)
    return made
  }

  /** A source behind the commits until it is told. */
  function replica() {
    const behind = { version: 1, asked: [] as number[] }
    return {
      behind,
      async load(id: string, { atLeast }: { atLeast: number }) {
        behind.asked.push(atLeast)
        return { id, version: atLeast > behind.version ? 2 : behind.version }
      },
    }
  }

  test('CA-06 who has written reads what he wrote, although the invalidation never arrived', async () => {
    const deaf: CacheStore = { ...store, raise: () => Promise.reject(new StoreUnavailable('away')) }
    const [here, there] = [instance(deaf), instance(other)]
    await expect.poll(async () => (await here.things.get('a')) && here.sources().at(-1)).toBe('l1')
    await there.things.get('a')
    source.write('a', 2)
    expect(await here.things.invalidateNow('a', { version: 2 })).toBe(false)
    expect((await there.things.get('a'))?.version).toBe(1)
    expect((await there.things.get('a', { minVersion: 2 }))?.version).toBe(2)
    await expect.poll(async () => (await here.things.get('a'))?.version).toBe(2) // and has mended it for all
    expect(source.loads).toBe(2)
  })

  test('CA-06 what is new enough is answered without a load', async () => {
    const { things } = instance(store)
    for (let read = 0; read < 4; read++) await things.get('a', { minVersion: 1 })
    expect(source.loads).toBe(1)
  })

  test('CA-06 a version that does not exist is a typed error, and takes nothing from the others', async () => {
    const { things } = instance(store)
    await things.get('a')
    const before = source.loads
    await expect(things.get('a', { minVersion: 1000 })).rejects.toMatchObject({
      name: 'CacheError',
      code: 'version-behind',
    })
    const loads = source.loads
    expect(loads - before).toBeLessThanOrEqual(4)
    expect((await things.get('a'))?.version).toBe(1)
    expect(source.loads).toBe(loads)
  })

  test('CA-03 CA-06 of many that are asked for at once, each is as new as its reader knows it to be', async () => {
    const deaf: CacheStore = { ...store, raise: () => Promise.reject(new StoreUnavailable('away')) }
    const asked: string[][] = []
    const { things } = instance(deaf, {
      async loadMany(ids) {
        asked.push([...ids])
        const loads = ids.map(async (id) => [
          id,
          await source.load(id, { signal: new AbortController().signal }),
        ])
        return new Map((await Promise.all(loads)) as [string, { id: string; version: number } | undefined][])
      },
    })
    const ids = ['a', 'b', 'c']
    for (const id of ids) source.write(id, 1)
    const versionsOf = async (minVersion?: ReadonlyMap<string, number>) =>
      [...(await things.getMany(ids, { minVersion })).values()].map((thing) => thing?.version)
    expect(await versionsOf()).toEqual([1, 1, 1])
    for (const id of ids) source.write(id, 2) // and nobody is told
    for (let read = 0; read < 3; read++) expect(await versionsOf()).toEqual([1, 1, 1]) // from both levels
    expect(await versionsOf(new Map([['b', 2]]))).toEqual([1, 2, 1])
    expect(asked).toEqual([ids, ['b']])
    await expect.poll(() => versionsOf()).toEqual([1, 2, 1]) // and has mended it for all
    await expect(versionsOf(new Map([['c', 9]]))).rejects.toMatchObject({ code: 'version-behind' })
  })

  test('CA-06 CA-25 a class without versions knows of none', async () => {
    const { cache } = instance(store)
    const plain = cache.define({ name: 'plain', schema: {}, key: String, load: async () => 1, ttl: 1000 })
    expect(() => plain.get('a', { minVersion: 1 })).toThrow('has no versions')
    await expect(plain.getMany(['a'], { minVersion: new Map([['a', 1]]) })).rejects.toThrow('has no versions')
    expect(() => plain.invalidateNow('a', { version: 1 })).toThrow('has no versions')
  })

  test('CA-25 what is no whole number is no version', async () => {
    for (const wrong of [1.5, -1, Number.NaN, 2 ** 60]) {
      const { things } = instance(store, { name: 'wrong', version: () => wrong })
      await expect(things.get('a')).rejects.toThrow('whole number')
    }
  })

  test('CA-41 CA-53 a load that reads a replica must reach what the invalidation said', async () => {
    const { behind, load } = replica()
    const { things } = instance(store, { load })
    expect((await things.get('a'))?.version).toBe(1)
    await things.invalidateNow('a', { version: 2 })
    expect((await things.get('a'))?.version).toBe(2)
    expect((await things.get('a'))?.version).toBe(2)
    expect(behind.asked).toEqual([0, 2])
  })

  test('CA-41 a source that is behind is asked again, and what it says is neither answered nor kept', async () => {
    const { behind } = replica()
    const stubborn = async (id: string) => {
      behind.asked.push(0)
      return { id, version: behind.version }
    }
    const { things } = instance(store, { load: stubborn })
    await things.invalidateNow('a', { version: 2 })
    await expect(things.get('a')).rejects.toMatchObject({ code: 'version-behind' })
    expect(behind.asked).toHaveLength(3)
    behind.version = 2
    expect((await things.get('a'))?.version).toBe(2)
  })

  test('CA-41 invalidations that come in the wrong order leave the higher floor', async () => {
    const { load } = replica()
    const [here, there] = [instance(store, { load }), instance(other, { load })]
    await here.things.invalidateNow('a', { version: 2 })
    await there.things.invalidateNow('a', { version: 1 })
    await there.things.invalidateNow('a')
    expect((await there.things.get('a'))?.version).toBe(2)
  })

  test('CA-37 CA-41 the relay delivers the version too', async () => {
    const { outbox } = createTestOutbox()
    const { behind, load } = replica()
    const { things, cache } = instance(store, { load, cache: { outbox } })
    await cache.ready() // which makes void whatever was there
    await enterLongAgo(store)
    await things.get('a')
    const tx = begin()
    await things.invalidate(tx, 'a', { version: 2 })
    await cache.outboxHandler({ payload: JSON.parse(JSON.stringify(tx.rows[0]?.payload)) })
    expect((await things.get('a'))?.version).toBe(2)
    expect(behind.asked).toEqual([0, 2])
    for (const payload of [{ keys: ['a'], floor: 1.5, hold: 1 }, { keys: ['a'], floor: 1 }, { keys: [1] }]) {
      await expect(cache.outboxHandler({ payload })).rejects.toMatchObject({ code: 'message-malformed' })
    }
  })

  test('CA-41 CA-53 with the cache away the loader is asked for the newest', async () => {
    const { behind, load } = replica()
    const away: CacheStore = { ...store, get: () => Promise.reject(new StoreUnavailable('away')) }
    const { things } = instance(away, { load })
    expect((await things.get('a'))?.version).toBe(2)
    expect(behind.asked).toEqual([Number.POSITIVE_INFINITY])
  })

  test('CA-05 CA-41 a row that was deleted is nothing, under its floor too', async () => {
    const { things } = instance(store, { load: async () => undefined })
    await things.invalidateNow('a', { version: 3 })
    expect(await things.get('a')).toBeUndefined()
  })

  test('CA-06 a strict class asks the store each time', async () => {
    const untold: CacheStore = {
      ...other,
      watch: () => ({ live: true, barrier: async () => {}, close() {} }),
    }
    const [here, there] = [instance(store, { strict: true }), instance(untold, { strict: true })]
    for (let read = 0; read < 4; read++) await there.things.get('a')
    expect(new Set(there.sources().slice(1))).toEqual(new Set(['redis']))
    source.write('a', 2)
    await here.things.invalidateNow('a', { version: 2 })
    expect((await there.things.get('a'))?.version).toBe(2)
    source.write('a', 3)
    await here.cache.clearNow()
    expect((await there.things.get('a'))?.version).toBe(3)
  })
})
