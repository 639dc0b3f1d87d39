import { expect, test } from 'vitest'
import { type ConcurrencyLimit, createConcurrencyLimiter } from '#src/index.ts'

const two: ConcurrencyLimit = { algorithm: 'concurrency', permits: 2 }

test('GW-43 no more are under way than there are permits, and nobody waits for one', () => {
  const { enter } = createConcurrencyLimiter()
  const first = enter(two, 'a')
  expect(first).toMatchObject({ allowed: true, remaining: 1, limit: two })
  expect(enter(two, 'a')).toMatchObject({ allowed: true, remaining: 0 })
  expect(enter(two, 'a')).toMatchObject({ allowed: false, remaining: 0 })
  expect(enter(two, 'b').allowed).toBe(true)
  first.release()
  expect(enter(two, 'a').allowed).toBe(true)
})

test('GW-43 a permit is given back once, however often that is said, and a refusal gives none back', () => {
  const { enter } = createConcurrencyLimiter()
  const first = enter(two, 'a')
  enter(two, 'a')
  enter(two, 'a').release()
  expect(enter(two, 'a').allowed).toBe(false)
  first.release()
  first.release()
  expect(enter(two, 'a').allowed).toBe(true)
  expect(enter(two, 'a').allowed).toBe(false)
})

test('GW-43 keys with nobody under way are not remembered', () => {
  const { enter, size } = createConcurrencyLimiter()
  for (let number = 0; number < 1000; number++) enter(two, `key-${number}`).release()
  expect(size()).toBe(0)
  enter(two, 'held')
  expect(size()).toBe(1)
})

test('GW-43 an impossible number of permits is refused, with a code', () => {
  const { enter } = createConcurrencyLimiter()
  expect(() => enter({ algorithm: 'concurrency', permits: 0 }, 'a')).toThrow(
    expect.objectContaining({ code: 'permits-invalid' }),
  )
})
