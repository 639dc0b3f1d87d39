import { fakeClock } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { OutlierEjection, OutlierRecord } from '#src/resilience/outlier-ejection.ts'
import type { OutlierConfiguration } from '#src/resilience/resilience-configuration.ts'
import { closeAll, startProxy, startUpstream } from '../fixtures.ts'

afterEach(closeAll)

const usual: OutlierConfiguration = {
  ...{ consecutiveFailures: 5, consecutiveGatewayFailures: Number.POSITIVE_INFINITY },
  ...{ intervalMilliseconds: 10_000, minimumDestinations: 5, minimumRequests: 100, deviations: 1.9 },
  ...{ ejectMilliseconds: 30_000, longestEjectMilliseconds: 100_000, mostEjected: 0.5 },
}

function setUp(count: number, changes: Partial<OutlierConfiguration> = {}) {
  const clock = fakeClock()
  const destinations = Array.from({ length: count }, (_, number) => ({
    number,
    outlier: new OutlierRecord(),
  }))
  const outliers = new OutlierEjection({ ...usual, ...changes }, destinations, () => clock.now())
  const note = (number: number, outcome: 'success' | 'failure' | 'gateway-failure', times = 1) => {
    const destination = destinations[number] as (typeof destinations)[number]
    for (let time = 0; time < times; time++) outliers.note(destination, outcome)
  }
  const admitted = () => outliers.admitted(destinations).map(({ number }) => number)
  return { clock, note, admitted, outliers, destinations }
}

test('failures one after the other put a destination out, for a time that grows and shrinks again', () => {
  const { clock, note, admitted } = setUp(4)
  note(1, 'failure', 4)
  note(1, 'success')
  note(1, 'failure', 4)
  expect(admitted()).toEqual([0, 1, 2, 3])
  note(1, 'gateway-failure')
  expect(admitted()).toEqual([0, 2, 3])
  clock.advance(30_000)
  expect(admitted()).toEqual([0, 1, 2, 3])
  note(1, 'failure', 5)
  clock.advance(59_999)
  expect(admitted()).toEqual([0, 2, 3])
  clock.advance(1)
  expect(admitted()).toEqual([0, 1, 2, 3])
  // Two intervals of which it is not left out forgive both times.
  for (let interval = 0; interval < 2; interval++) {
    note(1, 'success')
    clock.advance(10_000)
  }
  note(1, 'success')
  note(1, 'failure', 5)
  clock.advance(30_000)
  expect(admitted()).toEqual([0, 1, 2, 3])
})

test('the time that a destination is left out has its limit', () => {
  const { clock, note, outliers, destinations } = setUp(2, { intervalMilliseconds: 10_000_000 })
  const remaining = () => outliers.remainingMilliseconds(destinations[0]?.outlier as OutlierRecord)
  for (const expected of [30_000, 60_000, 90_000, 100_000, 100_000]) {
    note(0, 'failure', 5)
    expect(remaining()).toBe(expected)
    clock.advance(expected)
  }
})

test('gateway failures have a limit of their own, which other failures do not count towards', () => {
  const { note, admitted } = setUp(3, { consecutiveFailures: 1000, consecutiveGatewayFailures: 3 })
  note(0, 'gateway-failure', 2)
  note(0, 'failure', 50)
  note(0, 'gateway-failure', 2)
  expect(admitted()).toEqual([0, 1, 2])
  note(0, 'gateway-failure')
  expect(admitted()).toEqual([1, 2])
})

test('a share of successes far below that of the others puts a destination out at the end of the interval', () => {
  const { clock, note, admitted } = setUp(6, { consecutiveFailures: 1000 })
  for (const number of [0, 1, 2, 3, 4]) note(number, 'success', 100)
  note(5, 'failure', 40)
  note(5, 'success', 60)
  expect(admitted()).toEqual([0, 1, 2, 3, 4, 5])
  clock.advance(10_000)
  note(0, 'success')
  expect(admitted()).toEqual([0, 1, 2, 3, 4])
})

test('too few requests, or too few destinations that have had enough, are not compared', () => {
  for (const [others, requests] of [
    [4, 99],
    [3, 100],
  ] as const) {
    const { clock, note, admitted } = setUp(5, { consecutiveFailures: 1000 })
    for (let number = 0; number < others; number++) note(number, 'success', 100)
    note(4, 'failure', requests)
    clock.advance(10_000)
    note(0, 'success')
    expect(admitted()).toEqual([0, 1, 2, 3, 4])
  }
})

test('a fault that all have puts a share of them out and no more, and never the last', () => {
  const all = setUp(10, { mostEjected: 0.3 })
  for (let number = 0; number < 10; number++) all.note(number, 'failure', 5)
  expect(all.admitted()).toEqual([3, 4, 5, 6, 7, 8, 9])
  const alone = setUp(1)
  alone.note(0, 'failure', 50)
  expect(alone.admitted()).toEqual([0])
  const two = setUp(2, { mostEjected: 1 })
  for (const number of [0, 1]) two.note(number, 'failure', 5)
  expect(two.admitted()).toEqual([1])
})

test('GW-32 a destination that answers 500 while the others do not gets no more requests for a while', async () => {
  const good = await startUpstream((_request, response) => void response.end('good'))
  const bad = await startUpstream((_request, response) => void response.writeHead(500).end('bad'))
  const { proxy, url } = await startProxy(
    good.address,
    {},
    {},
    {
      LoadBalancingPolicy: 'RoundRobin',
      Destinations: { good: { Address: good.address }, bad: { Address: bad.address } },
      Resilience: { OutlierEjection: { ConsecutiveFailures: 3, EjectFor: '00:00:01' } },
    },
  )
  const ask = async () => (await fetch(`${url}/api/a`)).status
  while (bad.seen.length < 3) await ask()
  for (let number = 0; number < 10; number++) expect(await ask()).toBe(200)
  expect(bad.seen).toHaveLength(3)
  // Its record and its time outlive a reload that leaves it as it is.
  proxy.reload(proxy.snapshot().configuration)
  for (let number = 0; number < 10; number++) expect(await ask()).toBe(200)
  // When it is over it is asked again.
  const seenAfterNext = () => ask().then(() => bad.seen.length)
  await expect.poll(seenAfterNext, { timeout: 10_000 }).toBeGreaterThan(3)
})
