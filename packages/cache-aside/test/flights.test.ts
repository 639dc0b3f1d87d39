import { setTimeout as sleep } from 'node:timers/promises'
import { testRedisUrl } from '@alicerce/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CacheStore } from '#src/index.ts'
import { createInstance, createSource, drivers, type Source } from './fixtures.ts'

describe.each(drivers)('one load, with $name', ({ pair }) => {
  let store: CacheStore
  let other: CacheStore
  let source: Source

  beforeEach(async () => {
    ;[store, other] = await pair(testRedisUrl)
    source = createSource()
    source.write('a', 1)
  })
  afterEach(async () => {
    await Promise.all([store.close(), other.close()])
  })

  test('CA-10 one and ten thousand concurrent reads of a cold key are one load', async () => {
    const { things, cache } = createInstance(store, source)
    source.beforeReturn = () => sleep(30)
    const values = await Promise.all(Array.from({ length: 10_001 }, () => things.get('a')))
    expect(values.every((value) => value?.version === 1)).toBe(true)
    expect(source.loads).toBe(1)
    await cache.close()
  })

  test('CA-11 two instances with fifty cold reads each are one load', async () => {
    const [here, there] = [createInstance(store, source), createInstance(other, source)]
    source.beforeReturn = () => sleep(30)
    const reads = [here, there].flatMap(({ things }) => Array.from({ length: 50 }, () => things.get('a')))
    const values = await Promise.all(reads)
    expect(values.every((value) => value?.version === 1)).toBe(true)
    expect(source.loads).toBe(1)
    await Promise.all([here.cache.close(), there.cache.close()])
  })

  test('CA-13 the lease of a killed process is taken over when it ends', async () => {
    const there = createInstance(other, source, { loadTimeout: 100 })
    // A killed process neither fills nor releases.
    const killed = { ...store, release: async () => false }
    const dying = createInstance(killed, { load: () => new Promise(() => {}) }, { loadTimeout: 100 })
    dying.things.get('a').catch(() => {})
    await sleep(20)
    const started = performance.now()
    expect((await there.things.get('a'))?.version).toBe(1)
    expect(performance.now() - started).toBeLessThan(1500)
    expect(there.sources()).toEqual(['database'])
    expect(there.reads[0]?.degraded).toBeUndefined()
    expect((await there.things.get('a'))?.version).toBe(1)
    expect(source.loads).toBe(1)
    await Promise.all([there.cache.close(), dying.cache.close()])
  })

  test('CA-14 a failing loader tells all who waited, frees the lease, and never runs twice at once', async () => {
    const failing = createSource()
    failing.beforeReturn = async () => {
      await sleep(5)
      throw new Error('database is down')
    }
    const [here, there] = [createInstance(store, failing), createInstance(other, failing)]
    const reads = [here, there].flatMap(({ things }) => Array.from({ length: 20 }, () => things.get('a')))
    const outcomes = await Promise.allSettled(reads)
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
    expect(failing.mostConcurrent).toBe(1)
    expect(failing.loads).toBeLessThanOrEqual(2)
    failing.beforeReturn = async () => {}
    failing.write('a', 2)
    expect((await here.things.get('a'))?.version).toBe(2)
    await Promise.all([here.cache.close(), there.cache.close()])
  })

  test('CA-15 a load that hangs ends at its time limit with a typed error, and gives the lease back', async () => {
    source.beforeReturn = () => new Promise(() => {})
    const { things, cache } = createInstance(store, source, { loadTimeout: 60 })
    await expect(things.get('a')).rejects.toMatchObject({ name: 'CacheError', code: 'load-timeout' })
    source.beforeReturn = async () => {}
    const started = performance.now()
    expect((await things.get('a'))?.version).toBe(1)
    expect(performance.now() - started).toBeLessThan(400)
    await cache.close()
  })

  test('CA-55 closing waits for what is under way', async () => {
    source.beforeReturn = () => sleep(50)
    const { things, cache } = createInstance(store, source)
    const read = things.get('a')
    await expect.poll(() => source.loads).toBe(1)
    await cache.close()
    const after = createInstance(other, source)
    await after.things.get('a')
    expect(after.sources()).toEqual(['redis'])
    await Promise.all([read, after.cache.close()])
  })
})
