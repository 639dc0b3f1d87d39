import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test, vi } from 'vitest'
import { holdNextLoad, setStage } from './stage.ts'

// What went wrong in other caches, told again: each name says in which, and what it was. Here it cannot happen.

test('FusionCache 625: a value that was removed while it was loaded is not kept', async () => {
  const { here, there, source } = await setStage()
  const { letGo, isReading } = holdNextLoad(source)
  const loading = here.things.get('a')
  await vi.waitUntil(isReading)
  source.write('a', 2)
  await there.things.invalidateNow('a')
  letGo()
  await loading
  expect(await here.things.get('a')).toMatchObject({ version: 2 })
  expect(await there.things.get('a')).toMatchObject({ version: 2 })
})

test('FusionCache 628, 535: nor where it was removed by a tag', async () => {
  const { here, there, source } = await setStage({ tags: () => ['all'] })
  const { letGo, isReading } = holdNextLoad(source)
  const loading = here.things.get('a')
  await vi.waitUntil(isReading)
  source.write('a', 2)
  await there.cache.invalidateTagNow('all')
  letGo()
  await loading
  expect(await here.things.get('a')).toMatchObject({ version: 2 })
})

test('FusionCache 560, 648: nor where a refresh was under way that had begun before', async () => {
  const { here, there, source, clock } = await setStage({ ttl: 1000, staleWhileRevalidate: 60_000 })
  await here.things.get('a')
  const { letGo, isReading } = holdNextLoad(source)
  clock.advance(2000)
  expect(await here.things.get('a')).toMatchObject({ version: 1 }) // at once, while it is refreshed
  await vi.waitUntil(isReading)
  source.write('a', 2)
  await there.things.invalidateNow('a')
  letGo()
  expect(await here.things.get('a')).toMatchObject({ version: 2 })
  await here.cache.close() // what goes on in the background has ended
  expect(await there.things.get('a')).toMatchObject({ version: 2 })
})

test('layered-loader 414, dust 31576: the fence is in Redis, not in the memory of one process', async () => {
  const { here, there, source } = await setStage()
  const { letGo, isReading } = holdNextLoad(source)
  const loading = here.things.get('a')
  await vi.waitUntil(isReading)
  source.write('a', 2)
  await there.things.invalidateNow('a')
  expect(await there.things.get('a')).toMatchObject({ version: 2 }) // it has its own lease by now
  letGo()
  await loading
  expect(await there.things.get('a')).toMatchObject({ version: 2 })
})

test('rueidisaside: a second attempt of one client does not take the first one’s lease for its own', async () => {
  const { stores } = await setStage()
  const [store] = stores
  const [first, second] = [randomBytes(16), randomBytes(16)]
  await store.acquire('k', first, 10_000)
  await store.invalidate(['k'])
  await store.acquire('k', second, 10_000)
  const late = Buffer.concat([Buffer.from('V'), first, Buffer.alloc(60)])
  expect(await store.fill('k', first, late, 10_000)).toBe(false)
})

test('rockscache: a lease ends by the time of Redis, whatever the clock of a client says', async () => {
  const { here, there, source, clock } = await setStage()
  const { letGo, isReading } = holdNextLoad(source)
  const loading = here.things.get('a')
  await vi.waitUntil(isReading)
  clock.advance(60_000) // of both clients; Redis knows better
  const waiting = there.things.get('a', { signal: AbortSignal.timeout(100) })
  await waiting.catch(() => {})
  expect(source.mostConcurrent).toBe(1)
  letGo()
  await loading
})

test('spring-data-redis 1599: a value is never without its time to live', async () => {
  const { here, url } = await setStage()
  const redis = new Redis(url)
  onTestFinished(() => redis.disconnect())
  await here.things.get('a')
  const [key] = (await redis.keys('*')).filter((name) => name.endsWith('{a}'))
  expect(await redis.pttl(key as string)).toBeGreaterThan(0)
})

test('spring 36806: clearing all does not touch what is stored after it', async () => {
  const { here, there, source } = await setStage()
  await here.things.get('a')
  const clearing = here.cache.clearNow()
  await clearing
  source.write('a', 2)
  await there.things.invalidateNow('a')
  await there.things.get('a')
  const { loads } = source
  expect(await here.things.get('a')).toMatchObject({ version: 2 })
  expect(source.loads).toBe(loads)
})
