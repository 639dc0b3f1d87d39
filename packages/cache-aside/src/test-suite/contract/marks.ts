import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { decodeRecord, mostForms } from '../../marks/namespace-record.ts'
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

  test('CA-27 forms are entered under one mark, which goes with all of them', async () => {
    const { store, other } = stores()
    const key = `contract-${randomUUID()}:#namespace`
    const first = await store.enter(key, 'first-mark_', 'thing:one')
    expect(first).toEqual({ mark: 'first-mark_', milliseconds: 0 })
    expect((await other.enter(key, 'other-mark_', 'thing:two.v')).mark).toBe('first-mark_')
    await sleep(20)
    const again = await other.enter(key, 'other-mark_', 'thing:one')
    expect(again.mark).toBe('first-mark_')
    expect(again.milliseconds).toBeGreaterThanOrEqual(15)
    expect(decodeRecord((await store.get(key)) as Buffer)).toEqual({
      mark: 'first-mark_',
      forms: ['thing:one', 'thing:two.v'],
    })
    await other.invalidate([key])
    expect(await store.enter(key, 'later-mark_', 'thing:two.v')).toEqual({
      mark: 'later-mark_',
      milliseconds: 0,
    })
  })

  test('CA-27 a form is not taken for another that its name begins or ends', async () => {
    const { store } = stores()
    const key = `contract-${randomUUID()}:#namespace`
    const forms = ['thing:one', 'thing:on', 'ing:one', 'thing:one.v', 'some-thing:one']
    for (const form of forms) await store.enter(key, 'first-mark_', form)
    expect(decodeRecord((await store.get(key)) as Buffer)?.forms).toEqual(forms)
  })

  test('CA-27 a class with too many forms begins anew, and classes do not count for each other', async () => {
    const { store } = stores()
    const key = `contract-${randomUUID()}:#namespace`
    for (let form = 0; form < mostForms; form++) {
      expect((await store.enter(key, 'first-mark_', `thing:${form}`)).mark).toBe('first-mark_')
      expect((await store.enter(key, 'other-mark_', `other-thing:${form}`)).mark).toBe('first-mark_')
    }
    expect((await store.enter(key, 'later-mark_', 'thing:more')).mark).toBe('later-mark_')
    expect(decodeRecord((await store.get(key)) as Buffer)?.forms).toEqual(['thing:more'])
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
