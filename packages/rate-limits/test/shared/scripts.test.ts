import { testRedisUrl } from '@alicerce/testing'
import fc from 'fast-check'
import { Redis } from 'ioredis'
import { afterAll, expect, test } from 'vitest'
import { type LimitState, takeFrom } from '#src/algorithm/algorithm.ts'
import { refillOf, segmentsOf } from '#src/check-rate-limit.ts'
import type { RateLimit } from '#src/index.ts'
import { scripts } from '#src/shared/scripts.ts'
import { type PlannedTake, plannedTakes, smallLimits } from '../algorithm/plans.ts'
import { fixedWindow, slidingWindow, tokenBucket } from '../fixtures.ts'

const redis = new Redis(testRedisUrl())
afterAll(() => redis.disconnect())

/** The script with a time that the test tells, and with keys that stay until they are deleted. */
const withVirtualTime = (script: string): string => {
  const changed = script
    .replace("redis.call('TIME')", '{math.floor(ARGV[5] / 1000), ARGV[5] % 1000 * 1000}')
    .replace(/'PX', .*\)$/m, "'PX', 3600000)")
  expect(changed).toContain('ARGV[5] % 1000')
  expect(changed).toContain("'PX', 3600000)")
  return changed
}

function ask(limit: RateLimit, key: string, cost: number, now: number): Promise<unknown> {
  const { algorithm, permits, windowMilliseconds } = limit
  const last = algorithm === 'token-bucket' ? refillOf(limit) : segmentsOf(limit)
  return redis.eval(withVirtualTime(scripts[algorithm]), 1, key, permits, windowMilliseconds, cost, last, now)
}

const start = Date.UTC(2030, 0, 1)

for (const [algorithm, limits] of Object.entries(smallLimits)) {
  test(`GW-44 ${algorithm}: the script answers as the counting in this process does`, async () => {
    const holds = async (limit: RateLimit, takes: PlannedTake[]) => {
      await redis.del('key')
      let now = start
      let state: LimitState | undefined
      for (const { pause, cost: wanted } of takes) {
        now += pause
        const cost = Math.min(wanted, limit.permits)
        const { state: next, outcome } = takeFrom(limit, state, cost, now)
        state = next
        const { allowed, remaining, retryAfterMilliseconds, resetMilliseconds } = outcome
        const expected = [allowed ? 1 : 0, remaining, retryAfterMilliseconds, resetMilliseconds]
        expect(await ask(limit, 'key', cost, now)).toEqual(expected)
      }
    }
    await fc.assert(fc.asyncProperty(limits, plannedTakes, holds), { numRuns: 100 })
  })
}

for (const limit of [
  fixedWindow(5),
  slidingWindow(5),
  tokenBucket(5, 60_000, 5),
  { ...tokenBucket(1e6), refillPermits: 1e6 },
  slidingWindow(1e9, 366 * 86_400_000, 100),
]) {
  test(`GW-44 ${limit.algorithm} of ${limit.permits}: if the clock of Redis goes back, nobody waits for longer than after a take of now`, async () => {
    await redis.del('key')
    await ask(limit, 'key', limit.permits, start)
    const earlier = start - 3_600_000
    const [allowed, , retryAfter] = (await ask(limit, 'key', 1, earlier)) as number[]
    expect(allowed).toBe(0)
    const [, , , longest] = (await ask(limit, 'other', limit.permits, earlier)) as number[]
    await redis.del('other')
    expect(retryAfter).toBeGreaterThan(0)
    expect(retryAfter).toBeLessThanOrEqual(longest as number)
    expect(((await ask(limit, 'key', 1, earlier + (retryAfter as number))) as number[])[0]).toBe(1)
  })
}
