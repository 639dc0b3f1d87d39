import { testRedisUrl } from '@alicerce/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CacheStore } from '#src/index.ts'
import { createKeys } from '#src/key/keys.ts'
import { createInstance, createSource, drivers, type Source, ThingSchema } from './fixtures.ts'

const keyOf = createKeys({ namespace: 'test', className: 'thing', schema: ThingSchema })

describe.each(drivers)('reading, with $name', ({ pair }) => {
  let store: CacheStore
  let other: CacheStore
  let source: Source

  beforeEach(async () => {
    ;[store, other] = await pair(testRedisUrl)
    source = createSource()
  })
  afterEach(async () => {
    await Promise.all([store.close(), other.close()])
  })

  test('CA-01 a miss loads, the next read asks the store, the one after it needs neither', async () => {
    const { things, sources, reads, cache } = createInstance(store, source)
    source.write('a', 1)
    expect(await things.get('a')).toEqual({ id: 'a', version: 1 })
    await expect
      .poll(async () => {
        await things.get('a')
        return sources().at(-1)
      })
      .toBe('l1')
    expect(sources()[0]).toBe('database')
    expect(sources()[1]).toBe('redis')
    expect(source.loads).toBe(1)
    expect(reads.every((read) => (read.ttlMilliseconds as number) <= 66_000 && !read.degraded)).toBe(true)
    await cache.close()
  })

  test('CA-01 values are frozen all the way down and alike from every level', async () => {
    const { things, cache } = createInstance(store, {
      load: async (id) => ({ id, version: 1, nested: { list: [1], at: new Date(0) } }) as never,
    })
    const loaded = await things.get('a')
    const read = await things.get('a')
    for (const value of [loaded, read] as unknown as { nested: { list: number[]; at: unknown } }[]) {
      expect(Object.isFrozen(value.nested.list)).toBe(true)
      expect(value.nested.at).toBe('1970-01-01T00:00:00.000Z')
    }
    await cache.close()
  })

  test('CA-02 the first level keeps what is left of the time to live, not a fresh one', async () => {
    const here = createInstance(store, source, { ttl: 300, jitter: 0 })
    source.write('a', 1)
    await here.things.get('a')
    await new Promise((resolve) => setTimeout(resolve, 150))
    await here.things.get('a')
    const ttl = here.reads.at(-1)?.ttlMilliseconds
    expect(ttl).toBeLessThanOrEqual(160)
    await new Promise((resolve) => setTimeout(resolve, 200))
    source.write('a', 2)
    expect((await here.things.get('a'))?.version).toBe(2)
    await here.cache.close()
  })

  test('CA-03 reads many with one question and loads only those that nobody else is loading, at once', async () => {
    const asked: string[][] = []
    for (const id of ['a', 'b', 'c']) source.write(id, 1)
    const { things, cache } = createInstance(store, source, {
      async loadMany(ids) {
        asked.push([...ids])
        return new Map(ids.filter((id) => id !== 'none').map((id) => [id, { id, version: 7 }]))
      },
    })
    await things.get('b')
    const found = await things.getMany(['c', 'none', 'b', 'a', 'c'])
    expect([...found]).toEqual([
      ['c', { id: 'c', version: 7 }],
      ['none', undefined],
      ['b', { id: 'b', version: 1 }],
      ['a', { id: 'a', version: 7 }],
    ])
    expect(asked).toEqual([['c', 'none', 'a']])
    await things.getMany(['c', 'none'])
    expect(asked).toHaveLength(1)
    await cache.close()
  })

  test('CA-03 without loadMany a failing key fails alone: the others are kept', async () => {
    source.write('a', 1)
    const { things, cache } = createInstance(store, {
      async load(id, options) {
        if (id === 'bad') throw new Error('no such luck')
        return source.load(id, options)
      },
    })
    await expect(things.getMany(['a', 'bad'])).rejects.toThrow('no such luck')
    expect((await things.get('a'))?.version).toBe(1)
    expect(source.loads).toBe(1)
    await cache.close()
  })

  test('CA-03 CA-13 a key that another process was loading, and gave up, is loaded after all', async () => {
    for (const id of ['a', 'b']) source.write(id, 1)
    const { promise: gate, resolve: giveUp } = Promise.withResolvers<void>()
    const failing = createInstance(other, { load: () => gate.then(() => Promise.reject(new Error('no'))) })
    const failed = failing.things.get('a').catch(() => {})
    await expect.poll(async () => (await store.get(keyOf('a'))) !== undefined).toBe(true)
    const asked: string[][] = []
    const { things, cache } = createInstance(store, source, {
      async loadMany(ids) {
        asked.push([...ids])
        return new Map(ids.map((id) => [id, { id, version: 1 }]))
      },
    })
    const found = things.getMany(['a', 'b'])
    await expect.poll(() => asked).toEqual([['b']])
    giveUp()
    await failed
    expect([...(await found).values()].map((value) => value?.version)).toEqual([1, 1])
    expect((await things.get('a'))?.version).toBe(1)
    expect(asked).toEqual([['b']])
    await Promise.all([failing.cache.close(), cache.close()])
  })

  test('CA-04 a key is not loaded twice because it was asked for in two ways', async () => {
    source.write('a', 1)
    const { things, cache } = createInstance(store, source, {
      loadMany: async (ids) =>
        new Map(await Promise.all(ids.map(async (id) => [id, await load(id)] as const))),
    })
    const load = (id: string) => source.load(id, { signal: new AbortController().signal })
    await Promise.all([things.get('a'), things.getMany(['a']), things.getMany(['a', 'a']), things.get('a')])
    expect(source.loads).toBe(1)
    await cache.close()
  })

  test('CA-05 remembers that there is nothing until the row is inserted; null is a value', async () => {
    const { things, cache } = createInstance(store, source)
    expect(await things.get('new')).toBeUndefined()
    expect(await things.get('new')).toBeUndefined()
    expect(source.loads).toBe(1)
    source.write('new', 1)
    await things.invalidateNow('new')
    expect(await things.get('new')).toEqual({ id: 'new', version: 1 })
    await cache.close()

    const nulls = createInstance(store, { load: async () => null as never }, { name: 'nothing' })
    expect(await nulls.things.get('a')).toBeNull()
    expect(await nulls.things.get('a')).toBeNull()
    await nulls.cache.close()
  })

  test('CA-07 a signal ends the wait of its owner and not the load of the others', async () => {
    source.write('a', 1)
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    let seen: AbortSignal | undefined
    source.beforeReturn = (signal) => {
      seen = signal
      return gate
    }
    const { things, cache } = createInstance(store, source)
    const impatient = new AbortController()
    const gone = things.get('a', { signal: impatient.signal })
    await expect.poll(() => source.loads).toBe(1)
    const patient = things.get('a')
    await new Promise((resolve) => setTimeout(resolve, 20))
    impatient.abort(new Error('gone home'))
    await expect(gone).rejects.toThrow('gone home')
    expect(seen?.aborted).toBe(false)
    open()
    expect((await patient)?.version).toBe(1)
    expect(source.loads).toBe(1)
    await cache.close()
  })

  test('CA-07 when the last one leaves the load is aborted, and the next one need not wait for its lease', async () => {
    source.write('a', 1)
    let seen: AbortSignal | undefined
    source.beforeReturn = (signal) => {
      seen = signal
      return new Promise(() => {})
    }
    const { things, cache } = createInstance(store, source, { loadTimeout: 20_000 })
    const impatient = new AbortController()
    const gone = things.get('a', { signal: impatient.signal })
    await expect.poll(() => source.loads).toBe(1)
    impatient.abort()
    await expect(gone).rejects.toThrow('aborted')
    expect(seen?.aborted).toBe(true)
    source.beforeReturn = async () => {}
    expect((await things.get('a'))?.version).toBe(1)
    await cache.close()
  })

  test('CA-27 bytes that nobody can read are a miss', async () => {
    source.write('a', 1)
    const { things, cache } = createInstance(store, source)
    for (const nonsense of ['V', 'V then nonsense', `V${'x'.repeat(80)}`, 'nonsense']) {
      await store.invalidate([keyOf('a')])
      await store.mark(keyOf('a'), nonsense)
      expect((await things.get('a'))?.version).toBe(1)
      expect((await things.get('a'))?.version).toBe(1)
    }
    expect(source.loads).toBe(4)
    await cache.close()
  })
})
