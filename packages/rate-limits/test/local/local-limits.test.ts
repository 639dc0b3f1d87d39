import { fakeClock } from '@alicerce/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RateLimit } from '#src/index.ts'
import { createKnownLimits, placeOf } from '#src/known-limits.ts'
import { createLocalLimits } from '#src/local/local-limits.ts'
import { models } from '../algorithm/models.ts'
import { plannedTakes, smallLimits } from '../algorithm/plans.ts'
import { eachAlgorithm, fixedWindow, minute, tokenBucket } from '../fixtures.ts'

function localLimits({ maximumKeys = 1000, instances = 1, start = 1_000_000 } = {}) {
  const clock = fakeClock(start)
  const know = createKnownLimits(instances)
  const local = createLocalLimits({ clock, maximumKeys })
  return {
    clock,
    size: local.size,
    take(limit: RateLimit, key: string, cost = 1) {
      const known = know(limit)
      return local.take(known, placeOf(known, key), cost)
    },
  }
}

for (const [algorithm, limits] of Object.entries(smallLimits)) {
  test(`GW-45 ${algorithm}: what is forgotten changes no answer`, () => {
    fc.assert(
      fc.property(limits, plannedTakes, (limit, takes) => {
        const { clock, take } = localLimits()
        const model = models[limit.algorithm](limit)
        for (const [index, { pause, cost: wanted }] of takes.entries()) {
          clock.advance(pause)
          // Each new key has others looked at, and forgotten where they are void.
          take(limit, `other-${index}`)
          const cost = Math.min(wanted, limit.permits)
          expect(take(limit, 'key', cost).allowed).toBe(model(clock.now(), cost))
        }
      }),
      { numRuns: 500 },
    )
  })
}

test('GW-45 keys whose time is over make room, without any timer', () => {
  const { clock, take, size } = localLimits({ maximumKeys: 100_000 })
  for (let second = 0; second < 100; second++) {
    for (let number = 0; number < 100; number++) take(fixedWindow(5, 1000), `${second}-${number}`)
    clock.advance(1000)
  }
  expect(size()).toBeLessThan(500)
})

for (const limit of eachAlgorithm(5)) {
  test(`GW-45 ${limit.algorithm}: a flood of keys grows no memory, frees nobody who was refused, and gets a bounded number of permits`, () => {
    const { take, size } = localLimits({ maximumKeys: 1000 })
    take(limit, 'refused', 5)
    take(limit, 'halfway', 3)
    let admitted = 0
    for (let number = 0; number < 100_000; number++) {
      if (take(limit, `flood-${number}`).allowed) admitted++
    }
    expect(size()).toBeLessThanOrEqual(1000 + 256)
    expect(admitted).toBeLessThanOrEqual(1000 + 256 * 5)
    expect(take(limit, 'refused').allowed).toBe(false)
    expect(take(limit, 'halfway', 2).allowed).toBe(true)
    expect(take(limit, 'halfway').allowed).toBe(false)
  })
}

test('GW-45 after the flood new keys have counts of their own again', () => {
  const { clock, take, size } = localLimits({ maximumKeys: 100 })
  for (let number = 0; number < 10_000; number++) take(fixedWindow(5), `flood-${number}`)
  clock.advance(minute)
  for (let number = 0; number < 60; number++)
    expect(take(fixedWindow(5), `new-${number}`, 5).allowed).toBe(true)
  expect(size()).toBeLessThanOrEqual(100 + 256)
})

test('GW-45 what new keys shared is forgotten too, so that limits which come and go leave nothing behind', () => {
  const { clock, take, size } = localLimits({ maximumKeys: 100 })
  for (let round = 0; round < 20; round++) {
    for (let number = 0; number < 2000; number++) take(fixedWindow(5 + round), `flood-${number}`)
    clock.advance(minute)
  }
  expect(size()).toBeLessThanOrEqual(100 + 2 * 256)
})

test('GW-45 each instance admits its share, and one permit at least', () => {
  for (const limit of eachAlgorithm(10)) {
    for (const [instances, share] of [
      [1, 10],
      [3, 3],
      [10, 1],
      [50, 1],
    ] as const) {
      const { take } = localLimits({ instances })
      expect(take(limit, 'key').remaining).toBe(share - 1)
    }
  }
})

test('GW-45 buckets of all instances together refill at the rate of the limit', () => {
  const instances = 3
  const { clock, take } = localLimits({ instances })
  const limit = tokenBucket(10, 1000, 10)
  take(limit, 'key', 10)
  let admitted = 0
  for (let time = 0; time < 30_000; time += 10) {
    clock.advance(10)
    if (take(limit, 'key').allowed) admitted++
  }
  expect(admitted).toBe((30 * 10) / instances)
})
