import { expect, test } from 'vitest'
import { wayOf } from '#src/features/telemetry/way.ts'

const exchange = {
  id: 1,
  method: 'GET',
  path: '/api/orders',
  status: 200,
  startedAt: 0,
  duration: 20,
  traceId: undefined,
  caches: [],
}

test('the way is drawn from the outside in, each part within the one that holds it', () => {
  const timings = [
    { name: 'gateway', duration: 10, description: 'orders' },
    { name: 'token', duration: 1, description: 'verified' },
    { name: 'policy', duration: 0.5 },
    { name: 'upstream', duration: 8 },
    { name: 'service', duration: 6 },
    { name: 'cache', duration: 3, description: 'order: database' },
    { name: 'database', duration: 2, description: '2 queries' },
  ]
  const stations = wayOf({ ...exchange, timings })
  expect(stations.map(({ part }) => part)).toEqual([
    'browser',
    'gateway',
    'token',
    'policy',
    'upstream',
    'service',
    'cache',
    'database',
  ])
  expect(stations.map(({ start }) => start)).toEqual([0, 5, 5, 6, 6.5, 7.5, 7.5, 7.5])
})

test('an answer without timings shows what the browser saw', () => {
  expect(wayOf({ ...exchange, timings: [] }).map(({ part }) => part)).toEqual(['browser'])
})
