import { expect, test } from 'vitest'
import { type DestinationState, joinStates } from '#src/gateway-view/worker-figures.ts'

const state = (
  breaker: 'closed' | 'open' | 'half-open',
  passive: 'unknown' | 'unhealthy' = 'unknown',
): DestinationState => ({
  health: { active: 'healthy', passive },
  breaker: { state: breaker, remainingMilliseconds: Math.random() * 1000 },
  ejection: null,
})

test('GW-71 workers that agree on a destination are one, whatever their times', () => {
  const joined = joinStates([
    [1, state('open')],
    [2, state('open')],
  ])
  expect(joined).toMatchObject({ breaker: { state: 'open' }, byWorker: null })
})

test.each([
  ['a breaker', state('closed'), state('open')],
  ['health', state('closed'), state('closed', 'unhealthy')],
  [
    'an ejection',
    state('closed'),
    { ...state('closed'), ejection: { remainingMilliseconds: 5, ejections: 1 } },
  ],
])(
  'GW-71 workers that do not agree on %s are told by themselves, and the worst stands for all',
  (_what, good, bad) => {
    const joined = joinStates([
      [1, good],
      [2, bad],
      [3, good],
    ])
    expect(joined).toMatchObject(bad)
    expect(joined.byWorker).toEqual([
      { worker: 1, ...good },
      { worker: 2, ...bad },
      { worker: 3, ...good },
    ])
  },
)

test('GW-71 a destination that no worker knows is unknown', () => {
  expect(joinStates([])).toEqual({
    ...{ health: { active: 'unknown', passive: 'unknown' }, breaker: null, ejection: null },
    byWorker: null,
  })
})
