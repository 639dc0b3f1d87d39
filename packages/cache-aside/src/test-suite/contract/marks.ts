import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { entry, minute, newKey, newToken, type StoresUnderTest } from './samples.ts'

/** What tags and namespaces rely on. */
export function marks(stores: () => StoresUnderTest): void {
  const newMarkKey = () => `contract:#tag:{${randomUUID()}}`

  test('CA-30 a mark is the same for everybody until it is invalidated, and never comes back', async () => {
    const { store, other } = stores()
    const key = newMarkKey()
    expect(await store.mark(key, 'first-mark_', minute)).toBe('first-mark_')
    expect(await other.mark(key, 'other-mark_', minute)).toBe('first-mark_')
    expect(String(await other.get(key))).toBe('first-mark_')
    await other.invalidate([key])
    expect(await store.get(key)).toBeUndefined()
    expect(await store.mark(key, 'later-mark_')).toBe('later-mark_')
  })

  test('CA-30 a mark that is asked for stands for as long as it is asked for', async () => {
    const { store, other } = stores()
    const key = newMarkKey()
    await store.mark(key, 'some-mark__', 20)
    await other.mark(key, 'other-mark_', minute)
    await sleep(60)
    expect(String(await store.get(key))).toBe('some-mark__')
  })

  test('CA-30 an entry that is refused is as good as none, and no other one is', async () => {
    const { store, other } = stores()
    const [key, token, next] = [newKey(), newToken(), newToken()]
    await store.acquire(key, token, minute)
    await store.fill(key, token, entry(token, 'void'), minute)
    expect((await other.acquire(key, next, minute, newToken())).kind).toBe('hit')
    expect((await other.acquire(key, next, minute, token)).kind).toBe('granted')
    expect((await store.acquire(key, newToken(), minute, token)).kind).toBe('busy')
    await other.fill(key, next, entry(next, 'new'), minute)
    expect((await store.acquire(key, newToken(), minute, token)).kind).toBe('hit')
  })
}
