import { randomBytes, randomUUID } from 'node:crypto'
import { capturedLog, createTestCluster, createTestRedis, until } from '@alicerce/testing'
import { expect, test } from 'vitest'
import { type Backplane, createBackplane } from '#src/index.ts'

async function carriesAll(sender: Backplane, receiver: Backplane): Promise<void> {
  const heard: string[] = []
  await receiver.events.subscribe({
    group: 'listeners',
    types: ['order.placed'],
    handle: async ({ subject }) => void heard.push(subject),
  })
  await receiver.revocations.subscribe(({ value }) => heard.push(value))
  const watch = receiver.cacheStore.watch('inv', { changed: (key) => heard.push(key), reset: () => {} })
  await until(() => watch.live && sender.cacheStore.get('ready').then(() => true))

  const time = new Date().toISOString()
  await sender.events.publish({ id: randomUUID(), type: 'order.placed', subject: 'event', time, data: {} })
  const now = Math.floor(Date.now() / 1000)
  await sender.revocations.publish({
    kind: 'session',
    value: 'revocation',
    issuedBefore: now,
    expiresAt: now + 60,
  })
  await sender.cacheStore.acquire('invalidation', randomBytes(16), 1000)
  await sender.cacheStore.invalidate(['invalidation'])
  await until(() => ['event', 'revocation', 'invalidation'].every((what) => heard.includes(what)))
}

test('without Redis everything stays in the process, and the log says so', async () => {
  const log = capturedLog()
  const backplane = await createBackplane({ log })
  expect(backplane.driver).toBe('in-process')
  expect(log.text()).toContain('No Redis')
  await carriesAll(backplane, backplane)
  await backplane.close()
})

test('with Redis events, revocations and invalidations reach another process', async () => {
  const redis = await createTestRedis()
  const [here, there] = await Promise.all([
    createBackplane({ redisUrl: redis.url, log: capturedLog() }),
    createBackplane({ redisUrl: redis.url, log: capturedLog() }),
  ])
  expect(here.driver).toBe('redis')
  await carriesAll(here, there)
  await Promise.all([here.close(), there.close()])
  await redis.stop()
})

test('CA-52 with a cluster for the cache that is there, and all else is at the one Redis', {
  timeout: 120_000,
}, async () => {
  const [redis, cluster] = await Promise.all([createTestRedis(), createTestCluster({ primaries: 3 })])
  const open = () =>
    createBackplane({ redisUrl: redis.url, cacheClusterUrls: cluster.urls, log: capturedLog() })
  const [here, there] = await Promise.all([open(), open()])
  await carriesAll(here, there)
  await here.cacheStore.acquire('held', randomBytes(16), 60_000)
  const held = await Promise.all(cluster.primaries.map((server) => server.command('KEYS', 'held')))
  expect(held.flat()).toEqual(['held'])
  await Promise.all([here.close(), there.close()])
  await Promise.all([redis.stop(), cluster.stop()])
})
