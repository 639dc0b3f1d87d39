import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { decodeValue, isLease } from '../../entry/entry.ts'
import { entry, minute, newKey, newToken, type StoresUnderTest } from './samples.ts'

/** Who may load, and who may store what he loaded. */
export function leases(stores: () => StoresUnderTest): void {
  test('CA-11 grants one lease, and tells everyone else how long it may last', async () => {
    const { store, other } = stores()
    const key = newKey()
    expect(await store.acquire(key, newToken(), minute)).toEqual({ kind: 'granted', floor: 0 })
    const refused = await other.acquire(key, newToken(), minute)
    expect(refused.kind).toBe('busy')
    if (refused.kind !== 'busy') return
    expect(refused.milliseconds).toBeGreaterThan(minute - 5000)
    expect(refused.milliseconds).toBeLessThanOrEqual(minute)
  })

  test('CA-12 a lease is no value for a reader', async () => {
    const { store, other } = stores()
    const key = newKey()
    await store.acquire(key, newToken(), minute)
    const bytes = await other.get(key)
    expect(bytes && isLease(bytes)).toBe(true)
    expect(bytes && decodeValue(bytes)).toBeUndefined()
  })

  test('CA-12 only the attempt that holds the lease can fill it', async () => {
    const { store, other } = stores()
    const [key, mine, another] = [newKey(), newToken(), newToken()]
    await store.acquire(key, mine, minute)
    expect(await other.fill(key, another, entry(another, 'theirs'), minute)).toBe(false)
    expect(await store.fill(key, mine, entry(mine, 'ours'), minute)).toBe(true)
    expect(decodeValue((await other.get(key)) as Buffer)?.value).toBe('ours')
  })

  test('CA-12 an invalidation kills the lease: what was loaded before it is refused', async () => {
    const { store, other } = stores()
    const [key, token] = [newKey(), newToken()]
    await store.acquire(key, token, minute)
    await other.invalidate([key])
    expect(await store.fill(key, token, entry(token, 'old'), minute)).toBe(false)
    expect(await store.get(key)).toBeUndefined()
  })

  test('CA-12 a lease taken after the invalidation is not filled by the attempt before it', async () => {
    const { store, other } = stores()
    const [key, before, after] = [newKey(), newToken(), newToken()]
    await store.acquire(key, before, minute)
    await other.invalidate([key])
    expect(await other.acquire(key, after, minute)).toEqual({ kind: 'granted', floor: 0 })
    expect(await store.fill(key, before, entry(before, 'old'), minute)).toBe(false)
    expect(await other.fill(key, after, entry(after, 'new'), minute)).toBe(true)
  })

  test('CA-13 a lease that ran out is taken over, and its late holder is refused', async () => {
    const { store, other } = stores()
    const [key, late, next] = [newKey(), newToken(), newToken()]
    await store.acquire(key, late, 40)
    await sleep(60)
    expect(await other.acquire(key, next, minute)).toEqual({ kind: 'granted', floor: 0 })
    expect(await store.fill(key, late, entry(late, 'old'), minute)).toBe(false)
    expect(await other.fill(key, next, entry(next, 'new'), minute)).toBe(true)
  })

  test('CA-14 a released lease is free at once, and only its holder can release it', async () => {
    const { store, other } = stores()
    const [key, token] = [newKey(), newToken()]
    await store.acquire(key, token, minute)
    expect(await other.release(key, newToken())).toBe(false)
    expect((await other.acquire(key, newToken(), minute)).kind).toBe('busy')
    expect(await store.release(key, token)).toBe(true)
    expect(await store.release(key, token)).toBe(false)
    expect((await other.acquire(key, newToken(), minute)).kind).toBe('granted')
  })

  test('CA-14 releasing takes no value away', async () => {
    const { store } = stores()
    const [key, token] = [newKey(), newToken()]
    await store.acquire(key, token, minute)
    await store.fill(key, token, entry(token, 'kept'), minute)
    await store.release(key, token)
    expect(await store.get(key)).toBeDefined()
  })
}
