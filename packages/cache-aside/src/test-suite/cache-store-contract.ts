import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeValue, encodeValue, isLease, isPlaceholder } from '../entry/entry.ts'
import type { CacheStore } from '../store/cache-store.ts'

/** Two stores on the same data, as two processes have them, and what to do after the last test. */
export type StoresUnderTest = { store: CacheStore; other: CacheStore; close(): Promise<void> }

const newKey = () => `contract.0:thing:${randomUUID()}:{1}`
const newToken = () => randomBytes(16)
const minute = 60_000

function entry(token: Buffer, value: unknown, version = 0): Buffer {
  const loadedAt = Date.now()
  return encodeValue({
    token,
    value,
    version,
    marks: '',
    loadedAt,
    freshUntil: loadedAt + minute,
    loadMilliseconds: 3,
  })
}

/**
 * The contract of every {@link CacheStore}: call it in a Vitest file, and it adds the tests. It runs in real time, and the store must be
 * connected when `create` resolves.
 */
export function cacheStoreContract(name: string, create: () => Promise<StoresUnderTest>): void {
  describe(`the contract of cache stores: ${name}`, () => {
    let stores: StoresUnderTest
    beforeAll(async () => {
      stores = await create()
    })
    afterAll(() => stores.close())

    leases(() => stores)
    values(() => stores)
    floors(() => stores)
    marks(() => stores)
    watermarks(() => stores)
    watching(() => stores)
  })
}

function leases(stores: () => StoresUnderTest): void {
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
    await other.release(key, newToken())
    expect((await other.acquire(key, newToken(), minute)).kind).toBe('busy')
    await store.release(key, token)
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

function values(stores: () => StoresUnderTest): void {
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
    expect(found.map((bytes) => bytes && decodeValue(bytes)?.value)).toEqual([
      'first',
      undefined,
      'third',
      'first',
    ])
  })
}

function floors(stores: () => StoresUnderTest): void {
  /** The least version that a load for this key must reach. */
  async function floorOf(key: string): Promise<number> {
    const token = newToken()
    const found = await stores().store.acquire(key, token, minute)
    await stores().store.release(key, token)
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

function marks(stores: () => StoresUnderTest): void {
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

function watermarks(stores: () => StoresUnderTest): void {
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

function watching(stores: () => StoresUnderTest): void {
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
