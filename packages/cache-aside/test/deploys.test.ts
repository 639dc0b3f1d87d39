import { testRedisUrl } from '@alicerce/testing'
import { Type } from 'typebox'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CacheStore } from '#src/index.ts'
import {
  begin,
  createInstance,
  createSource,
  createTestOutbox,
  drivers,
  type Source,
  ThingSchema,
} from './fixtures.ts'

/** The schema of another deploy, whose keys are others. */
const schemaOf = (deploy: string) =>
  Type.Object({
    ...ThingSchema.properties,
    [deploy]: Type.Optional(Type.String()),
  }) as unknown as typeof ThingSchema

const version = (thing: { version: number }) => thing.version

describe.each(drivers)('two deploys side by side, with $name', ({ pair }) => {
  let store: CacheStore
  let other: CacheStore
  let source: Source
  let closings: (() => Promise<void>)[]

  beforeEach(async () => {
    ;[store, other] = await pair(testRedisUrl)
    source = createSource()
    for (const id of ['a', 'b']) source.write(id, 1)
    closings = []
  })
  afterEach(async () => {
    await Promise.all(closings.map((close) => close()))
    await Promise.all([store.close(), other.close()])
  })

  type Options = Parameters<typeof createInstance>[2]
  function instance(on: CacheStore, options: Options = {}) {
    const made = createInstance(on, source, options)
    closings.push(made.cache.close)
    return made
  }

  /** One process of each deploy. */
  const deploys = (options: Options = {}) => ({
    old: instance(store, options),
    next: instance(other, { ...options, schema: schemaOf('next') }),
  })

  async function warm({ things, sources }: ReturnType<typeof instance>): Promise<void> {
    await expect.poll(async () => (await things.get('a')) && sources().at(-1)).toBe('l1')
  }

  for (const writer of ['old', 'next'] as const) {
    test(`CA-27 what the ${writer} deploy invalidates is void for the other one too, in both levels`, async () => {
      const both = deploys()
      await warm(both.old)
      await warm(both.next)
      expect(source.loads).toBe(2) // neither reads what the other one stored
      source.write('a', 2)
      expect(await both[writer].things.invalidateNow('a')).toBe(true)
      await expect.poll(async () => (await both.old.things.get('a'))?.version).toBe(2)
      await expect.poll(async () => (await both.next.things.get('a'))?.version).toBe(2)
    })
  }

  test('CA-27 CA-37 and so is what a relay delivers, of whichever deploy', async () => {
    const both = deploys({ cache: { outbox: createTestOutbox().outbox } })
    await both.old.cache.ready()
    await warm(both.old)
    await warm(both.next)
    source.write('a', 2)
    const tx = begin()
    await both.old.things.invalidate(tx, 'a')
    await both.next.cache.outboxHandler({ payload: JSON.parse(JSON.stringify(tx.rows[0]?.payload)) })
    expect((await both.next.things.get('a'))?.version).toBe(2)
    await expect.poll(async () => (await both.old.things.get('a'))?.version).toBe(2)
  })

  test('CA-12 CA-27 what the next deploy loaded before the old one invalidated it is never kept', async () => {
    const { old, next } = deploys()
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    source.beforeReturn = () => gate
    const overtaken = next.things.get('a')
    await expect.poll(() => source.loads).toBe(1)
    source.write('a', 2)
    await old.things.invalidateNow('a') // its process has never loaded anything
    open()
    expect((await overtaken)?.version).toBe(1) // it asked before the write
    expect((await next.things.get('a'))?.version).toBe(2)
    expect(source.loads).toBe(2)
  })

  test('CA-26 CA-27 after the namespace was cleared a form is entered again before anything is stored by it', async () => {
    const { old, next } = deploys()
    await warm(old)
    await warm(next)
    await old.cache.clearNow()
    await old.things.get('a')
    await next.things.get('a')
    await warm(next)
    source.write('a', 2)
    await old.things.invalidateNow('a')
    await expect.poll(async () => (await next.things.get('a'))?.version).toBe(2)
  })

  test('CA-27 many schemas later an invalidation is still not a command for each of them', async () => {
    const invalidated: string[] = []
    const listening: CacheStore = {
      ...store,
      invalidate(keys) {
        invalidated.push(...keys)
        return store.invalidate(keys)
      },
    }
    for (let deploy = 0; deploy < 20; deploy++) {
      const { things } = instance(listening, { schema: schemaOf(`deploy${deploy}`) })
      source.write('a', deploy)
      await things.invalidateNow('a')
      invalidated.length = 0
      expect((await things.get('a'))?.version).toBe(deploy)
    }
    const { things } = instance(listening, { schema: schemaOf('deploy19') })
    await things.invalidateNow('a')
    expect(new Set(invalidated).size).toBe(invalidated.length)
    expect(invalidated.length).toBeLessThanOrEqual(8)
    const back = instance(listening, { schema: schemaOf('deploy3') }) // and a way back is safe
    expect((await back.things.get('a'))?.version).toBe(19)
  })

  test('CA-27 CA-41 a floor is raised for every form, and a form that comes later asks for the newest', async () => {
    const asked: number[] = []
    const replica = { version: 1 }
    const load = async (id: string, { atLeast }: { atLeast: number }) => {
      asked.push(atLeast)
      return { id, version: atLeast > replica.version ? 2 : replica.version }
    }
    const shared = { version, load }
    const old = instance(store, shared)
    const next = instance(other, { ...shared, schema: schemaOf('next') })
    await old.things.get('a')
    await next.things.get('a')
    await old.things.invalidateNow('a', { version: 2 })
    expect(asked).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY])
    const late = instance(other, { ...shared, name: 'thing', schema: schemaOf('late') })
    expect((await late.things.get('a'))?.version).toBe(2) // the replica is behind still
    for (const { things } of [old, next, late]) {
      await expect.poll(async () => (await things.get('a'))?.version).toBe(2)
    }
  })

  test('CA-27 CA-41 a deploy that brings versions, and one that knows of none, do each other no harm', async () => {
    const without = instance(store)
    const withVersions = instance(other, { version })
    await without.things.get('a')
    await withVersions.things.get('a')
    source.write('a', 2)
    await withVersions.things.invalidateNow('a', { version: 2 })
    await expect.poll(async () => (await without.things.get('a'))?.version).toBe(2)
    await warm(without) // it can store, under no floor
    source.write('a', 3)
    await without.things.invalidateNow('a')
    await expect.poll(async () => (await withVersions.things.get('a'))?.version).toBe(3)
  })
})
