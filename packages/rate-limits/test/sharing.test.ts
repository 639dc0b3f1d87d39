import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createTestRedis, testRedisUrl } from '@alicerce/testing'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import {
  admitted,
  eachAlgorithm,
  fixedWindow,
  limiter,
  minute,
  newKey,
  slidingWindow,
  takeMany,
  tokenBucket,
} from './fixtures.ts'

const redisUrl = testRedisUrl()
const instances = 4

function administrator(url = redisUrl): Redis {
  const redis = new Redis(url)
  onTestFinished(() => redis.disconnect())
  return redis
}

for (const limit of eachAlgorithm(100)) {
  test(`GW-44 ${limit.algorithm}: instances that hammer together admit exactly the permits`, async () => {
    const limiters = await Promise.all(Array.from({ length: instances }, () => limiter({ redisUrl })))
    const key = newKey()
    const decisions = await Promise.all(
      limiters.flatMap(({ take }) => Array.from({ length: 60 }, () => take(limit, key))),
    )
    expect(decisions.every(({ source }) => source === 'shared')).toBe(true)
    expect(admitted(decisions)).toBe(100)
    const left = decisions.filter(({ allowed }) => allowed).map(({ remaining }) => remaining)
    expect(left.sort((one, other) => other - one)).toEqual(
      Array.from({ length: 100 }, (_, taken) => 99 - taken),
    )
  })

  test(`GW-44 ${limit.algorithm}: processes that hammer together admit exactly the permits`, async () => {
    const program = fileURLToPath(new URL('hammer-process.ts', import.meta.url))
    const takes = [redisUrl, JSON.stringify(limit), newKey(), '60']
    const outputs = await Promise.all(
      Array.from({ length: instances }, () => promisify(execFile)(process.execPath, [program, ...takes])),
    )
    expect(outputs.reduce((sum, { stdout }) => sum + Number(stdout), 0)).toBe(100)
  })

  test(`GW-44 ${limit.algorithm}: takes of different costs never sum up to more than the permits`, async () => {
    const limiters = await Promise.all([limiter({ redisUrl }), limiter({ redisUrl })])
    const key = newKey()
    let sum = 0
    const takes = limiters.flatMap(({ take }, index) =>
      Array.from({ length: 50 }, async (_, number) => {
        const cost = 1 + ((number + index) % 7)
        if ((await take(limit, key, cost)).allowed) sum += cost
      }),
    )
    await Promise.all(takes)
    expect(sum).toBeLessThanOrEqual(100)
    expect(sum).toBeGreaterThan(100 - 7)
  })

  test(`GW-44 ${limit.algorithm}: one key in Redis, and it vanishes`, async () => {
    const url = testRedisUrl()
    const { take } = await limiter({ redisUrl: url, namespace: 'gateway' })
    const decision = await take(limit, 'someone')
    const redis = administrator(url)
    const keys = await redis.keys('*')
    expect(keys).toEqual([expect.stringMatching(/^gateway:\{.*someone\}$/)])
    const lives = await redis.pttl(keys[0] as string)
    expect(lives).toBeGreaterThan(0)
    expect(lives).toBeLessThanOrEqual(decision.resetMilliseconds)
  })
}

for (const limit of [fixedWindow(3), slidingWindow(3), tokenBucket(3, minute, 3)]) {
  test(`GW-44 ${limit.algorithm}: the clocks of the instances change nothing, only that of Redis counts`, async () => {
    const hour = 3_600_000
    const offsets = [0, hour, -hour]
    const limiters = await Promise.all(
      offsets.map((offset) => limiter({ redisUrl, clock: { now: () => Date.now() + offset } })),
    )
    const key = newKey()
    const decisions = await Promise.all(limiters.map(({ take }) => take(limit, key)))
    expect(admitted(decisions)).toBe(3)
    for (const { take } of limiters) {
      const { allowed, resetMilliseconds } = await take(limit, key)
      expect(allowed).toBe(false)
      expect(resetMilliseconds).toBeLessThan(2 * minute)
    }
  })
}

test('GW-44 no client makes keys in Redis longer than they need be', async () => {
  const url = testRedisUrl()
  const { take } = await limiter({ redisUrl: url })
  await take(fixedWindow(1), 'x'.repeat(10_000))
  const [key] = await administrator(url).keys('*')
  expect(key?.length).toBeLessThan(200)
})

test('GW-44 namespaces are apart', async () => {
  const [one, other] = await Promise.all([
    limiter({ redisUrl, namespace: 'one' }),
    limiter({ redisUrl, namespace: 'other' }),
  ])
  const key = newKey()
  expect((await one.take(fixedWindow(1), key)).allowed).toBe(true)
  expect((await other.take(fixedWindow(1), key)).allowed).toBe(true)
})

test('GW-44 scripts that Redis has forgotten are sent again, and the take is counted once', async () => {
  const redis = administrator()
  const { take } = await limiter({ redisUrl })
  const key = newKey()
  await take(fixedWindow(10), key)
  await redis.script('FLUSH')
  expect(await take(fixedWindow(10), key)).toMatchObject({ source: 'shared', remaining: 8 })
})

test('GW-44 a restart of a Redis that keeps its data forgets nothing and gives nobody more', async () => {
  const redis = await createTestRedis({ persistent: true })
  onTestFinished(() => redis.stop())
  const before = await limiter({ redisUrl: redis.url })
  const limits = eachAlgorithm(10)
  const taken = await Promise.all(limits.map((limit) => takeMany(before, limit, 'key', 4)))
  expect(taken.map(admitted)).toEqual([4, 4, 4])
  before.close()
  await redis.restart()
  const after = await limiter({ redisUrl: redis.url })
  for (const [index, limit] of limits.entries()) {
    const decision = await after.take(limit, 'key')
    expect(decision).toMatchObject({ source: 'shared', remaining: 5 })
    if (limit.algorithm === 'fixed-window')
      expect(decision.resetMilliseconds).toBeLessThanOrEqual(taken[index]?.[0]?.resetMilliseconds ?? 0)
  }
})

test('GW-44 a flood of refused takes costs Redis nothing', async () => {
  const { take, events } = await limiter({ redisUrl })
  for (const limit of eachAlgorithm(2)) {
    const key = newKey()
    await take(limit, key, 2)
    const first = await take(limit, key)
    events.length = 0
    for (let time = 0; time < 10_000; time++) {
      const decision = take(limit, key)
      expect(decision).not.toBeInstanceOf(Promise)
      expect(decision).toMatchObject({ allowed: false, remaining: 0, source: 'shared' })
      expect((decision as typeof first).retryAfterMilliseconds).toBeLessThanOrEqual(
        first.retryAfterMilliseconds,
      )
    }
    expect(events).toContainEqual({ type: 'decided', source: 'shared', allowed: false, asked: false })
    expect(events).not.toContainEqual(expect.objectContaining({ asked: true }))
  }
})
