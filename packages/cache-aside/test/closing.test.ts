import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { createTestRedis, testRedisUrl } from '@alicerce/testing'
import { expect, test } from 'vitest'
import { connectedStore, createInstance, createSource, createTestOutbox } from './fixtures.ts'

/** What this machine may add by being busy with other work. */
const slack = 1500

/** Runs a program, and gives how it ended and what it printed. One that does not end by itself is killed. */
async function run(program: string): Promise<{ code: number | null; output: string }> {
  const preface = `
    import { createCache, redisStore } from '@alicerce/cache-aside'
    import { Type } from 'typebox'
    import { setTimeout as sleep } from 'node:timers/promises'
    const store = redisStore({ url: ${JSON.stringify(testRedisUrl())} })
    const log = { warn() {} }
    const thing = { name: 'thing', schema: Type.Number(), key: String, ttl: 1000 }
    await sleep(200)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', preface + program], {
    cwd: import.meta.dirname,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  const killer = setTimeout(() => child.kill('SIGKILL'), 15_000)
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve))
  clearTimeout(killer)
  return { code, output }
}

test('CA-55 closing cache and store leaves nothing that keeps the process alive', async () => {
  const ended = await run(`
    const cache = createCache({ namespace: 'test', store, log })
    const things = cache.define({ ...thing, load: async () => 1 })
    await things.get(1)
    await things.get(1)
    await cache.close()
    await store.close()
    console.log('closed')`)
  expect(ended).toEqual({ code: 0, output: 'closed\n' })
})

test('CA-55 nor do loads that hang, waits for turns and leases, and an outbox that does not answer', async () => {
  const ended = await run(`
    const never = () => new Promise(() => {})
    const outbox = { append: never, afterCommit() {}, markDelivered: never, oldestPending: never, reopen: never }
    const caches = ['test', 'test'].map((namespace) => createCache({ namespace, store, log, outbox }))
    const classes = caches.map((cache) =>
      cache.define({ ...thing, load: never, maximumLoads: 1, loadTimeout: 60_000, untrusted: 'serve' }))
    const reads = classes.flatMap((things) => [1, 2, 3].map((id) => things.get(id)))
    for (const read of reads) read.catch(({ code }) => console.log(code))
    await sleep(100)
    await Promise.all(caches.map((cache) => cache.close({ limitMilliseconds: 50 })))
    await store.close()
    console.log('closed')`)
  expect(ended).toEqual({ code: 0, output: `${'closed\n'.repeat(6)}closed\n` })
})

test('CA-55 a load that outlasts the limit is aborted, and its lease is given back', async () => {
  const url = testRedisUrl()
  const [mine, others] = await Promise.all([connectedStore(url), connectedStore(url)])
  const source = createSource()
  source.write('a', 1)
  const here = createInstance(mine, source)
  const there = createInstance(others, source)
  let aborted: AbortSignal | undefined
  source.beforeReturn = (signal) => {
    aborted = signal
    return new Promise(() => {})
  }
  const read = here.things.get('a')
  read.catch(() => {})
  await expect.poll(() => source.loads).toBe(1)
  const started = performance.now()
  await here.cache.close({ limitMilliseconds: 100 })
  expect(performance.now() - started).toBeLessThan(600 + slack)
  await expect(read).rejects.toMatchObject({ code: 'closed' })
  expect(aborted?.aborted).toBe(true)
  expect(await there.cache.explain('thing', 'a')).toMatchObject({ store: { state: 'absent' } })
  await expect(here.things.get('b')).rejects.toMatchObject({ code: 'closed' })
  await there.cache.close()
  await Promise.all([mine.close(), others.close()])
})

test('CA-55 a load that ends within the limit is waited for, and kept', async () => {
  const url = testRedisUrl()
  const [mine, others] = await Promise.all([connectedStore(url), connectedStore(url)])
  const source = createSource()
  source.write('a', 1)
  const here = createInstance(mine, source)
  const there = createInstance(others, source)
  source.beforeReturn = () => sleep(100)
  const read = here.things.get('a')
  await expect.poll(() => source.loads).toBe(1)
  await here.cache.close()
  expect((await read)?.version).toBe(1)
  expect(await there.cache.explain('thing', 'a')).toMatchObject({ store: { state: 'fresh' } })
  await there.cache.close()
  await Promise.all([mine.close(), others.close()])
})

test('CA-55 closing under a frozen Redis takes no longer than its limit', async () => {
  const redis = await createTestRedis()
  const store = await connectedStore(redis.url)
  const { outbox } = createTestOutbox()
  const { cache, things } = createInstance(store, createSource(), { cache: { outbox } })
  await cache.ready()
  redis.freeze()
  const read = things.get('a')
  const started = performance.now()
  await cache.close({ limitMilliseconds: 300 })
  expect(performance.now() - started).toBeLessThan(800 + slack)
  await read.catch(() => {})
  redis.resume()
  await store.close()
  await redis.stop()
})
