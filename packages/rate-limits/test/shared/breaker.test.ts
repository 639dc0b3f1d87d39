import { fakeClock } from '@alicerce/testing'
import { expect, test } from 'vitest'
import { type Breaker, type BreakerState, createBreaker } from '#src/shared/breaker.ts'

function breakerUnderTest(random = 0.5) {
  const clock = fakeClock()
  const states: BreakerState[] = []
  const causes: unknown[] = []
  const breaker = createBreaker({
    clock,
    random: () => random,
    changed(state, cause) {
      states.push(state)
      if (cause) causes.push(cause)
    },
  })
  return { breaker, clock, states, causes }
}

function tell(breaker: Breaker, outcomes: string): void {
  for (const outcome of outcomes) {
    const passage = breaker.enter()
    if (outcome === '+') passage?.succeeded()
    else passage?.failed(new Error('slow'))
  }
}

test('GW-45 opens after three failures in a row, and a success in between begins the row anew', () => {
  const { breaker, states, causes } = breakerUnderTest()
  tell(breaker, '--+--+-+--')
  expect(breaker.enter()).toBeDefined()
  expect(states).toEqual([])
  tell(breaker, '-')
  expect(breaker.enter()).toBeUndefined()
  expect(states).toEqual(['open'])
  expect(String(causes[0])).toContain('slow')
})

test('GW-45 half open lets one probe pass at a time, and its outcome decides', () => {
  const { breaker, clock, states } = breakerUnderTest()
  tell(breaker, '---')
  clock.advance(999)
  expect(breaker.enter()).toBeUndefined()
  clock.advance(1)
  const probe = breaker.enter()
  expect(probe).toBeDefined()
  expect(breaker.enter()).toBeUndefined()
  probe?.failed(new Error('still'))
  expect(breaker.enter()).toBeUndefined()
  clock.advance(1000)
  breaker.enter()?.succeeded()
  expect(breaker.enter()).toBeDefined()
  expect(states).toEqual(['open', 'half-open', 'open', 'half-open', 'closed'])
})

test('GW-45 what was under way when it opened decides nothing', () => {
  const { breaker, clock, states } = breakerUnderTest()
  const late = breaker.enter()
  tell(breaker, '---')
  late?.succeeded()
  expect(breaker.enter()).toBeUndefined()
  clock.advance(1000)
  breaker.enter()
  late?.succeeded()
  for (let time = 0; time < 3; time++) late?.failed(new Error('late'))
  expect(breaker.enter()).toBeUndefined()
  expect(states).toEqual(['open', 'half-open'])
})

test('GW-45 the instances do not all come back in one moment', () => {
  for (const [random, opensFor] of [
    [0, 750],
    [0.999, 1249.5],
  ] as const) {
    const { breaker, clock } = breakerUnderTest(random)
    tell(breaker, '---')
    clock.advance(opensFor - 1)
    expect(breaker.enter()).toBeUndefined()
    clock.advance(1)
    expect(breaker.enter()).toBeDefined()
  }
})
