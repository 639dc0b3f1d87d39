import { fakeClock } from '@alicerce/testing'
import { expect, test } from 'vitest'
import { type Breaker, createBreaker } from '#src/store/breaker.ts'

function tell(breaker: Breaker, outcomes: string): void {
  for (const outcome of outcomes) {
    const passage = breaker.enter()
    if (outcome === '+') passage?.succeeded()
    else passage?.failed()
  }
}

test('CA-51 opens on a ratio of failures, not on a few errors among successes', () => {
  const breaker = createBreaker(fakeClock())
  tell(breaker, '++-++-+++-++++-+++-++')
  expect(breaker.enter()).toBeDefined()
  tell(breaker, '--------')
  expect(breaker.enter()).toBeUndefined()
})

test('CA-51 fewer than five outcomes open nothing', () => {
  const breaker = createBreaker(fakeClock())
  tell(breaker, '----')
  expect(breaker.enter()).toBeDefined()
})

test('CA-51 half open lets a single probe pass, and its outcome decides', () => {
  const clock = fakeClock()
  const breaker = createBreaker(clock)
  tell(breaker, '-----')
  expect(breaker.enter()).toBeUndefined()
  clock.advance(1000)
  const probe = breaker.enter()
  expect(probe).toBeDefined()
  expect(breaker.enter()).toBeUndefined()
  probe?.failed()
  expect(breaker.enter()).toBeUndefined()
  clock.advance(1000)
  breaker.enter()?.succeeded()
  expect(breaker.enter()).toBeDefined()
})

test('CA-51 what was under way when it opened decides nothing', () => {
  const breaker = createBreaker(fakeClock())
  const late = breaker.enter()
  tell(breaker, '-----')
  late?.succeeded()
  expect(breaker.enter()).toBeUndefined()
})
