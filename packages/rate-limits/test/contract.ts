import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { DecisionSource } from '#src/index.ts'
import {
  admitted,
  eachAlgorithm,
  fixedWindow,
  newKey,
  slidingWindow,
  type TestLimiter,
  takeMany,
  tokenBucket,
} from './fixtures.ts'

/** What holds whoever counts: call it in a Vitest file, and it adds the tests. It runs in real time. */
export function rateLimiterContract(
  name: string,
  source: DecisionSource,
  create: () => Promise<TestLimiter>,
): void {
  describe(`the contract of limiters: ${name}`, () => {
    for (const limit of eachAlgorithm(5)) {
      test(`GW-43 ${limit.algorithm}: admits exactly the permits, and says what is left and when to come back`, async () => {
        const { take } = await create()
        const key = newKey()
        for (let left = 4; left >= 0; left--) {
          const decision = await take(limit, key)
          expect(decision).toMatchObject({ allowed: true, limit, remaining: left, source })
          expect(decision.retryAfterMilliseconds).toBe(0)
          expect(decision.resetMilliseconds).toBeGreaterThan(0)
        }
        const refused = await take(limit, key)
        expect(refused).toMatchObject({ allowed: false, limit, remaining: 0, source })
        expect(refused.retryAfterMilliseconds).toBeGreaterThan(0)
        expect(refused.resetMilliseconds).toBeGreaterThanOrEqual(refused.retryAfterMilliseconds)
      })

      test(`GW-43 ${limit.algorithm}: keys are apart, however long they are`, async () => {
        const { take } = await create()
        const long = newKey() + 'x'.repeat(10_000)
        for (const key of [newKey(), newKey(), '', '} {', `${long}1`, `${long}2`]) {
          expect((await take(limit, key, 5)).allowed, key).toBe(true)
          expect((await take(limit, key)).allowed, key).toBe(false)
        }
      })

      test(`GW-43 ${limit.algorithm}: limits are apart, and a changed one begins anew`, async () => {
        const { take } = await create()
        const key = newKey()
        for (const each of [...eachAlgorithm(6), ...eachAlgorithm(7), { ...limit, permits: 8 }]) {
          expect((await take(each, key)).remaining).toBe(each.permits - 1)
        }
      })

      test(`GW-43 ${limit.algorithm}: a take of several permits is admitted as a whole or costs nothing`, async () => {
        const { take } = await create()
        const key = newKey()
        expect(await take(limit, key, 3)).toMatchObject({ allowed: true, remaining: 2 })
        expect(await take(limit, key, 3)).toMatchObject({ allowed: false, remaining: 2 })
        expect(await take(limit, key, 2)).toMatchObject({ allowed: true, remaining: 0 })
      })
    }

    for (const limit of [fixedWindow(2, 300), slidingWindow(2, 300, 3), tokenBucket(2, 300, 2)]) {
      test(`GW-43 ${limit.algorithm}: who comes back when he was told to is admitted`, async () => {
        const limiter = await create()
        const key = newKey()
        const first = await takeMany(limiter, limit, key, 2)
        expect(admitted(first)).toBe(2)
        // Where this machine was busy for longer than the window, nothing is refused: then it is tried again.
        let refused = await limiter.take(limit, key)
        while (refused.allowed) refused = await limiter.take(limit, key)
        // Node's timers may come a millisecond early.
        await sleep(refused.retryAfterMilliseconds + 2)
        expect((await limiter.take(limit, key)).allowed).toBe(true)
      })
    }

    test('GW-43 an impossible limit or cost is refused at once, with a code', async () => {
      const { take } = await create()
      expect(() => take(fixedWindow(0), 'a')).toThrow(expect.objectContaining({ code: 'permits-invalid' }))
      expect(() => take(fixedWindow(1, 0), 'a')).toThrow(expect.objectContaining({ code: 'window-invalid' }))
      expect(() => take(fixedWindow(1), 'a', 0)).toThrow(expect.objectContaining({ code: 'cost-invalid' }))
      expect(() => take(fixedWindow(1), 'a', 2)).toThrow(
        expect.objectContaining({ code: 'cost-exceeds-permits' }),
      )
    })
  })
}
