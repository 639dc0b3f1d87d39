import { fakeClock } from '@alicerce/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type LimitState, takeFrom } from '#src/algorithm/algorithm.ts'
import type { Outcome } from '#src/index.ts'
import { createRefusals } from '#src/shared/refusals.ts'
import { plannedTakes, smallLimits } from '../algorithm/plans.ts'

const refusal = (retryAfterMilliseconds: number): Outcome => ({
  allowed: false,
  remaining: 0,
  retryAfterMilliseconds,
  resetMilliseconds: 2 * retryAfterMilliseconds,
})

test('GW-44 a refusal is answered until it holds no more, with the time that is left of it', () => {
  const clock = fakeClock()
  const refusals = createRefusals({ clock, maximumKeys: 10 })
  refusals.keep('a', 1, refusal(100), clock.now())
  clock.advance(60)
  expect(refusals.find('a', 1)).toEqual({ ...refusal(40), resetMilliseconds: 140 })
  clock.advance(40)
  expect(refusals.find('a', 1)).toBeUndefined()
})

test('GW-44 it is counted from the asking: a slow answer does not lengthen it', () => {
  const clock = fakeClock()
  const refusals = createRefusals({ clock, maximumKeys: 10 })
  const askedAt = clock.now()
  clock.advance(80)
  refusals.keep('a', 1, refusal(100), askedAt)
  expect(refusals.find('a', 1)?.retryAfterMilliseconds).toBe(20)
  clock.advance(20)
  expect(refusals.find('a', 1)).toBeUndefined()
})

test('GW-44 a take that costs less than the refused one is asked for', () => {
  const clock = fakeClock()
  const refusals = createRefusals({ clock, maximumKeys: 10 })
  refusals.keep('a', 3, refusal(100), clock.now())
  expect(refusals.find('a', 2)).toBeUndefined()
  expect(refusals.find('a', 3)).toBeDefined()
  expect(refusals.find('a', 4)).toBeDefined()
})

test('GW-44 no more refusals are remembered than may be: the oldest is asked for again', () => {
  const clock = fakeClock()
  const refusals = createRefusals({ clock, maximumKeys: 2 })
  for (const key of ['a', 'b', 'c']) refusals.keep(key, 1, refusal(100), clock.now())
  expect(refusals.find('a', 1)).toBeUndefined()
  expect(refusals.find('b', 1)).toBeDefined()
  expect(refusals.find('c', 1)).toBeDefined()
})

for (const [algorithm, limits] of Object.entries(smallLimits)) {
  test(`GW-44 ${algorithm}: nothing is refused here that would have been admitted there, whatever other instances take`, () => {
    fc.assert(
      fc.property(limits, plannedTakes, fc.infiniteStream(fc.boolean()), (limit, takes, isOurs) => {
        const clock = fakeClock(1_000_000)
        const refusals = createRefusals({ clock, maximumKeys: 10 })
        let state: LimitState | undefined
        for (const { pause, cost: wanted } of takes) {
          clock.advance(pause)
          const cost = Math.min(wanted, limit.permits)
          const there = takeFrom(limit, state, cost, clock.now())
          const ours = isOurs.next().value
          if (ours && refusals.find('key', cost)) {
            expect(there.outcome.allowed).toBe(false)
            continue
          }
          state = there.state
          if (ours && !there.outcome.allowed) refusals.keep('key', cost, there.outcome, clock.now())
        }
      }),
      { numRuns: 1000 },
    )
  })
}
