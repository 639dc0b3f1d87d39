import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { StoresUnderTest } from './samples.ts'

/** What the bound on staleness relies on. */
export function watermarks(stores: () => StoresUnderTest): void {
  const newWatermark = () => `contract:#watermark:${randomUUID()}`

  test('CA-38 a watermark is the same for everybody, in the time of the store', async () => {
    const { store, other } = stores()
    const key = newWatermark()
    const { run, now, at } = await store.readWatermark(key)
    expect(at).toBeUndefined()
    expect(await store.moveWatermark(key, run, now - 1000)).toBe(true)
    const seen = await other.readWatermark(key)
    expect(seen).toEqual({ run, now: expect.any(Number), at: now - 1000 })
    expect(seen.now).toBeGreaterThanOrEqual(now)
  })

  test('CA-38 a watermark never moves back', async () => {
    const { store, other } = stores()
    const key = newWatermark()
    const { run, now } = await store.readWatermark(key)
    await store.moveWatermark(key, run, now - 1000)
    expect(await other.moveWatermark(key, run, now - 5000)).toBe(true)
    expect((await store.readWatermark(key)).at).toBe(now - 1000)
    await other.moveWatermark(key, run, now - 500)
    expect((await store.readWatermark(key)).at).toBe(now - 500)
  })

  test('CA-40 what was found out in an earlier run of the store moves no watermark', async () => {
    const { store } = stores()
    const key = newWatermark()
    const { now } = await store.readWatermark(key)
    expect(await store.moveWatermark(key, '0'.repeat(40), now)).toBe(false)
    expect((await store.readWatermark(key)).at).toBeUndefined()
  })
}
