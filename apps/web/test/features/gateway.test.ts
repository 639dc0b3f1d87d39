import type { GatewayRoute } from '@alicerce/api-client'
import { expect, test } from 'vitest'
import { stateOf } from '#src/features/administration/gateway/destination-state.ts'
import { criterionText, wantedBy } from '#src/features/administration/gateway/route-words.ts'
import { createFormat } from '#src/lib/i18n/format.ts'

type Destination = Parameters<typeof stateOf>[1]

const well: Destination = { health: { active: 'unknown', passive: 'unknown' }, breaker: null, ejection: null }
const unwell: Destination = {
  health: { active: 'unhealthy', passive: 'unhealthy' },
  breaker: null,
  ejection: null,
}
const breaker = (state: 'open' | 'half-open' | 'closed', remainingMilliseconds = 0): Destination => ({
  ...{ ...well, breaker: { state, remainingMilliseconds } },
})
const clusterOf = (
  destinations: Destination[],
  availableDestinationsPolicy: 'HealthyOrPanic' | 'HealthyAndUnknown' = 'HealthyAndUnknown',
) => ({ availableDestinationsPolicy, destinations })

test.each([
  ['nothing known', well, { state: 'in', reasons: ['nothingKnown'] }],
  ['a closed breaker', breaker('closed'), { state: 'in', reasons: ['nothingKnown'] }],
  ['an open breaker', breaker('open', 4100), { state: 'out', reasons: [], openSeconds: 5 }],
  ['a breaker whose time is over', breaker('open'), { state: 'trying', reasons: ['breakerTrying'] }],
  ['a breaker on trial', breaker('half-open'), { state: 'trying', reasons: ['breakerTrying'] }],
  [
    'worse answers than its peers',
    { ...well, ejection: { remainingMilliseconds: 10, ejections: 1 } },
    { state: 'out', reasons: ['worseThanOthers'] },
  ],
  [
    'a time as an outlier behind it',
    { ...well, ejection: { remainingMilliseconds: 0, ejections: 1 } },
    { state: 'in', reasons: ['nothingKnown'] },
  ],
  ['failing probes and requests', unwell, { state: 'out', reasons: ['probesFail', 'requestsFail'] }],
  [
    'answered probes',
    { health: { active: 'healthy', passive: 'unknown' }, breaker: null, ejection: null } as const,
    { state: 'in', reasons: ['probesAnswer'] },
  ],
])('GW-71 a destination with %s', (_, destination, expected) => {
  expect(stateOf(clusterOf([destination, well]), destination)).toEqual({
    ...{ openSeconds: undefined, ...expected },
  })
})

test('GW-71 where all are unwell and the cluster asks them all the same, it is said so', () => {
  const panic = stateOf(clusterOf([unwell, unwell], 'HealthyOrPanic'), unwell)
  expect(panic).toMatchObject({ state: 'in', reasons: ['probesFail', 'requestsFail', 'panic'] })
  expect(stateOf(clusterOf([unwell, well], 'HealthyOrPanic'), unwell).state).toBe('out')
  expect(stateOf(clusterOf([unwell, unwell]), unwell).state).toBe('out')
})

const criterion = { name: 'x-version', isCaseSensitive: false }

test.each([
  [{ ...criterion, mode: 'exact', values: ['2', '3'] }, 'x-version = 2 | 3'],
  [{ ...criterion, mode: 'prefix', values: ['2'] }, 'x-version ^= 2'],
  [{ ...criterion, mode: 'not-contains', values: ['2'] }, 'x-version !*= 2'],
  [{ ...criterion, mode: 'exists', values: [] }, 'x-version'],
  [{ ...criterion, mode: 'not-exists', values: [] }, '!x-version'],
  [{ ...criterion, mode: 'exact', values: null }, 'x-version = (hidden)'],
] as const)('GW-71 a criterion is written as %j', (written, text) => {
  expect(criterionText({ ...written, values: written.values && [...written.values] }, 'hidden')).toBe(text)
})

test('GW-71 what a route wants is said of the route as it is, and of one that is gone nothing', () => {
  const route = {
    ...{ path: '/a/{id}', hosts: ['a.test', 'b.test'], methods: ['GET', 'HEAD'], queryParameters: [] },
    headers: [{ ...criterion, mode: 'exact', values: ['2'] }],
  } as unknown as GatewayRoute
  expect(wantedBy(route, 'path', '')).toBe('/a/{id}')
  expect(wantedBy(route, 'host', '')).toBe('a.test, b.test')
  expect(wantedBy(route, 'method', '')).toBe('GET, HEAD')
  expect(wantedBy(route, 'header', '')).toBe('x-version = 2')
  expect(wantedBy(undefined, 'path', '')).toBeUndefined()
})

test('chosen times and rates have few digits', () => {
  const { duration, rate, share } = createFormat('en')
  const times = [25, 1500, 30_000, 100_000, 300_000, 90_000, 1001].map(duration)
  expect(times).toEqual(['25 ms', '1.5 sec', '30 sec', '100 sec', '5 min', '1.5 min', '1,001 ms'])
  expect([0, 0.016, 1.234, 1234.5].map(rate)).toEqual(['0', '0.02', '1.23', '1,235'])
  expect(share(0.3)).toBe('30%')
})
