import { createTestRedis, type FaultProxy, faultProxy, type TestRedis, until } from '@alicerce/testing'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Decision, RateLimiterOptions } from '#src/index.ts'
import {
  admitted,
  eachAlgorithm,
  fixedWindow,
  limiter,
  newKey,
  type TestLimiter,
  takeMany,
} from './fixtures.ts'

/** What this machine may add by being busy: 30 ms is the timeout, and a second is no time that anybody waits for one. */
const noTime = 1000

let redis: TestRedis
let proxy: FaultProxy

beforeAll(async () => {
  redis = await createTestRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  proxy = await faultProxy({ target: redis.url })
})
afterEach(() => proxy.close())

/** An instance with the usual timeout. */
const instance = (options: Partial<RateLimiterOptions> = {}) =>
  limiter({ redisUrl: proxy.url, commandTimeoutMilliseconds: 30, ...options })

async function timed<Result>(work: () => Result | Promise<Result>) {
  const started = performance.now()
  const result = await work()
  return { result, took: performance.now() - started }
}

const isBack = (limiter: TestLimiter) =>
  until(async () => (await limiter.take(fixedWindow(10), newKey())).source === 'shared')

const states = ({ events }: TestLimiter) =>
  events.flatMap((event) => (event.type === 'breaker' ? [event.state] : []))

test('GW-45 a frozen Redis lets nobody wait for longer than the timeout, and soon for no time at all', async () => {
  const limiter = await instance({ instances: 2 })
  await isBack(limiter)
  redis.freeze()
  try {
    const limit = fixedWindow(10)
    for (let time = 0; time < 3; time++) {
      const { result, took } = await timed(() => limiter.take(limit, newKey()))
      expect(result).toMatchObject({ allowed: true, source: 'local', remaining: 4 })
      expect(took).toBeLessThan(noTime)
    }
    expect(states(limiter).at(-1)).toBe('open')
    const atHand = Array.from({ length: 20 }, () => limiter.take(limit, 'key'))
    expect(atHand.filter((decision) => decision instanceof Promise).length).toBeLessThanOrEqual(1) // a probe, on a slow machine
    expect(admitted(await Promise.all(atHand))).toBe(5)
  } finally {
    redis.resume()
  }
  await isBack(limiter)
})

test('GW-45 while Redis stays frozen a probe does not make others wait, and is answered in time itself', async () => {
  const limiter = await instance()
  await isBack(limiter)
  redis.freeze()
  try {
    await takeMany(limiter, fixedWindow(10), newKey(), 3)
    const probe = await until(() => {
      const decision = limiter.take(fixedWindow(10), newKey())
      return decision instanceof Promise ? { decision } : undefined
    })
    expect(states(limiter).at(-1)).toBe('half-open')
    expect(limiter.take(fixedWindow(10), newKey())).not.toBeInstanceOf(Promise)
    const { result, took } = await timed(() => probe.decision)
    expect(result.source).toBe('local')
    expect(took).toBeLessThan(noTime)
    expect(states(limiter).at(-1)).toBe('open')
  } finally {
    redis.resume()
  }
  await isBack(limiter)
})

test('GW-45 a flood that a frozen Redis meets is answered within the timeout, all of it', async () => {
  const limiter = await instance()
  await isBack(limiter)
  redis.freeze()
  try {
    const flood = () =>
      Promise.all(Array.from({ length: 500 }, () => limiter.take(fixedWindow(100), 'flood')))
    const { result, took } = await timed(flood)
    expect(took).toBeLessThan(noTime)
    expect(admitted(result)).toBe(100)
  } finally {
    redis.resume()
  }
  await isBack(limiter)
})

test('GW-45 a slow Redis is an outage too', async () => {
  const limiter = await instance()
  await isBack(limiter)
  proxy.delay(300)
  const { result, took } = await timed(() => limiter.take(fixedWindow(10), newKey()))
  expect(result.source).toBe('local')
  expect(took).toBeLessThan(noTime)
})

test('GW-45 Redis killed: takes are answered at once; started again: it counts again, by itself', async () => {
  const limiter = await instance()
  await isBack(limiter)
  await redis.kill()
  await until(() => limiter.take(fixedWindow(10), newKey()) instanceof Promise === false)
  await takeMany(limiter, fixedWindow(10), newKey(), 3)
  const key = newKey()
  const during = Array.from({ length: 20 }, () => limiter.take(fixedWindow(10), key))
  expect(during.every((decision) => !(decision instanceof Promise))).toBe(true)
  expect(admitted(during as Decision[])).toBe(10)
  await redis.restart()
  await isBack(limiter)
  const after = newKey()
  expect(admitted(await takeMany(limiter, fixedWindow(10), after, 12))).toBe(10)
})

test('GW-45 after an outage the instances admit exactly the limit again', async () => {
  const limiters = await Promise.all([instance(), instance()])
  await Promise.all(limiters.map(isBack))
  proxy.cut()
  await Promise.all(limiters.map((each) => takeMany(each, fixedWindow(10), newKey(), 5)))
  proxy.resume()
  await Promise.all(limiters.map(isBack))
  for (const limit of eachAlgorithm(30)) {
    const key = newKey()
    const decisions = await Promise.all(
      Array.from({ length: 30 }, () => limiters.map(({ take }) => take(limit, key))).flat(),
    )
    const shared = decisions.filter(({ source }) => source === 'shared')
    // Where this machine was too busy for the timeout, an instance counted alone once more: what is shared is exact all the same.
    expect(admitted(shared)).toBeLessThanOrEqual(30)
    if (shared.length === decisions.length) expect(admitted(shared)).toBe(30)
  }
})

test('GW-45 a limit says what it does in an outage, or else the limiter does', async () => {
  const limiter = await instance({ onOutage: 'closed', instances: 5 })
  await isBack(limiter)
  proxy.cut()
  const limit = fixedWindow(10)
  await until(async () => (await limiter.take(limit, newKey())).source !== 'shared')
  for (const each of eachAlgorithm(10)) {
    const key = newKey()
    expect(await limiter.take({ ...each, onOutage: 'open' }, key, 10)).toMatchObject({
      ...{ allowed: true, source: 'open', retryAfterMilliseconds: 0 },
    })
    expect(await limiter.take({ ...each, onOutage: 'local' }, key)).toMatchObject({
      ...{ allowed: true, source: 'local', remaining: 1 },
    })
    const closed = await limiter.take(each, key)
    expect(closed).toMatchObject({ allowed: false, source: 'closed', remaining: 0 })
    expect(closed.retryAfterMilliseconds).toBeGreaterThan(0)
  }
})

test('GW-45 a take that costs more than the share of one instance takes all of the share', async () => {
  const limiter = await instance({ instances: 5 })
  await isBack(limiter)
  proxy.cut()
  await until(async () => (await limiter.take(fixedWindow(10), newKey())).source === 'local')
  const key = newKey()
  expect((await limiter.take(fixedWindow(10), key, 8)).allowed).toBe(true)
  expect((await limiter.take(fixedWindow(10), key)).allowed).toBe(false)
})

test('GW-45 an outage is told once when it begins, with its cause, and once when it ends', async () => {
  const limiter = await instance()
  await isBack(limiter)
  limiter.events.length = 0
  const linesBefore = limiter.log.lines.length
  redis.freeze()
  try {
    await takeMany(limiter, fixedWindow(10), newKey(), 5)
    // Goes on until a probe has failed as well: that is the same outage.
    await until(async () => (await limiter.take(fixedWindow(10), newKey())) && states(limiter).length >= 3)
  } finally {
    redis.resume()
  }
  await isBack(limiter)
  const lines = limiter.log.lines.slice(linesBefore)
  expect(lines.map(({ level }) => level)).toEqual(['warn', 'info'])
  expect(lines[0]?.fields.error).toContain('30 ms')
  expect(states(limiter)).toEqual(expect.arrayContaining(['open', 'half-open', 'closed']))
  expect(limiter.events).toContainEqual({ type: 'decided', source: 'local', allowed: true, asked: true })
  expect(limiter.events).toContainEqual({ type: 'decided', source: 'local', allowed: true, asked: false })
})

test('GW-45 the start of a process is no outage, and takes before there is a connection are answered', async () => {
  proxy.freeze()
  const { createRateLimiter } = await import('#src/index.ts')
  const lines: string[] = []
  const log = {
    info: (_: object, line: string) => lines.push(line),
    warn: (_: object, line: string) => lines.push(line),
  }
  const { take, ready, close } = createRateLimiter({ redisUrl: proxy.url, log })
  for (let time = 0; time < 10; time++) {
    expect(take(fixedWindow(20), 'key')).toMatchObject({ allowed: true, source: 'local' })
  }
  proxy.resume()
  await ready()
  expect(lines).toEqual([])
  await until(async () => (await take(fixedWindow(20), newKey())).source === 'shared')
  close()
})

test('GW-45 a Redis that refuses commands is an outage: the cause is told, and no take fails', async () => {
  const { Redis } = await import('ioredis')
  const administrator = new Redis(redis.url)
  const limiter = await instance()
  await isBack(limiter)
  await administrator.config('SET', 'maxmemory', '1')
  const decisions = await takeMany(limiter, fixedWindow(10), newKey(), 4)
  await administrator.config('SET', 'maxmemory', '0')
  administrator.disconnect()
  expect(decisions.map(({ source }) => source)).toEqual(['local', 'local', 'local', 'local'])
  expect(limiter.log.text()).toContain('OOM')
  await isBack(limiter)
})

test('GW-45 the log says why there is no connection, and no password', async () => {
  const { Redis } = await import('ioredis')
  const administrator = new Redis(redis.url)
  await administrator.config('SET', 'requirepass', 'right-one')
  const url = Object.assign(new URL(redis.url), { password: 'wrong-one' }).href
  const limiter = await instance({ redisUrl: url })
  await until(async () => (await limiter.take(fixedWindow(10), newKey())) && limiter.log.lines.length > 0)
  await administrator.config('SET', 'requirepass', '')
  administrator.disconnect()
  expect(limiter.log.text()).toContain('WRONGPASS')
  expect(limiter.log.text()).not.toContain('wrong-one')
})
