import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { CacheStore } from '../../store/cache-store.ts'
import type { StoresUnderTest } from './samples.ts'

/** What the bound on staleness relies on. */
export function watermarks(stores: () => StoresUnderTest): void {
  const newWatermark = () => `contract:#watermark:${randomUUID()}`

  /** How far the watermark is behind. A store of many servers may say more than is so, by what the questions take, and never less. */
  async function lagOf(store: CacheStore, key: string): Promise<number> {
    const { now, at } = await store.readWatermark(key)
    return now - (at ?? Number.NEGATIVE_INFINITY)
  }

  test('CA-38 a watermark is the same for everybody, in the time of the store', async () => {
    const { store, other } = stores()
    const key = newWatermark()
    const seen = await store.readWatermark(key)
    expect(seen.at).toBeUndefined()
    expect(await store.moveWatermark(key, seen, seen.now - 60_000)).toBe(true)
    const later = await other.readWatermark(key)
    expect(later.run).toBe(seen.run)
    expect(later.now).toBeGreaterThanOrEqual(seen.now)
    expect(later.at).toBeLessThanOrEqual(seen.now - 60_000)
    expect(later.at).toBeGreaterThan(seen.now - 90_000)
  })

  test('CA-38 a watermark never moves back', async () => {
    const { store, other } = stores()
    const key = newWatermark()
    const seen = await store.readWatermark(key)
    await store.moveWatermark(key, seen, seen.now - 60_000)
    expect(await other.moveWatermark(key, seen, seen.now - 600_000)).toBe(true)
    expect(await lagOf(store, key)).toBeLessThan(90_000)
    await other.moveWatermark(key, seen, seen.now)
    expect(await lagOf(store, key)).toBeLessThan(30_000)
  })

  test('CA-40 what was found out in an earlier run of the store moves no watermark', async () => {
    const { store } = stores()
    const key = newWatermark()
    const seen = await store.readWatermark(key)
    expect(await store.moveWatermark(key, { ...seen, run: '0'.repeat(40) }, seen.now)).toBe(false)
    expect((await store.readWatermark(key)).at).toBeUndefined()
  })
}
