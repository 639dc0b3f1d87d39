import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { decodeValue } from '../../entry/entry.ts'
import { entry, minute, newKey, newToken, type StoresUnderTest } from './samples.ts'

/** What is read, found and refreshed. */
export function values(stores: () => StoresUnderTest): void {
  test('CA-01 many reads at the same moment get the bytes of their own keys each', async () => {
    const { store, other } = stores()
    const keys = Array.from({ length: 250 }, newKey)
    const filled = keys.filter((_, index) => index % 3 > 0)
    await Promise.all(
      filled.map(async (key) => {
        const token = newToken()
        await store.acquire(key, token, minute)
        await store.fill(key, token, entry(token, key), minute)
      }),
    )
    const asked = [...keys, ...keys.slice(0, 50)]
    const answers = await Promise.all(asked.map((key) => other.get(key)))
    expect(answers.map((bytes) => bytes && decodeValue(bytes)?.value)).toEqual(
      asked.map((key) => (filled.includes(key) ? key : undefined)),
    )
  })

  async function store(key: string, value: unknown, ttl = minute): Promise<Buffer> {
    const token = newToken()
    await stores().store.acquire(key, token, minute)
    await stores().store.fill(key, token, entry(token, value), ttl)
    return token
  }

  test('CA-11 finds the value instead of granting a lease', async () => {
    const key = newKey()
    await store(key, { a: [1, 'ü'] })
    const found = await stores().other.acquire(key, newToken(), minute)
    expect(found.kind === 'hit' && decodeValue(found.bytes)?.value).toEqual({ a: [1, 'ü'] })
  })

  test('CA-13 a fill that is sent again says that it worked', async () => {
    const key = newKey()
    const token = await store(key, 'once')
    expect(await stores().store.fill(key, token, entry(token, 'once'), minute)).toBe(true)
  })

  test('CA-02 a value ends with its time to live', async () => {
    const key = newKey()
    await store(key, 'short', 40)
    expect(await stores().store.get(key)).toBeDefined()
    await sleep(60)
    expect(await stores().store.get(key)).toBeUndefined()
  })

  test('CA-17 a refresh takes the place of the entry that it knows', async () => {
    const { store: mine, other } = stores()
    const [key, next] = [newKey(), newToken()]
    const known = await store(key, 'old', 60)
    expect(await other.replace(key, known, entry(next, 'new'), minute)).toBe(true)
    await sleep(80)
    expect(decodeValue((await mine.get(key)) as Buffer)?.value).toBe('new')
  })

  test('CA-17 a refresh overwrites no newer entry, no lease, and brings nothing back', async () => {
    const { store: mine, other } = stores()
    const key = newKey()
    const old = await store(key, 'old')
    await mine.invalidate([key])
    expect(await other.replace(key, old, entry(newToken(), 'late'), minute)).toBe(false)
    expect(await mine.get(key)).toBeUndefined()
    const lease = newToken()
    await mine.acquire(key, lease, minute)
    for (const known of [old, lease]) {
      expect(await other.replace(key, known, entry(newToken(), 'late'), minute)).toBe(false)
    }
    await mine.fill(key, lease, entry(lease, 'newer'), minute)
    expect(await other.replace(key, old, entry(newToken(), 'late'), minute)).toBe(false)
    expect(decodeValue((await mine.get(key)) as Buffer)?.value).toBe('newer')
  })

  test('CA-03 reads many keys in their order, each with its own answer', async () => {
    const keys = [newKey(), newKey(), newKey()]
    await store(keys[2] as string, 'third')
    await store(keys[0] as string, 'first')
    const found = await stores().other.getMany([...keys, keys[0] as string])
    expect(found.map((bytes) => Buffer.isBuffer(bytes) && decodeValue(bytes)?.value)).toEqual([
      'first',
      false,
      'third',
      'first',
    ])
  })
}
