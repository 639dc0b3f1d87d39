import { randomUUID } from 'node:crypto'
import {
  type ClusterServer,
  createTestCluster,
  type TestCluster,
  until as untilInTime,
} from '@alicerce/testing'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { CacheStore } from '#src/index.ts'
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
  cluster = await createTestCluster({ primaries: 3, replicas: true })
})
afterAll(() => cluster.stop())
beforeEach(async () => {
  await cluster.healthy()
  stores = await Promise.all([0, 1].map(() => connectedClusterStore(cluster.urls)))
  namespace = `n${randomUUID().slice(0, 8)}`
})
afterEach(() => Promise.all(stores.map((store) => store.close())))

const ids = Array.from({ length: 30 }, (_, number) => `id-${number}`)
const share = Math.ceil(16_384 / 3)
const numberOf = (id: string) => Math.floor(slotOf(`{${id}}`) / share)

/** Which of a pair is the primary now. */
async function pair(number: number): Promise<{ primary: ClusterServer; replica: ClusterServer }> {
  const [one, other] = [cluster.primaries[number], cluster.replicas[number]] as [ClusterServer, ClusterServer]
  return (await isPrimary(one)) ? { primary: one, replica: other } : { primary: other, replica: one }
}

const isPrimary = async (server: ClusterServer | undefined) =>
  String(await server?.command('ROLE')).startsWith('master')

test('CA-45 CA-52 a primary that becomes a replica is not believed any more, although its connections stay', async () => {
  const source = createSource()
  for (const id of ids) source.write(id, 1)
  const [here, there] = stores.map((store) => createInstance(store, source, { cache: { namespace } })) as [
    ReturnType<typeof createInstance>,
    ReturnType<typeof createInstance>,
  ]
  await until(async () => {
    here.reads.length = 0
    await here.things.getMany(ids)
    return here.sources().every((from) => from === 'l1')
  })
  const { primary, replica } = await pair(0)
  await replica.command('CLUSTER', 'FAILOVER')
  await until(() => isPrimary(replica))
  await primary.command('CONFIG', 'SET', 'masterauth', 'wrong')
  await primary.command('CLIENT', 'KILL', 'TYPE', 'master') // from now on it hears of nothing
  for (const id of ids) {
    source.write(id, 2)
    await until(() => there.things.invalidateNow(id))
  }
  await expect
    .poll(async () => [...(await here.things.getMany(ids)).values()].map((value) => value?.version))
    .toEqual(ids.map(() => 2))
  await Promise.all([here.cache.close(), there.cache.close()])
  await primary.command('CONFIG', 'SET', 'masterauth', '')
})

test('CA-40 CA-52 P4 what a primary acknowledged and its replica never heard of is not answered after the failover', async () => {
  const source = createSource()
  for (const id of ids) source.write(id, 1)
  const { outbox } = createTestOutbox()
  const [here, there] = stores.map((store) =>
    createInstance(store, source, { cache: { namespace, outbox, stalenessBound: 1000 } }),
  ) as [ReturnType<typeof createInstance>, ReturnType<typeof createInstance>]
  await Promise.all([here.cache.ready(), there.cache.ready()])
  await until(async () => {
    here.reads.length = 0
    await here.things.getMany(ids)
    return here.sources().every((from) => from === 'l1')
  })
  const { primary, replica } = await pair(1)
  const lost = ids.filter((id) => numberOf(id) === 1)
  expect(lost.length).toBeGreaterThan(0)
  await primary.command('WAIT', 1, 5000)
  replica.freeze()
  await primary.command('CLIENT', 'KILL', 'TYPE', 'replica') // and what it says from now on reaches nobody
  for (const id of lost) {
    source.write(id, 2)
    expect(await there.things.invalidateNow(id)).toBe(true)
  }
  await primary.kill()
  replica.resume()
  await until(() => isPrimary(replica))
  const seen = new Set<number | undefined>()
  await until(async () => {
    here.reads.length = 0
    for (const value of (await here.things.getMany(lost)).values()) seen.add(value?.version)
    return here.sources().every((from) => from === 'l1')
  })
  expect([...seen]).toEqual([2])
  const slot = slotOf(`{${lost[0]}}`)
  expect(await replica.command('CLUSTER', 'COUNTKEYSINSLOT', slot)).toBeGreaterThan(0) // it did answer them
  await Promise.all([here.cache.close(), there.cache.close()])
  await primary.restart()
  await cluster.healthy()
})

test('CA-38 CA-52 a primary that was replaced and does not know it is trusted no longer than the bound', async () => {
  const bound = 1000
  const source = createSource()
  for (const id of ids) source.write(id, 1)
  const { outbox } = createTestOutbox()
  const { primary: replaced, replica: heir } = await pair(1)
  const mine = ids.filter((id) => numberOf(id) === 1)
  const here = createInstance(stores[0] as CacheStore, source, {
    cache: { namespace, outbox, stalenessBound: bound },
  })
  const fromHere = async () => {
    here.reads.length = 0
    return [...(await here.things.getMany(mine)).values()].map((value) => value?.version)
  }
  const allFromL1 = async () => {
    await fromHere()
    return here.sources().every((from) => from === 'l1')
  }
  await until(allFromL1)
  await cluster.isolate(replaced)
  await heir.command('CLUSTER', 'FAILOVER', 'TAKEOVER')
  await until(() => isPrimary(heir))
  expect(await isPrimary(replaced)).toBe(true)

  const others = [...cluster.primaries, ...cluster.replicas].filter((server) => server !== replaced)
  const led = await connectedClusterStore(others.map(({ url }) => url))
  const there = createInstance(led, source, { cache: { namespace } })
  for (const id of mine) {
    source.write(id, 2)
    expect(await there.things.invalidateNow(id)).toBe(true)
  }
  const invalidatedAt = performance.now()
  const tooOld: unknown[] = []
  await until(async () => {
    const age = performance.now() - invalidatedAt
    const found = await fromHere()
    if (age > bound && found.includes(1)) tooOld.push({ age, found, from: here.sources() })
    return age > 4 * bound
  })
  expect(tooOld).toEqual([])
  await Promise.all([here.cache.close(), there.cache.close(), led.close()])
  await cluster.reunite(replaced)
  await cluster.healthy()
})

test('CA-12 CA-50 CA-52 a primary that dies under load costs no answer and makes none stale', async () => {
  const outbox = createTestOutbox()
  const load = createLoad({ stores, ids, namespace, outbox })
  await until(() => load.counted.writes > 20)
  const { primary: dead, replica: heir } = await pair(2)
  await dead.kill()
  await until(() => isPrimary(heir))
  const { writes } = load.counted
  await until(() => load.counted.writes > writes + 20)
  await load.stop()
  await load.settled()
  expect(load.counted.stale).toEqual([])
  expect(load.counted.failed).toEqual([])
  await load.close()
  await dead.restart()
  await cluster.healthy()
})

test('CA-41 CA-52 CA-53 values with versions are read from the replicas of all servers, as long as these keep up', async () => {
  const source = createSource()
  for (const id of ids) source.write(id, 1)
  const near = await connectedClusterStore(cluster.urls, { replicas: true, deadlineMilliseconds: 200 })
  let asked = new Set<string>()
  const listening: CacheStore = {
    ...near,
    getFromReplica(key) {
      const found = near.getFromReplica?.(key)
      if (found) asked.add(key)
      return found
    },
  }
  const { outbox } = createTestOutbox()
  const { things, cache } = createInstance(listening, source, {
    ...{ version: (thing: { version: number }) => thing.version, fromReplicas: true, earlyRefresh: 0 },
    cache: { namespace, outbox, stalenessBound: 1000, firstLevel: { maximumBytes: 0 } },
  })
  const readAll = async (minVersion = 0) => {
    asked = new Set()
    return Promise.all(ids.map(async (id) => (await things.get(id, { minVersion }))?.version))
  }
  const fromReplicasAlone = async () => {
    const { loads } = source
    await readAll()
    return asked.size === ids.length && source.loads === loads
  }
  await until(fromReplicasAlone)
  const { replica } = await pair(1)
  replica.freeze()
  const later = ids.map((id) => things.invalidateNow(id, { version: 2 }))
  for (const id of ids) source.write(id, 2)
  expect((await Promise.all(later)).every(Boolean)).toBe(true)
  expect(await readAll(2)).toEqual(ids.map(() => 2))
  await until(async () => (await readAll()).every((version) => version === 2))
  replica.resume()
  await cluster.healthy()
  await until(fromReplicasAlone)
  expect(await readAll()).toEqual(ids.map(() => 2))
  await cache.close()
  await near.close()
})

test('CA-12 CA-52 a server that joins and is given slots under load is trusted as soon as it is known', async () => {
  const outbox = createTestOutbox()
  const load = createLoad({ stores, ids, namespace, outbox })
  await until(() => load.counted.writes > 20)
  const joined = await cluster.join()
  const { primary: giver } = await pair(0)
  const moved = ids.filter((id) => numberOf(id) === 0).map((id) => slotOf(`{${id}}`))
  expect(moved.length).toBeGreaterThan(2)
  for (const slot of moved) await cluster.moveSlot(slot, giver, joined)
  const reopened = outbox.reopened
  await until(() => load.instances.every(({ cache }) => cache.staleness() < 400))
  await load.stop()
  await load.settled()
  expect(load.counted.stale).toEqual([])
  expect(load.counted.failed).toEqual([])
  expect(reopened).toBeGreaterThan(0)
  for (const slot of moved) await cluster.moveSlot(slot, joined, giver)
  await load.close()
})
