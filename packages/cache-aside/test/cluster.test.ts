import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type ClusterServer,
  createTestCluster,
  type TestCluster,
  until as untilInTime,
} from '@alicerce/testing'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type CacheStore, redisClusterStore } from '#src/index.ts'
import { slotOf } from '#src/store/redis/cluster/slots.ts'
import { createLoad } from './cluster-world.ts'
import { connectedClusterStore, createInstance, createSource, createTestOutbox } from './fixtures.ts'

/** A cluster is many processes, which share this machine with other work. */
const patience = { timeoutMilliseconds: 60_000 }
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 })
const until: typeof untilInTime = (condition) => untilInTime(condition, patience)

let cluster: TestCluster
let stores: CacheStore[]
let namespace: string

beforeAll(async () => {
  cluster = await createTestCluster({ primaries: 3 })
})
afterAll(() => cluster.stop())
beforeEach(async () => {
  stores = await Promise.all([0, 1, 2].map(() => connectedClusterStore(cluster.urls)))
  namespace = `n${randomUUID().slice(0, 8)}`
})
afterEach(() => Promise.all(stores.map((store) => store.close())))

/** So many ids, of every server some. */
const ids = Array.from({ length: 30 }, (_, number) => `id-${number}`)
const share = Math.ceil(16_384 / 3)
const ownerOf = (slot: number) => cluster.primaries[Math.floor(slot / share)] as ClusterServer
const nextOf = (slot: number) => cluster.primaries[(Math.floor(slot / share) + 1) % 3] as ClusterServer
const slotOfId = (id: string) => slotOf(`{${id}}`)

test('CA-03 CA-26 CA-30 CA-52 keys, tags and the namespace are right on whichever servers they are', async () => {
  const source = createSource()
  for (const id of ids) source.write(id, 1)
  const tags = (id: string) => [`${id.at(-1)}`]
  const [here, there] = [0, 1].map((number) =>
    createInstance(stores[number] as CacheStore, source, { tags, cache: { namespace } }),
  ) as [ReturnType<typeof createInstance>, ReturnType<typeof createInstance>]
  const versions = async ({ things }: typeof here) =>
    [...(await things.getMany(ids)).values()].map((value) => value?.version)
  expect(new Set(ids.map((id) => ownerOf(slotOfId(id)).name)).size).toBe(3)
  for (let read = 0; read < 3; read++) await versions(here)
  await versions(there)
  expect(source.loads).toBe(ids.length)

  for (const id of ids) source.write(id, 2)
  await Promise.all(ids.slice(0, 5).map((id) => here.things.invalidateNow(id)))
  await there.cache.invalidateTagNow('7')
  const expected = ids.map((id, index) => (index < 5 || id.endsWith('7') ? 2 : 1))
  await expect.poll(() => versions(here)).toEqual(expected)
  await expect.poll(() => versions(there)).toEqual(expected)
  expect(await here.cache.clearNow()).toBe(true)
  await expect.poll(() => versions(there)).toEqual(ids.map(() => 2))
  await Promise.all([here.cache.close(), there.cache.close()])
})

test('CA-45 CA-52 changes on every server are heard, and FLUSHALL on one empties the first level', async () => {
  const source = createSource()
  for (const id of ids) source.write(id, 1)
  const { things, reads, sources, cache } = createInstance(stores[0] as CacheStore, source, {
    cache: { namespace },
  })
  const untold = createInstance(stores[1] as CacheStore, source, { cache: { namespace } })
  const allFromMemory = () =>
    until(async () => {
      reads.length = 0
      await things.getMany(ids)
      return sources().every((from) => from === 'l1')
    })
  await allFromMemory()
  for (const id of ids) {
    source.write(id, 2)
    await untold.things.invalidateNow(id)
  }
  await expect
    .poll(async () => [...(await things.getMany(ids)).values()].map((value) => value?.version))
    .toEqual(ids.map(() => 2))
  await allFromMemory()
  await cluster.primaries[1]?.command('FLUSHALL')
  await until(async () => {
    reads.length = 0
    await things.getMany(ids)
    return sources().some((from) => from !== 'l1')
  })
  await Promise.all([cache.close(), untold.cache.close()])
})

test('CA-52 while a slot moves, its keys are found where they are, and keep their leases and values', async () => {
  const [store, other] = stores as [CacheStore, CacheStore]
  const keys = Array.from({ length: 20 }, (_, number) => `${namespace}:moving:{m}:${number}`)
  const token = (number: number) => Buffer.alloc(16, number + 1)
  for (const [number, key] of keys.entries()) await store.acquire(key, token(number), 60_000)
  const slot = slotOf('{m}')
  const kinds = async () => {
    const found = await other.getMany(keys)
    return found.map((bytes) => (Buffer.isBuffer(bytes) ? String.fromCharCode(bytes[0] as number) : bytes))
  }
  await cluster.moveSlot(slot, ownerOf(slot), nextOf(slot), async () => {
    expect(await kinds()).toEqual(keys.map(() => 'L')) // one command for all of them would be told TRYAGAIN
    for (const [number, key] of keys.entries()) {
      expect((await other.acquire(key, token(99), 60_000)).kind).toBe('busy')
      if (number % 2) await other.invalidate([key])
      else await other.raise(key, 5, 60_000)
    }
    expect(await kinds()).toEqual(keys.map((_, number) => (number % 2 ? undefined : 'T')))
    for (const [number, key] of keys.entries()) {
      expect(await store.release(key, token(number))).toBe(false)
      const again = await store.acquire(key, token(number + 100), 60_000)
      expect(again).toEqual({ kind: 'granted', floor: number % 2 ? 0 : 5 })
    }
  })
  expect(await kinds()).toEqual(keys.map(() => 'L'))
  for (const [number, key] of keys.entries()) {
    expect((await other.acquire(key, token(200), 60_000)).kind).toBe('busy')
    expect(await other.release(key, token(number + 100))).toBe(true)
  }
  await cluster.moveSlot(slot, nextOf(slot), ownerOf(slot))
})

test('CA-12 CA-45 CA-52 slots that move under load, of keys, tags and the namespace, cost no answer and make none stale', async () => {
  const outbox = createTestOutbox()
  const load = createLoad({ stores, ids, namespace, outbox, tags: (id) => [`${id.at(-1)}`] })
  const slots = [
    ...ids.slice(0, 10).map(slotOfId),
    slotOf(`${namespace}:#namespace`),
    ...[0, 1, 2].map((digit) => slotOf(`{${digit}}`)),
  ]
  await until(() => load.counted.writes > 20)
  for (const slot of slots) {
    await cluster.moveSlot(slot, ownerOf(slot), nextOf(slot), () => sleep(20))
    await sleep(20)
  }
  for (const slot of slots) await cluster.moveSlot(slot, nextOf(slot), ownerOf(slot))
  await load.stop()
  await load.settled()
  expect(load.counted.stale).toEqual([])
  expect(load.counted.failed).toEqual([])
  expect(load.counted.reads).toBeGreaterThan(200)
  await load.close()
})

test('CA-51 CA-52 a server that is frozen costs its own keys their deadline, and the others nothing', async () => {
  const source = createSource()
  for (const id of ids) source.write(id, 1)
  const impatient = redisClusterStore({ urls: cluster.urls, deadlineMilliseconds: 100 })
  await until(() => impatient.readWatermark('nothing').then(() => true))
  const { things, reads, cache } = createInstance(impatient, source, { strict: true, cache: { namespace } })
  await until(async () => (await things.getMany(ids)) && reads.at(-1)?.source === 'redis')
  const frozen = cluster.primaries.find(
    ({ name }) => name !== ownerOf(slotOf(`${namespace}:#namespace`)).name,
  )
  frozen?.freeze()
  try {
    reads.length = 0
    await Promise.all(ids.map((id) => things.get(id)))
    const around = reads.filter(({ degraded }) => degraded === 'store-unavailable').length
    expect(around).toBe(ids.filter((id) => ownerOf(slotOfId(id)) === frozen).length)
    expect(reads.length).toBe(ids.length)
    reads.length = 0
    await things.getMany(ids)
    expect(reads.filter(({ degraded }) => degraded).length).toBe(around)
  } finally {
    frozen?.resume()
  }
  await cluster.healthy()
  await until(async () => {
    reads.length = 0
    await things.getMany(ids)
    return reads.every(({ source: from }) => from === 'redis')
  })
  await cache.close()
  await impatient.close()
})

test('CA-40 CA-41 CA-52 what one server lost is told again, before anything is trusted', async () => {
  const outbox = createTestOutbox()
  const load = createLoad({ stores, ids, namespace, outbox })
  await until(() => load.counted.writes > 20 && load.instances[0]?.sources().includes('l1'))
  const reopened = outbox.reopened
  await cluster.primaries[2]?.command('FLUSHALL')
  await until(() => outbox.reopened > reopened)
  await load.stop()
  await load.settled()
  expect(load.counted.stale).toEqual([])
  await load.close()
})
