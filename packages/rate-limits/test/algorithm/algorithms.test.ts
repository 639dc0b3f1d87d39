import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type LimitState, takeFrom } from '#src/algorithm/algorithm.ts'
import type { RateLimit } from '#src/index.ts'
import { models } from './models.ts'
import { type PlannedTake, plannedTakes, smallLimits } from './plans.ts'

const start = 1_000_000

/** Takes as planned, one after the other, and looks at each answer. */
function replay(
  limit: RateLimit,
  takes: PlannedTake[],
  look: (step: {
    before: LimitState | undefined
    after: LimitState
    outcome: ReturnType<typeof takeFrom>['outcome']
    cost: number
    now: number
  }) => void,
): void {
  let now = start
  let before: LimitState | undefined
  for (const { pause, cost: wanted } of takes) {
    now += pause
    const cost = Math.min(wanted, limit.permits)
    const { state: after, outcome } = takeFrom(limit, before, cost, now)
    look({ before, after, outcome, cost, now })
    before = after
  }
}

for (const [algorithm, limits] of Object.entries(smallLimits)) {
  const property = (holds: (limit: RateLimit, takes: PlannedTake[]) => void) =>
    fc.assert(fc.property(limits, plannedTakes, holds), { numRuns: 1000 })

  test(`GW-43 ${algorithm}: admits and refuses as the simple model does`, () => {
    property((limit, takes) => {
      const model = models[limit.algorithm](limit)
      replay(limit, takes, ({ outcome, cost, now }) => {
        expect(outcome.allowed).toBe(model(now, cost))
      })
    })
  })

  test(`GW-43 ${algorithm}: a refusal says to the millisecond how long it holds, and costs nothing`, () => {
    property((limit, takes) => {
      replay(limit, takes, ({ before, after, outcome, cost, now }) => {
        if (outcome.allowed) return expect(outcome.retryAfterMilliseconds).toBe(0)
        const again = now + outcome.retryAfterMilliseconds
        for (const state of [before, after]) {
          expect(takeFrom(limit, state, cost, again - 1).outcome.allowed).toBe(false)
          expect(takeFrom(limit, state, cost, again).outcome.allowed).toBe(true)
        }
      })
    })
  })

  test(`GW-43 ${algorithm}: what is left can be taken, and no more`, () => {
    property((limit, takes) => {
      replay(limit, takes, ({ after, outcome: { remaining }, now }) => {
        expect(remaining).toBeGreaterThanOrEqual(0)
        if (remaining > 0) expect(takeFrom(limit, after, remaining, now).outcome.allowed).toBe(true)
        expect(takeFrom(limit, after, remaining + 1, now).outcome.allowed).toBe(false)
      })
    })
  })

  test(`GW-45 ${algorithm}: after its reset a count says no more than none, so it may be forgotten`, () => {
    property((limit, takes) => {
      replay(limit, takes, ({ after, outcome, now }) => {
        const then = now + outcome.resetMilliseconds
        const [kept, forgotten] = [takeFrom(limit, after, 1, then), takeFrom(limit, undefined, 1, then)]
        expect(kept.outcome).toEqual(forgotten.outcome)
      })
    })
  })
}

test('GW-43 sliding-window: no span of the length of the window holds more than the permits', () => {
  fc.assert(
    fc.property(smallLimits['sliding-window'], plannedTakes, (limit, takes) => {
      const taken: { at: number; cost: number }[] = []
      replay(limit, takes, ({ outcome, cost, now }) => {
        if (outcome.allowed) taken.push({ at: now, cost })
        const inSpan = taken.filter(({ at }) => at > now - limit.windowMilliseconds)
        expect(inSpan.reduce((sum, each) => sum + each.cost, 0)).toBeLessThanOrEqual(limit.permits)
      })
    }),
    { numRuns: 1000 },
  )
})
