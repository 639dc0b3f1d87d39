import { setTimeout as sleep } from 'node:timers/promises'
import { testRedisUrl } from '@alicerce/testing'
import { Type } from 'typebox'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CacheEvent, type CacheReadReport, type CacheStore, createCache } from '#src/index.ts'
import { drivers } from './fixtures.ts'

const List = Type.Object({ version: Type.Number(), products: Type.Array(Type.String()) })

describe.each(drivers)('tags of the value, with $name', ({ pair }) => {
  let store: CacheStore
  let other: CacheStore
  let closings: (() => Promise<void>)[]
  /** The lists, as the database has them. */
  let lists: Map<string, { version: number; products: string[] }>
  let loads: number
  /** Awaited after the row was read, before the loader returns. */
  let beforeReturn: () => Promise<void>

  beforeEach(async () => {
    ;[store, other] = await pair(testRedisUrl)
    closings = []
    loads = 0
    beforeReturn = async () => {}
    lists = new Map([
      ['one', { version: 1, products: ['p', 'q'] }],
      ['two', { version: 1, products: ['q', 'r'] }],
    ])
  })
  afterEach(async () => {
    await Promise.all(closings.map((close) => close()))
    await Promise.all([store.close(), other.close()])
  })

  function instance(on: CacheStore, { strict = false } = {}) {
    const reads: CacheReadReport[] = []
    const events: CacheEvent[] = []
    const cache = createCache({
      ...{ namespace: 'test', store: on, log: { warn() {} } },
      onRead: (read) => void reads.push(read),
      onEvent: (event) => void events.push(event),
    })
    const cached = cache.define({
      ...{ name: 'list', schema: List, key: (id: string) => id, ttl: 60_000, strict },
      tags: (id) => [`list ${id}`],
      valueTags: ({ products }) => products.map((product) => `product ${product}`),
      async load(id) {
        loads++
        const list = lists.get(id)
        await beforeReturn()
        return list
      },
    })
    closings.push(cache.close)
    return { cache, cached, reads, events, version: async (id: string) => (await cached.get(id))?.version }
  }

  async function warm({ cached, reads }: ReturnType<typeof instance>, ...ids: string[]): Promise<void> {
    for (const id of ids)
      await expect.poll(async () => (await cached.get(id)) && reads.at(-1)?.source).toBe('l1')
  }

  const write = (id: string, products: string[]) =>
    lists.set(id, { version: (lists.get(id)?.version ?? 0) + 1, products })

  for (const strict of [false, true]) {
    test(`CA-30 what a value holds makes it void, in every level and instance${strict ? ', of a strict class' : ''}`, async () => {
      const [here, there] = [instance(store, { strict }), instance(other, { strict })]
      for (const each of [here, there]) {
        for (const id of ['one', 'two']) await each.cached.get(id)
        if (!strict) await warm(each, 'one', 'two')
      }
      write('one', ['p', 'q'])
      write('two', ['q', 'r'])
      await here.cache.invalidateTagNow('product p')
      expect(await here.version('one')).toBe(2)
      expect(await here.version('two')).toBe(1)
      await expect.poll(() => there.version('one')).toBe(2)
      expect(await there.version('two')).toBe(1)
      await here.cache.invalidateTagNow('list two')
      await expect.poll(() => there.version('two')).toBe(2)
      write('one', ['p', 'q'])
      write('two', ['q', 'r'])
      await there.cache.invalidateTagNow('product q')
      await expect.poll(async () => [await here.version('one'), await here.version('two')]).toEqual([3, 3])
    })
  }

  test('CA-30 a tag that is invalidated while nobody knows yet that the value has it makes it void all the same', async () => {
    const [here, there] = [instance(store), instance(other)]
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    beforeReturn = () => gate
    const overtaken = here.cached.get('one')
    await expect.poll(() => loads).toBe(1)
    write('one', ['p'])
    await there.cache.invalidateTagNow('product p')
    beforeReturn = async () => {}
    open()
    await overtaken
    expect(await here.version('one')).toBe(2)
    expect(await there.version('one')).toBe(2)
  })

  test('CA-10 CA-30 and so does one that is invalidated while it is loaded again; who asked after gets nothing older', async () => {
    const [here, there] = [instance(store), instance(other)]
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    beforeReturn = () => (loads === 2 ? gate : Promise.resolve())
    const overtaken = here.cached.get('one')
    await expect.poll(() => loads).toBe(2)
    write('one', ['p'])
    await there.cache.invalidateTagNow('product p')
    const late = Array.from({ length: 10 }, () => here.version('one'))
    await sleep(20)
    open()
    expect((await overtaken)?.version).toBe(1) // it asked before the write
    expect(await Promise.all(late)).toEqual(Array(10).fill(2))
    await expect.poll(() => there.version('one')).toBe(2)
  })

  test('CA-11 CA-30 only tags that a process has not met cost a second load', async () => {
    const { cache, cached, ...here } = instance(store)
    await cached.get('one')
    expect(loads).toBe(2) // of p and q nobody knew anything
    await warm({ cache, cached, ...here }, 'one')
    await cached.invalidateNow('one')
    await cached.get('one')
    expect(loads).toBe(3) // their marks were at hand
    await warm({ cache, cached, ...here }, 'one')
    await cache.invalidateTagNow('product p')
    await cached.get('one')
    expect(loads).toBe(4) // the void entry said what to expect
    await cached.get('two')
    expect(loads).toBe(6) // r
  })

  test('CA-30 a value that has changed its tags goes by the new ones', async () => {
    const { cache, cached, version } = instance(store)
    await cached.get('one')
    write('one', ['q', 'r'])
    await cached.invalidateNow('one')
    expect(await version('one')).toBe(2)
    const before = loads
    await cache.invalidateTagNow('product p')
    expect(await version('one')).toBe(2)
    expect(loads).toBe(before)
    write('one', ['r'])
    await cache.invalidateTagNow('product r')
    expect(await version('one')).toBe(3)
  })

  test('CA-30 a value whose tags are others at each load is answered, and not kept', async () => {
    const { cached, events, version } = instance(store)
    let number = 0
    beforeReturn = async () => {}
    lists = new Map()
    lists.get = () => ({ version: ++number, products: [`p${number}`] })
    expect(await version('one')).toBe(2)
    expect(await version('one')).toBe(4)
    expect(events).toContainEqual({ type: 'fill-refused', class: 'list', reason: 'new-tags' })
    expect(await Promise.all([cached.get('one'), cached.get('one')])).toHaveLength(2)
  })

  test('CA-01 CA-30 with the marks at hand a hit is one GET, and one of memory is nothing', async () => {
    const commands: string[] = []
    const counted = new Proxy(store, {
      get(target, name: keyof CacheStore) {
        if (name !== 'watch') commands.push(name)
        return target[name]
      },
    })
    await warm(instance(other), 'one', 'two')
    const here = instance(counted)
    await warm(here, 'one')
    lists.set('three', { version: 1, products: ['p', 'q'] })
    await here.cached.get('three')
    await warm(here, 'three')
    commands.length = 0
    await here.cached.get('three')
    expect(commands).toEqual([])
  })

  test('CA-05 CA-30 that there is no value has the tags of its id only', async () => {
    const { cache, version } = instance(store)
    expect(await version('none')).toBeUndefined()
    expect(await version('none')).toBeUndefined()
    expect(loads).toBe(1)
    write('none', ['p'])
    await cache.invalidateTagNow('list none')
    expect(await version('none')).toBe(1)
  })

  test('CA-30 CA-62 it is explained by which tags a value stands', async () => {
    const { cache, cached } = instance(store)
    await cached.get('one')
    await cache.invalidateTagNow('product q')
    expect((await cache.explain('list', 'one'))?.tags).toEqual([
      { name: 'list one', stands: true },
      { name: 'product p', stands: true },
      { name: 'product q', stands: false },
    ])
    expect((await cache.explain('list', 'one'))?.store.state).toBe('void')
  })
})
