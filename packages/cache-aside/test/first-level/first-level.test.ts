import { fakeClock } from '@alicerce/testing'
import { beforeEach, expect, test } from 'vitest'
import { createFirstLevel, type FirstLevel } from '#src/first-level/first-level.ts'

const clock = fakeClock()
let live: boolean
let level: FirstLevel<unknown>

const create = (options = {}) => createFirstLevel({ ...options, clock, live: () => live })
const found = (value: unknown, bytes = 10) => {
  return { entry: value, until: clock.now() + 60_000, bytes }
}
const put = (key: string, bytes?: number) => level.end(level.begin(key), found(key, bytes))
const held = (...keys: string[]) => keys.filter((key) => level.peek(key, clock.now()))

beforeEach(() => {
  live = true
  level = create()
})

test('CA-45 a change marks a read under way: what it brings is not kept', () => {
  const [one, other] = [level.begin('a'), level.begin('b')]
  level.changed('a')
  level.end(one, found(1))
  level.end(other, found(2))
  expect(held('a', 'b')).toEqual(['b'])
  put('a')
  expect(held('a')).toEqual(['a'])
})

test('CA-45 a change marks every read of its key that is under way, and none that begins after it', () => {
  const before = [level.begin('a'), level.begin('a')]
  level.changed('a')
  const after = level.begin('a')
  for (const placeholder of before) level.end(placeholder, found('old'))
  level.end(after, found('new'))
  expect(level.peek('a', clock.now())).toBe('new')
})

test('CA-45 nothing crosses an epoch', () => {
  put('a')
  const placeholder = level.begin('b')
  level.reset()
  level.end(placeholder, found(1))
  expect(held('a', 'b')).toEqual([])
})

test.each([
  ['a reset', () => level.reset()],
  ['a change', () => level.changed('a')],
])(
  'CA-45 a read from before %s does not stop a later one of its key from hearing of changes',
  (_what, happens) => {
    const before = level.begin('a')
    happens()
    const after = level.begin('a')
    level.end(before, found('old'))
    level.changed('a')
    level.end(after, found('overtaken'))
    expect(held('a')).toEqual([])
  },
)

test('CA-46 while the watch is dead nothing is kept and nothing is answered', () => {
  put('a')
  live = false
  expect(held('a')).toEqual([])
  put('b')
  live = true
  expect(held('b')).toEqual([])
})

test('CA-02 an entry lives no longer than the store says, nor than the limit of this level', () => {
  level = create({ ttl: 1000 })
  level.end(level.begin('short'), { ...found(1), until: clock.now() + 500 })
  put('long')
  clock.advance(500)
  expect(held('short', 'long')).toEqual(['long'])
  clock.advance(500)
  expect(held('long')).toEqual([])
})

test('CA-45 entries and bytes are bounded, and what is in use outlives what was seen once', () => {
  level = create({ maximumEntries: 3 })
  put('used')
  expect(held('used')).toEqual(['used'])
  for (const key of ['a', 'b', 'c', 'd']) put(key)
  expect(held('used', 'a', 'b', 'c', 'd')).toEqual(['used', 'c', 'd'])

  level = create({ maximumBytes: 100 })
  put('a', 39)
  put('b', 39)
  put('c', 39)
  expect(held('a', 'b', 'c')).toEqual(['b', 'c'])
  level.changed('b')
  put('d', 39)
  expect(held('c', 'd')).toEqual(['c', 'd'])
})

test('CA-45 an entry larger than the whole level pushes nothing out', () => {
  level = create({ maximumBytes: 100 })
  put('a')
  put('huge', 1000)
  expect(held('a', 'huge')).toEqual(['a'])
})
