import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { isLease, isPlaceholder } from '../../entry/entry.ts'
import { entry, minute, newKey, newToken, type StoresUnderTest } from './samples.ts'

/** What classes with versions rely on. */
export function floors(stores: () => StoresUnderTest): void {
  /** The least version that a load for this key must reach. */
  async function floorOf(key: string): Promise<number> {
    const token = newToken()
    const found = await stores().store.acquire(key, token, minute)
    expect(await stores().store.release(key, token)).toBe(true)
    return found.kind === 'granted' ? found.floor : Number.NaN
  }

  test('CA-41 a floor is only ever raised, and compared as a number', async () => {
    const { store, other } = stores()
    const key = newKey()
    let highest = 0
    for (const floor of [9, 5, 255, 256, 65_535, 2 ** 32 - 1, 2 ** 32, 7, 2 ** 53 - 1]) {
      await (floor % 2 ? store : other).raise(key, floor, minute)
      highest = Math.max(highest, floor)
      expect(await floorOf(key)).toBe(highest)
    }
  })

  test('CA-41 nothing below the floor is stored, whoever holds the lease', async () => {
    const { store, other } = stores()
    const [key, token] = [newKey(), newToken()]
    await other.raise(key, 7, minute)
    expect(await store.acquire(key, token, minute)).toEqual({ kind: 'granted', floor: 7 })
    expect(await store.fill(key, token, entry(token, 'old', 6), minute)).toBe(false)
    expect(await store.fill(key, token, entry(token, 'new', 7), minute)).toBe(true)
    expect(await store.replace(key, token, entry(newToken(), 'old', 6), minute)).toBe(false)
    expect(await store.replace(key, token, entry(newToken(), 'newer', 8), minute)).toBe(true)
  })

  test('CA-12 CA-41 raising kills the lease and removes the value, but not what is known of its version', async () => {
    const { store, other } = stores()
    const [key, token] = [newKey(), newToken()]
    await store.acquire(key, token, minute)
    await other.raise(key, 0, minute)
    expect(await store.fill(key, token, entry(token, 'old', 9), minute)).toBe(false)
    const next = newToken()
    await store.acquire(key, next, minute)
    await store.fill(key, next, entry(next, 'known', 9), minute)
    await other.raise(key, 3, minute)
    const bytes = (await store.get(key)) as Buffer
    expect([isPlaceholder(bytes), isLease(bytes)]).toEqual([true, false])
    expect(await floorOf(key)).toBe(9)
  })

  test('CA-41 a floor outlives short leases and take-overs, and a shorter hold', async () => {
    const { store, other } = stores()
    const key = newKey()
    await store.raise(key, 7, minute)
    await store.raise(key, 5, 20)
    await store.acquire(key, newToken(), 20)
    await sleep(40)
    expect(await other.acquire(key, newToken(), 20)).toEqual({ kind: 'granted', floor: 7 })
    await sleep(40)
    expect(await floorOf(key)).toBe(7)
  })

  test('CA-41 a floor is not held for ever', async () => {
    const { store } = stores()
    const key = newKey()
    await store.raise(key, 7, 30)
    await sleep(60)
    expect(await floorOf(key)).toBe(0)
  })
}
