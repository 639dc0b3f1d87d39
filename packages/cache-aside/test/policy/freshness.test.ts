import { describe, expect, test } from 'vitest'
import { answeredUntil, freshnessOf, isFailSafe } from '#src/policy/freshness.ts'
import { freshFor, keptFor, policyOf } from '#src/policy/policy.ts'

/** Numbers from 0 to below 1, the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const draws = 20_000
const value = { any: 'thing' }
const now = 1_900_000_000_000

describe('CA-18 early refresh', () => {
  /** How often a value is due that is fresh for so long. */
  function share(left: number, earlyRefresh: number, loadMilliseconds = 100): number {
    const policy = policyOf('thing', { ttl: 60_000, earlyRefresh })
    const random = seeded(18)
    let due = 0
    for (let draw = 0; draw < draws; draw++) {
      if (freshnessOf({ value, freshUntil: now + left, loadMilliseconds }, policy, now, random) === 'due')
        due++
    }
    return due / draws
  }

  test.each([
    [50, 1],
    [100, 1],
    [300, 1],
    [300, 2],
    [300, 3],
  ])(
    'a value that took 100 ms to load and is fresh for %i ms is due with the chance of XFetch (β = %i)',
    (left, beta) => {
      expect(Math.abs(share(left, beta) - Math.exp(-left / (100 * beta)))).toBeLessThan(0.01)
    },
  )

  test('long before its end, or where a load takes no time, or with β = 0 it never is', () => {
    expect([share(60_000, 1), share(1, 1, 0), share(1, 0)]).toEqual([0, 0, 0])
  })

  test('the smallest number that a generator gives finds it due in time, not for ever', () => {
    const policy = policyOf('thing', { ttl: 60_000 })
    const freshness = (left: number) =>
      freshnessOf({ value, freshUntil: now + left, loadMilliseconds: 100 }, policy, now, () => 0)
    expect([freshness(3000), freshness(4000)]).toEqual(['due', 'fresh'])
  })
})

test('CA-19 of ten thousand values written together no second ends more than its share', () => {
  const policy = policyOf('thing', { ttl: 600_000 })
  const random = seeded(19)
  const ends = Array.from({ length: 10_000 }, () => freshFor(policy, value, random()))
  expect(Math.min(...ends)).toBeGreaterThanOrEqual(540_000)
  expect(Math.max(...ends)).toBeLessThan(660_000)
  const seconds = Object.values(Object.groupBy(ends, (end) => Math.floor(end / 1000)))
  expect(Math.max(...seconds.map((second) => second?.length ?? 0))).toBeLessThan(150) // 83 is the mean
})

test('CA-16 CA-17 a value past its time is due, then expired, then nothing to fall back on', () => {
  const policy = policyOf('thing', { ttl: 1000, staleWhileRevalidate: 10_000, failSafe: 60_000 })
  const aged = (age: number) => ({ value, freshUntil: now - age, loadMilliseconds: 1 })
  const freshness = (age: number) => freshnessOf(aged(age), policy, now, () => 0.5)
  expect([freshness(0), freshness(9999), freshness(10_000)]).toEqual(['due', 'due', 'expired'])
  expect([isFailSafe(aged(59_999), policy, now), isFailSafe(aged(60_000), policy, now)]).toEqual([
    true,
    false,
  ])
  expect([keptFor(policy, value), answeredUntil(aged(0), policy) - now]).toEqual([60_000, 10_000])
})

test('CA-05 CA-16 that there was nothing is not kept for trouble', () => {
  const policy = policyOf('thing', { ttl: 1000, staleWhileRevalidate: 10_000, failSafe: 60_000 })
  const nothing = { value: undefined, freshUntil: now, loadMilliseconds: 1 }
  expect(keptFor(policy, undefined)).toBe(0)
  expect(isFailSafe(nothing, policy, now)).toBe(false)
  expect(freshnessOf(nothing, policy, now, () => 0.5)).toBe('expired')
})

test.each([
  ['ttl', 0],
  ['negativeTtl', Number.NaN],
  ['loadTimeout', 0],
  ['softLoadTimeout', -1],
  ['staleWhileRevalidate', -1],
  ['failSafe', Number.POSITIVE_INFINITY],
  ['earlyRefresh', -1],
  ['jitter', 1],
])('CA-25 %s = %d is refused at definition', (option, wrong) => {
  expect(() => policyOf('thing', { ttl: 1000, [option]: wrong })).toThrow(`"${option}"`)
})
