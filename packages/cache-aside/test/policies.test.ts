import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { fakeClock, testRedisUrl } from '@alicerce/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CacheEvent, CacheStore, PolicyOptions } from '#src/index.ts'
import { createInstance, createSource, drivers, type Source } from './fixtures.ts'

const minute = 60_000
const policy: PolicyOptions = {
  ttl: minute,
  jitter: 0,
  staleWhileRevalidate: 5 * minute,
  failSafe: 60 * minute,
}

// The store goes by real time, in which nothing here comes to its end; freshness is judged by this clock.
describe.each(drivers)('values past their time, with $name', ({ pair }) => {
  let store: CacheStore
  let other: CacheStore
  let source: Source
  let clock: ReturnType<typeof fakeClock>
  let events: CacheEvent[]
  let closings: (() => Promise<void>)[]
  const hear = (event: unknown) => void events.push(event as CacheEvent)

  beforeEach(async () => {
    ;[store, other] = await pair(testRedisUrl)
    source = createSource()
    source.write('a', 1)
    clock = fakeClock(Date.now())
    events = []
    closings = []
    subscribe('alicerce.cache-aside', hear)
  })
  afterEach(async () => {
    unsubscribe('alicerce.cache-aside', hear)
    await Promise.all(closings.map((close) => close()))
    await Promise.all([store.close(), other.close()])
  })

  function instance(on: CacheStore, options: Partial<PolicyOptions> = {}, random = () => 0.5) {
    const made = createInstance(on, source, { ...policy, ...options, cache: { clock, random } })
    closings.push(made.cache.close)
    return made
  }

  /** Holds loads that have read their row, until opened. */
  function gate(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>()
    source.beforeReturn = () => promise
    return resolve
  }

  const failing = () => {
    source.beforeReturn = () => Promise.reject(new Error('database is down'))
  }

  test('CA-17 CA-11 within the window everybody is answered at once, and one of all refreshes', async () => {
    const [here, there] = [instance(store), instance(other)]
    await here.things.get('a')
    clock.advance(2 * minute)
    source.write('a', 2)
    const open = gate()
    const reads = [here, there].flatMap(({ things }) => Array.from({ length: 20 }, () => things.get('a')))
    expect((await Promise.all(reads)).map((value) => value?.version)).toEqual(Array(40).fill(1))
    expect(here.reads.at(-1)).toMatchObject({
      stale: { reason: 'revalidating', ageMilliseconds: 2 * minute },
      ttlMilliseconds: -minute,
    })
    open()
    await expect.poll(async () => (await here.things.get('a'))?.version).toBe(2)
    await expect.poll(async () => (await there.things.get('a'))?.version).toBe(2)
    expect(source.loads).toBe(2)
    expect(here.reads.at(-1)?.stale).toBeUndefined()
  })

  test('CA-17 an answer from the first level is refreshed too', async () => {
    const { things, sources } = instance(store)
    await things.get('a')
    await expect.poll(async () => (await things.get('a')) && sources().at(-1)).toBe('l1')
    clock.advance(minute + 10)
    source.write('a', 2)
    expect((await things.get('a'))?.version).toBe(1)
    await expect.poll(async () => (await things.get('a'))?.version).toBe(2)
    expect(source.loads).toBe(2)
  })

  test('CA-17 a refresh that an invalidation overtook overwrites nothing newer', async () => {
    const [here, there] = [instance(store), instance(other)]
    await here.things.get('a')
    clock.advance(2 * minute)
    const open = gate()
    await here.things.get('a')
    await expect.poll(() => source.loads).toBe(2) // it has read the first version
    source.beforeReturn = async () => {}
    source.write('a', 2)
    await there.things.invalidateNow('a')
    expect((await there.things.get('a'))?.version).toBe(2)
    open()
    await expect
      .poll(() => events)
      .toContainEqual({ type: 'fill-refused', class: 'thing', reason: 'entry-changed' })
    expect((await here.things.get('a'))?.version).toBe(2)
    expect((await there.things.get('a'))?.version).toBe(2)
  })

  test('CA-11 CA-17 beyond the window everybody waits for one load', async () => {
    const instances = [instance(store), instance(other)]
    await instances[0]?.things.get('a')
    clock.advance(10 * minute)
    source.write('a', 2)
    source.beforeReturn = () => new Promise((resolve) => setTimeout(resolve, 30))
    const reads = instances.flatMap(({ things }) => Array.from({ length: 20 }, () => things.get('a')))
    expect((await Promise.all(reads)).map((value) => value?.version)).toEqual(Array(40).fill(2))
    expect(source.loads).toBe(2)
    const many = await instances[0]?.things.getMany(['a', 'b'])
    expect(many?.get('a')?.version).toBe(2)
  })

  test('CA-03 many that are past their time are loaded with one loadMany', async () => {
    const asked: string[][] = []
    const { things, cache } = createInstance(store, source, {
      ...policy,
      async loadMany(ids) {
        asked.push([...ids])
        return new Map(ids.map((id) => [id, { id, version: 2 }]))
      },
      cache: { clock, random: () => 0.5 },
    })
    closings.push(cache.close)
    await things.getMany(['a', 'b'])
    clock.advance(10 * minute)
    await things.getMany(['a', 'b', 'c'])
    expect(asked.map((ids) => ids.toSorted())).toEqual([
      ['a', 'b'],
      ['a', 'b', 'c'],
    ])
  })

  test('CA-10 who finds a newer entry past its time gets nothing from the refresh of the one before', async () => {
    const [here, there] = [instance(store), instance(other)]
    await here.things.get('a')
    clock.advance(10 * minute)
    const open = gate()
    const overtaken = here.things.get('a')
    await expect.poll(() => source.loads).toBe(2)
    source.beforeReturn = async () => {}
    source.write('a', 2)
    await there.things.invalidateNow('a')
    await there.things.get('a')
    clock.advance(10 * minute)
    const late = here.things.get('a')
    await new Promise((resolve) => setTimeout(resolve, 30))
    open()
    expect((await overtaken)?.version).toBe(1) // it asked before the write
    expect((await late)?.version).toBe(2)
  })

  test('CA-15 a slow loader keeps nobody waiting who has a copy, and what it brings is kept', async () => {
    const { things, reads } = instance(store, { softLoadTimeout: 20 })
    await things.get('a')
    clock.advance(10 * minute)
    source.write('a', 2)
    const open = gate()
    expect((await things.get('a'))?.version).toBe(1)
    expect(reads.at(-1)?.stale).toEqual({ reason: 'fail-safe', ageMilliseconds: 10 * minute })
    open()
    await expect.poll(async () => (await things.get('a'))?.version).toBe(2)
    expect(source.loads).toBe(2)
  })

  test('CA-15 a hanging loader is aborted at the hard limit', async () => {
    const { things } = instance(store, { softLoadTimeout: 20, loadTimeout: 60 })
    await things.get('a')
    clock.advance(10 * minute)
    let seen: AbortSignal | undefined
    source.beforeReturn = (signal) => {
      seen = signal
      return new Promise(() => {})
    }
    expect((await things.get('a'))?.version).toBe(1)
    await expect.poll(() => seen?.aborted).toBe(true)
    expect(seen?.reason).toMatchObject({ code: 'load-timeout' })
  })

  test('CA-16 when the loader fails the copy is answered with its age, and the source has a rest', async () => {
    const { things, reads } = instance(store)
    await things.get('a')
    clock.advance(10 * minute)
    failing()
    for (let read = 0; read < 5; read++) expect((await things.get('a'))?.version).toBe(1)
    expect(source.loads).toBe(2)
    expect(reads.slice(1).map(({ stale }) => stale)).toEqual(
      Array(5).fill({ reason: 'fail-safe', ageMilliseconds: 10 * minute }),
    )
    expect(events.filter(({ type }) => type === 'fail-safe-served')).toHaveLength(5)
    source.beforeReturn = async () => {}
    source.write('a', 2)
    clock.advance(1500)
    expect((await things.get('a'))?.version).toBe(2)
  })

  test('CA-16 the copy is not answered across an invalidation, nor beyond its time', async () => {
    const { things } = instance(store)
    await things.get('a')
    clock.advance(10 * minute)
    failing()
    await things.invalidateNow('a')
    await expect(things.get('a')).rejects.toThrow('database is down')
    source.beforeReturn = async () => {}
    await things.get('a')
    failing()
    clock.advance(62 * minute)
    await expect(things.get('a')).rejects.toThrow('database is down')
  })

  test('CA-16 who asks after an invalidation gets no copy, whatever became of the load from before it', async () => {
    const { things } = instance(store)
    await things.get('a')
    clock.advance(10 * minute)
    const { promise, reject } = Promise.withResolvers<void>()
    source.beforeReturn = () => promise
    const waiting = things.get('a')
    await expect.poll(() => source.loads).toBe(2)
    await things.invalidateNow('a')
    reject(new Error('database is down'))
    expect((await waiting)?.version).toBe(1) // it asked before the invalidation
    await expect(things.get('a')).rejects.toThrow('database is down')
  })

  test('CA-18 a value in use is loaded anew before its time is over, by one of all', async () => {
    const never = () => 0.999_999
    const always = () => 1e-9
    const first = instance(store, { earlyRefresh: 1000 }, never)
    source.beforeReturn = () => new Promise((resolve) => setTimeout(resolve, 5))
    await first.things.get('a')
    await first.things.get('a')
    expect(source.loads).toBe(1)
    const [here, there] = [
      instance(store, { earlyRefresh: 1000 }, always),
      instance(other, { earlyRefresh: 1000 }, always),
    ]
    source.write('a', 2)
    const open = gate()
    clock.advance(1000)
    const reads = [here, there].flatMap(({ things }) => Array.from({ length: 20 }, () => things.get('a')))
    expect((await Promise.all(reads)).map((value) => value?.version)).toEqual(Array(40).fill(1))
    await expect.poll(() => source.loads).toBe(2)
    expect(here.reads.every(({ stale }) => stale === undefined)).toBe(true)
    open()
    await expect.poll(async () => (await first.things.get('a'))?.version).toBe(2)
    expect(source.mostConcurrent).toBe(1)
  })
})
