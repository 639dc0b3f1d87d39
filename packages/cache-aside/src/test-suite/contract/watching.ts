import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { minute, newKey, newToken, type StoresUnderTest } from './samples.ts'

/** What first levels rely on. */
export function watching(stores: () => StoresUnderTest): void {
  test('CA-45 behind a barrier everything has been heard that was done before', async () => {
    const { store, other } = stores()
    const prefix = `contract.${randomUUID()}`
    const heard: string[] = []
    const watch = store.watch(prefix, { changed: (key) => void heard.push(key), reset() {} })
    await expect.poll(() => watch.live).toBe(true)
    for (let round = 0; round < 20; round++) {
      const key = `${prefix}:${round}`
      await other.acquire(key, newToken(), minute)
      await watch.barrier()
      expect(heard).toContain(key)
    }
    watch.close()
  })

  test('CA-45 a watch hears of changes by others and by itself, under its own prefix only', async () => {
    const { store, other } = stores()
    const heard = new Set<string>()
    const prefix = `watched-${randomUUID()}.`
    const watch = store.watch(prefix, { changed: (key) => heard.add(key), reset: () => {} })
    await expect.poll(() => watch.live).toBe(true)
    await other.invalidate([`${prefix}never-there`])
    await other.acquire(`${prefix}by-other`, newToken(), minute)
    await store.acquire(`${prefix}by-me`, newToken(), minute)
    await other.acquire(newKey(), newToken(), minute)
    await expect.poll(() => heard.has(`${prefix}by-other`) && heard.has(`${prefix}by-me`)).toBe(true)
    expect([...heard].every((key) => key.startsWith(prefix))).toBe(true)
    heard.clear()
    await other.invalidate([`${prefix}by-me`])
    await expect.poll(() => heard.has(`${prefix}by-me`)).toBe(true)
    watch.close()
  })
}
