import { expect, test } from 'vitest'
import { RecentExchanges, summarize } from '#src/index.ts'

test('GW-71 rates and percentiles are those of the last minute, within a tenth', () => {
  const recent = new RecentExchanges(0)
  for (let number = 0; number < 6000; number++) recent.add(number % 10 === 0, (number % 100) + 1, number * 10)
  const { requestsPerSecond, failuresPerSecond, p50, p95 } = recent.read(60_000 - 1)
  expect(requestsPerSecond).toBeCloseTo(100, 0)
  expect(failuresPerSecond).toBeCloseTo(10, 0)
  expect(p50).toBeGreaterThan(45)
  expect(p50).toBeLessThan(55)
  expect(p95).toBeGreaterThan(85)
  expect(p95).toBeLessThan(105)
})

test('GW-71 what is older than a minute is forgotten, also after a pause of any length', () => {
  const recent = new RecentExchanges(0)
  recent.add(true, 5, 100)
  expect(recent.read(59_000).requestsPerSecond).toBeGreaterThan(0)
  for (const later of [61_000, 1e9, 1e12]) {
    expect(recent.read(later)).toEqual({
      ...{ requestsPerSecond: 0, failuresPerSecond: 0, p50: undefined, p95: undefined },
    })
    recent.add(false, 1, later)
    expect(recent.read(later).requestsPerSecond).toBeGreaterThan(0)
  }
})

test('GW-71 a request in the first moment is no thousand a second, and odd durations break nothing', () => {
  const recent = new RecentExchanges(1_000_000)
  for (const odd of [0, -1, Number.NaN, 1e9, Number.POSITIVE_INFINITY]) recent.add(false, odd, 1_000_000)
  const { requestsPerSecond, p50, p95 } = recent.read(1_000_000)
  expect(requestsPerSecond).toBe(1)
  expect(p50).toBeLessThan(1)
  expect(p95).toBeGreaterThan(60_000)
})

test('GW-71 what several have counted is added up: rates, and percentiles of all', () => {
  const [fast, slow] = [new RecentExchanges(0), new RecentExchanges(0)]
  for (let number = 0; number < 900; number++) fast.add(false, 10, 30_000)
  for (let number = 0; number < 100; number++) slow.add(true, 1000, 30_000)
  const all = summarize([fast.counts(50_000), slow.counts(50_000), new RecentExchanges(0).counts(50_000)])
  expect(all.requestsPerSecond).toBeCloseTo(20)
  expect(all.failuresPerSecond).toBeCloseTo(2)
  expect(all.p50).toBe(fast.read(50_000).p50)
  expect(all.p95).toBe(slow.read(50_000).p95)
  expect(summarize([])).toEqual({
    ...{ requestsPerSecond: 0, failuresPerSecond: 0, p50: undefined, p95: undefined },
  })
})
