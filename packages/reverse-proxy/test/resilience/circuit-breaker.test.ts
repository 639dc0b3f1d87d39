import { expect, test } from 'vitest'
import { CircuitBreaker, type Outcome } from '#src/resilience/circuit-breaker.ts'
import { RetryBudget } from '#src/resilience/retry-budget.ts'

function make(part: object = {}) {
  let now = 1_000_000
  const configuration = {
    ...{ windowMilliseconds: 10_000, minimumRequests: 4, failureRatio: 0.5, statuses: new Set<number>() },
    ...{
      slowMilliseconds: 100,
      slowRatio: 0.75,
      openMilliseconds: 1000,
      longestOpenMilliseconds: 3000,
      probes: 2,
    },
    ...part,
  }
  const breaker = new CircuitBreaker(configuration, () => now)
  const pass = (milliseconds: number) => {
    now += milliseconds
  }
  const note = (...outcomes: (Outcome | undefined)[]) => {
    for (const outcome of outcomes) breaker.end(outcome, breaker.begin())
  }
  return { breaker, pass, note }
}

test('GW-32 opens when half of enough requests failed, and not before', () => {
  const { breaker, note } = make()
  note('failure', 'failure', 'failure')
  expect(breaker.state).toBe('closed')
  note('success')
  expect(breaker.state).toBe('closed')
  note('failure')
  expect([breaker.state, breaker.admits, breaker.remainingMilliseconds]).toEqual(['open', false, 1000])
})

test('GW-32 failures that are older than the window do not count', () => {
  const { breaker, note, pass } = make()
  note('failure', 'failure', 'failure')
  pass(10_001)
  note('failure')
  expect(breaker.state).toBe('closed')
})

test('GW-32 opens for slow answers by their own share', () => {
  const { breaker, note } = make()
  note('slow', 'slow', 'success', 'success')
  expect(breaker.state).toBe('closed')
  note('slow', 'slow', 'slow', 'slow')
  expect(breaker.state).toBe('open')
})

test('GW-32 what says nothing of the destination does not count', () => {
  const { breaker, note } = make()
  note(...new Array<undefined>(20).fill(undefined))
  expect(breaker.state).toBe('closed')
})

test('GW-32 lets a few probes through, and closes when all of them succeed', () => {
  const { breaker, note, pass } = make()
  note('failure', 'failure', 'failure', 'failure')
  pass(1000)
  const probes = [breaker.begin(), breaker.begin()]
  expect([probes, breaker.admits, breaker.state]).toEqual([[true, true], false, 'half-open'])
  breaker.end('success', true)
  expect([breaker.admits, breaker.state]).toEqual([false, 'half-open'])
  breaker.end('success', true)
  expect([breaker.admits, breaker.state]).toEqual([true, 'closed'])
})

test('GW-32 a probe whose client leaves makes room for another', () => {
  const { breaker, note, pass } = make()
  note('failure', 'failure', 'failure', 'failure')
  pass(1000)
  breaker.begin()
  breaker.begin()
  breaker.end(undefined, true)
  expect(breaker.admits).toBe(true)
})

test('GW-32 each failed probe doubles the time it stays open, up to its longest', () => {
  const { breaker, note, pass } = make()
  note('failure', 'failure', 'failure', 'failure')
  const open = [breaker.remainingMilliseconds]
  for (let round = 0; round < 3; round++) {
    pass(breaker.remainingMilliseconds)
    note('failure')
    open.push(breaker.remainingMilliseconds)
  }
  expect(open).toEqual([1000, 2000, 3000, 3000])
})

test('GW-32 what began before it opened decides nothing when it ends', () => {
  const { breaker, note, pass } = make()
  const early = breaker.begin()
  note('failure', 'failure', 'failure', 'failure')
  pass(1000)
  breaker.begin()
  breaker.end('success', early)
  expect(breaker.state).toBe('half-open')
})

test('GW-30 retries are a fifth of the requests of the last ten seconds, and three a second', () => {
  let now = 50_000
  const budget = new RetryBudget({ ratio: 0.2, minimumPerSecond: 3 }, () => now)
  const takeAll = () => {
    let taken = 0
    while (budget.take()) taken++
    return taken
  }
  for (let count = 0; count < 100; count++) budget.noteRequest()
  expect(takeAll()).toBe(50)
  expect(budget.take()).toBe(false)
  now += 10_000
  expect(takeAll()).toBe(30)
  now += 60_000
  expect(takeAll()).toBe(30)
})
