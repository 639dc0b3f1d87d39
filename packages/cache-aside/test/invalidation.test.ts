import { beforeEach, expect, test } from 'vitest'
import { type CacheStore, invalidationTopic, memoryStore, redisStore, StoreUnavailable } from '#src/index.ts'
import { begin, commit, createInstance, createSource, createTestOutbox, type Source } from './fixtures.ts'

let source: Source
let store: CacheStore
let outbox: ReturnType<typeof createTestOutbox>

beforeEach(() => {
  source = createSource()
  source.write('a', 1)
  store = memoryStore()
  outbox = createTestOutbox()
})

/** An instance of which the cache may be used. */
async function joined(over = store) {
  const instance = createInstance(over, source, { cache: { outbox: outbox.outbox } })
  await instance.cache.ready()
  return instance
}

test('CA-35 nothing reaches the store before COMMIT', async () => {
  const { things } = await joined()
  await things.get('a')
  const tx = begin()
  await things.invalidate(tx, 'a')
  expect(tx.rows).toEqual([
    { topic: invalidationTopic, key: expect.any(String), payload: { keys: [tx.rows[0]?.key] } },
  ])
  await things.get('a')
  expect(source.loads).toBe(1)
  commit(tx)
  source.write('a', 2)
  expect((await things.get('a'))?.version).toBe(2)
  await expect.poll(() => outbox.marked).toEqual([1n])
})

test('CA-35 after a rollback nothing has happened', async () => {
  const { things } = await joined()
  await things.get('a')
  await things.invalidate(begin(), 'a')
  await things.get('a')
  expect(source.loads).toBe(1)
  expect(outbox.marked).toEqual([])
})

test('CA-36 CA-37 a store that is away throws nowhere, and the relay delivers what it missed', async () => {
  let away = false
  const fickle: CacheStore = {
    ...store,
    invalidate: async (keys) => {
      if (away) throw new StoreUnavailable('away')
      await store.invalidate(keys)
    },
  }
  const { cache, things, log } = await joined(fickle)
  await things.get('a')
  const tx = begin()
  source.write('a', 2)
  await things.invalidate(tx, 'a')
  away = true
  commit(tx)
  await expect.poll(() => log.text()).toContain('left to the relay')
  expect(outbox.marked).toEqual([])
  const message = { payload: JSON.parse(JSON.stringify(tx.rows[0]?.payload)) }
  await expect(cache.outboxHandler(message)).rejects.toBeInstanceOf(StoreUnavailable)
  away = false
  await cache.outboxHandler(message)
  expect((await things.get('a'))?.version).toBe(2)
  await cache.outboxHandler(message) // at least once means sometimes twice
  expect((await things.get('a'))?.version).toBe(2)
})

test('CA-36 an invalidation under a Redis that was never there throws nothing', async () => {
  const nowhere = redisStore({ url: 'redis://127.0.0.1:1' })
  const { cache, things } = await joined(nowhere)
  const tx = begin()
  await things.invalidate(tx, 'a')
  commit(tx)
  expect(await things.invalidateNow('a')).toBe(false)
  expect((await things.get('a'))?.version).toBe(1)
  await cache.close()
  await nowhere.close()
})

test('CA-42 without an outbox invalidate says what to do', async () => {
  const { things } = createInstance(store, source)
  await expect(things.invalidate({}, 'a')).rejects.toThrow('outbox')
})

test('a message that is not an invalidation is refused, so that the relay parks it', async () => {
  const { cache } = createInstance(store, source)
  for (const payload of [null, {}, { keys: 'a' }, { keys: [1] }]) {
    await expect(cache.outboxHandler({ payload })).rejects.toMatchObject({ code: 'message-malformed' })
  }
})

test('CA-54 caches of one process on the memory store see each other’s invalidations', async () => {
  const [here, there] = [createInstance(store, source), createInstance(store, source)]
  for (const { things } of [here, there]) {
    await things.get('a')
    await things.get('a')
    await things.get('a')
  }
  expect([here, there].map(({ sources }) => sources().at(-1))).toEqual(['l1', 'l1'])
  source.write('a', 2)
  await here.things.invalidateNow('a')
  expect((await there.things.get('a'))?.version).toBe(2)
})
