import { expect, test } from 'vitest'
import { nextKeyDue, statesOf } from '#src/keys/key-schedule.ts'

const ages = { announced: 10, active: 100, retired: 20 }
const key = (kid: string, seconds: number) => ({ kid, activeFrom: new Date(seconds * 1000) })
const states = (now: number, ...keys: ReturnType<typeof key>[]) =>
  Object.fromEntries(statesOf(keys, ages, now * 1000).map(({ kid, state }) => [kid, state]))

test('AS-40 a key is published before it signs, signs, and is published after', () => {
  const keys = [key('b', 100), key('a', 0)]
  expect(states(95, ...keys)).toEqual({ a: 'active', b: 'next' })
  expect(states(100, ...keys)).toEqual({ a: 'retired', b: 'active' })
  expect(statesOf(keys, ages, 100_000)[0]?.removedAt).toEqual(new Date(120_000))
})

test('the next key is announced so early that it can be published long enough', () => {
  expect(nextKeyDue([], ages, 5000)).toEqual(new Date(5000))
  expect(nextKeyDue([key('a', 0)], ages, 89_999)).toBeUndefined()
  expect(nextKeyDue([key('a', 0)], ages, 90_000)).toEqual(new Date(100_000))
  expect(nextKeyDue([key('a', 0), key('b', 100)], ages, 95_000)).toBeUndefined()
})

test('AS-40 after a long stop the next key is still announced first, and the old one signs meanwhile', () => {
  expect(nextKeyDue([key('a', 0)], ages, 500_000)).toEqual(new Date(510_000))
  expect(states(500, key('a', 0), key('b', 510))).toEqual({ a: 'active', b: 'next' })
})
