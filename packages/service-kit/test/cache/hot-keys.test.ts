import { expect, test } from 'vitest'
import { createHotKeys } from '#src/cache/hot-keys.ts'

test('the key that is read most is found among thousands that are read once, and its count is not too low', () => {
  const hotKeys = createHotKeys(() => 0)
  for (let read = 0; read < 10_000; read++) hotKeys.read(read % 20 === 0 ? 'hot' : `cold-${read}`)
  const [first] = hotKeys.hottest()
  expect(first?.key).toBe('hot')
  expect(first?.reads).toBeGreaterThanOrEqual(500)
  expect(hotKeys.hottest().length).toBeLessThanOrEqual(128)
})

test('what is not read any more is forgotten after two minutes at most', () => {
  const clock = { now: 0 }
  const hotKeys = createHotKeys(() => clock.now)
  hotKeys.read('once')
  clock.now = 61_000
  expect(hotKeys.hottest()).toEqual([{ key: 'once', reads: 1 }])
  clock.now = 122_000
  expect(hotKeys.hottest()).toEqual([])
  hotKeys.read('again')
  clock.now = 1_000_000
  expect(hotKeys.hottest()).toEqual([])
})
