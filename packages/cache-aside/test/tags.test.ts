import { setTimeout as sleep } from 'node:timers/promises'
import { testRedisUrl } from '@alicerce/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CacheStore, type ClassOptions, invalidationTopic, StoreUnavailable } from '#src/index.ts'
import {
  begin,
  commit,
  createInstance,
  createSource,
  createTestOutbox,
  drivers,
  type Source,
  ThingSchema,
} from './fixtures.ts'

/** Things are tagged by the letter that they begin with. */
const tags = (id: string) => [id.charAt(0), 'all']

describe.each(drivers)('tags and namespaces, with $name', ({ pair }) => {
  let store: CacheStore
  let other: CacheStore
  let source: Source
  let closings: (() => Promise<void>)[]

  beforeEach(async () => {
    ;[store, other] = await pair(testRedisUrl)
    source = createSource()
    for (const id of ['a1', 'a2', 'b1']) source.write(id, 1)
    closings = []
  })
  afterEach(async () => {
    await Promise.all(closings.map((close) => close()))
    await Promise.all([store.close(), other.close()])
  })

  function instance(on: CacheStore, options: Parameters<typeof createInstance>[2] = {}) {
    const made = createInstance(on, source, { tags, ...options })
    closings.push(made.cache.close)
    return made
  }

  /** Until the first level answers. */
  async function warm({ things, sources }: ReturnType<typeof instance>, ...ids: string[]): Promise<void> {
    for (const id of ids) {
      await expect.poll(async () => (await things.get(id)) && sources().at(-1)).toBe('l1')
    }
  }

  test('CA-30 a tag makes all values void that carry it, in every class, level and instance, and no others', async () => {
    const [here, there] = [instance(store), instance(other)]
    const another: ClassOptions<string, typeof ThingSchema> = {
      ...{ name: 'another', schema: ThingSchema, key: String, load: source.load, ttl: 60_000 },
      tags: () => ['a'],
    }
    const others = here.cache.define(another)
    await warm(here, 'a1', 'a2', 'b1')
    await warm(there, 'a1', 'a2', 'b1')
    await others.get('b1')
    expect(source.loads).toBe(4)
    for (const id of ['a1', 'a2', 'b1']) source.write(id, 2)
    expect(await here.cache.invalidateTagNow('a')).toBe(true)
    expect((await here.things.get('a1'))?.version).toBe(2)
    expect((await here.things.get('b1'))?.version).toBe(1)
    expect((await others.get('b1'))?.version).toBe(2)
    await expect.poll(async () => (await there.things.get('a2'))?.version).toBe(2)
    expect((await there.things.get('b1'))?.version).toBe(1)
    expect(source.loads).toBe(7)
  })

  test('CA-11 CA-30 whatever is void is loaded once, by one of all', async () => {
    const [here, there] = [instance(store), instance(other)]
    await warm(here, 'a1')
    await warm(there, 'a1')
    source.write('a1', 2)
    await here.cache.invalidateTagNow('all')
    await expect.poll(async () => (await other.getMany(['test:#tag:{all}']))[0]).toBeUndefined()
    source.beforeReturn = () => sleep(30)
    const reads = [here, there].flatMap(({ things }) => Array.from({ length: 50 }, () => things.get('a1')))
    const versions = (await Promise.all(reads)).map((value) => value?.version)
    expect(versions.slice(0, 50)).toEqual(Array(50).fill(2))
    await expect.poll(async () => (await there.things.get('a1'))?.version).toBe(2)
    expect(source.loads).toBe(2)
  })

  test('CA-30 what was loaded before a tag was invalidated is void, and shared with nobody who asks after', async () => {
    const [here, there] = [instance(store), instance(other)]
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    source.beforeReturn = () => gate
    const overtaken = here.things.get('a1')
    await expect.poll(() => source.loads).toBe(1)
    source.write('a1', 2)
    await here.cache.invalidateTagNow('a')
    const late = Array.from({ length: 10 }, () => here.things.get('a1'))
    await sleep(20)
    source.beforeReturn = async () => {}
    open()
    expect((await overtaken)?.version).toBe(1) // it asked before the write
    expect((await Promise.all(late)).map((value) => value?.version)).toEqual(Array(10).fill(2))
    await expect.poll(async () => (await there.things.get('a1'))?.version).toBe(2)
    expect(source.loads).toBe(2)
  })

  test('CA-16 CA-30 no value is kept for trouble across the invalidation of its tag', async () => {
    const { things, cache } = instance(store, { failSafe: 60_000, ttl: 20, jitter: 0 })
    await things.get('a1')
    await sleep(30)
    await cache.invalidateTagNow('a')
    source.beforeReturn = () => Promise.reject(new Error('database is down'))
    await expect(things.get('a1')).rejects.toThrow('database is down')
  })

  test('CA-03 CA-30 many that are void are loaded with one loadMany', async () => {
    const asked: string[][] = []
    const { things, cache } = instance(store, {
      async loadMany(ids) {
        asked.push([...ids])
        return new Map(ids.map((id) => [id, { id, version: asked.length }]))
      },
    })
    await things.getMany(['a1', 'a2', 'b1'])
    await things.getMany(['a1', 'a2', 'b1'])
    await cache.invalidateTagNow('a')
    const found = await things.getMany(['a1', 'a2', 'b1'])
    expect([...found.values()].map((value) => value?.version)).toEqual([2, 2, 1])
    expect(asked).toHaveLength(2)
    expect(asked[1]?.toSorted()).toEqual(['a1', 'a2'])
  })

  test('CA-01 CA-30 with the marks at hand a hit of a tagged value is one GET, and one of memory is nothing', async () => {
    const commands: string[] = []
    const counted = new Proxy(store, {
      get(target, name: keyof CacheStore) {
        if (name !== 'watch') commands.push(name)
        return target[name]
      },
    })
    const [first, here] = [instance(store), instance(counted)]
    await warm(first, 'a1', 'a2')
    await warm(here, 'a1')
    commands.length = 0
    await here.things.get('a2')
    expect(commands).toEqual(['get'])
    await warm(here, 'a2')
    commands.length = 0
    await here.things.get('a2')
    expect(commands).toEqual([])
  })

  test('CA-26 clearing a namespace is one command, whatever it holds, and touches no other', async () => {
    const invalidated: (readonly string[])[] = []
    const listening: CacheStore = {
      ...store,
      invalidate(keys) {
        invalidated.push(keys)
        return store.invalidate(keys)
      },
    }
    const here = instance(listening)
    const [there, elsewhere] = [instance(other), instance(other, { cache: { namespace: 'testing' } })]
    for (const each of [here, there, elsewhere]) await warm(each, 'a1', 'b1')
    for (const id of ['a1', 'b1']) source.write(id, 2)
    expect(await here.cache.clearNow()).toBe(true)
    expect(invalidated).toEqual([[expect.any(String)]])
    expect((await here.things.get('a1'))?.version).toBe(2)
    await expect.poll(async () => (await there.things.get('b1'))?.version).toBe(2)
    expect((await elsewhere.things.get('a1'))?.version).toBe(1)
  })

  test('CA-30 CA-35 CA-37 a tag is invalidated by COMMIT, and the relay delivers what was not', async () => {
    let away = false
    const fickle: CacheStore = {
      ...store,
      async invalidate(keys) {
        if (away) throw new StoreUnavailable('away')
        await store.invalidate(keys)
      },
    }
    const { cache, things, log } = instance(fickle, {
      cache: {
        outbox: createTestOutbox().outbox,
      },
    })
    await cache.ready()
    await things.get('a1')
    const tx = begin()
    await cache.invalidateTag(tx, 'a')
    await cache.clear(tx)
    expect(tx.rows.map(({ topic }) => topic)).toEqual([invalidationTopic, invalidationTopic])
    await things.get('a1')
    expect(source.loads).toBe(1)
    source.write('a1', 2)
    away = true
    commit(tx)
    await expect.poll(() => log.text()).toContain('left to the relay')
    away = false
    await cache.outboxHandler({ payload: JSON.parse(JSON.stringify(tx.rows[0]?.payload)) })
    expect((await things.get('a1'))?.version).toBe(2)
  })

  test('CA-28 no tag is taken for another, for a class or for the namespace', async () => {
    const { things, cache } = instance(store, { tags: (id) => [id] })
    const ids = ['#namespace', '{a}', 'a}:{b', 'x'.repeat(500), `${'x'.repeat(499)}y`]
    for (const id of ids) await things.get(id)
    for (const tag of ['namespace', 'a', '#namespace}', 'x']) await cache.invalidateTagNow(tag)
    const loads = source.loads
    for (const id of ids) await things.get(id)
    expect(source.loads).toBe(loads)
    for (const id of ids) {
      await cache.invalidateTagNow(id)
      await things.get(id)
    }
    expect(source.loads).toBe(loads + ids.length)
  })
})
