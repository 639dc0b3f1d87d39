import { expect, test } from 'vitest'
import { createReserves } from '../src/shared/reserves.ts'

const limit = { algorithm: 'fixed-window', permits: 10_000, windowMilliseconds: 60_000 } as const
const known = { limit, shape: 's', share: limit }

function make({ instances = 1, admits = 1_000_000 } = {}) {
  let now = 1000
  const fetched: number[] = []
  const reserves = createReserves({
    ...{ clock: { now: () => now }, maximumKeys: 100, instances },
    async fetch(_known, _place, permits) {
      if (permits > admits)
        return { allowed: false, remaining: admits, retryAfterMilliseconds: 1, resetMilliseconds: 1 }
      fetched.push(permits)
      return { allowed: true, remaining: 5000, retryAfterMilliseconds: 0, resetMilliseconds: 1000 }
    },
  })
  /** So many takes in so long, evenly; gives how many the reserve answered. */
  async function takes(count: number, milliseconds: number, place = 'p'): Promise<number> {
    let answered = 0
    for (let index = 0; index < count; index++) {
      now += milliseconds / count
      if (reserves.take(known, place, 1)) answered++
      await undefined
      await undefined
    }
    return answered
  }
  return { reserves, takes, fetched, pass: (milliseconds: number) => (now += milliseconds) }
}

test('GW-44 a key that is asked for all the time is answered from permits that were taken ahead', async () => {
  const { takes, fetched } = make()
  expect(await takes(30, 100)).toBe(0)
  expect(await takes(1000, 1000)).toBeGreaterThan(800)
  expect(fetched.length).toBeLessThan(60)
})

test('GW-44 of a key that is asked for seldom nothing is taken ahead', async () => {
  const { takes, fetched } = make()
  await takes(190, 2000)
  expect(fetched).toEqual([])
})

test('GW-44 what is taken ahead is at most a hundredth of the limit, over all instances', async () => {
  const { takes, fetched } = make({ instances: 4 })
  await takes(5000, 1000)
  expect(Math.max(...fetched)).toBe(25)
})

test('GW-44 what is answered was taken before, permit for permit', async () => {
  const { takes, fetched } = make()
  const answered = await takes(20_000, 5000)
  expect(answered).toBeLessThanOrEqual(fetched.reduce((sum, permits) => sum + permits, 0))
})

test('GW-44 permits that nobody used in time are given up', async () => {
  const { takes, reserves, fetched, pass } = make()
  await takes(1000, 1000)
  expect(fetched.length).toBeGreaterThan(0)
  pass(301)
  expect(reserves.take(known, 'p', 1)).toBeUndefined()
})

test('GW-44 where so many are refused they are asked for one by one again, and not fetched over and over', async () => {
  const { takes, fetched } = make({ admits: 3 })
  expect(await takes(1000, 1000)).toBe(0)
  expect(fetched).toEqual([])
})

test('GW-45 the memory of keys is bounded', async () => {
  const { takes } = make()
  for (let key = 0; key < 1000; key++) await takes(1, 1, `p${key}`)
  expect(await takes(50, 100, 'hot')).toBe(0)
  expect(await takes(300, 300, 'hot')).toBeGreaterThan(0)
})
