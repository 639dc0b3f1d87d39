import { expect, test } from 'vitest'
import { parseCacheStatus, parseServerTiming } from '../src/timing.ts'

test('reads the entries of Server-Timing, with commas and semicolons inside of quotes', () => {
  expect(parseServerTiming('gateway;dur=6.41;desc="orders, \\"new\\"; 1", token;dur=0, policy')).toEqual([
    { name: 'gateway', duration: 6.41, description: 'orders, "new"; 1' },
    { name: 'token', duration: 0 },
    { name: 'policy' },
  ])
})

test('leaves out what it does not understand', () => {
  expect(parseServerTiming(null)).toEqual([])
  expect(parseServerTiming(', ;dur=1, a;dur=x')).toEqual([{ name: 'dur=1' }, { name: 'a' }])
})

test('reads the caches of Cache-Status', () => {
  expect(parseCacheStatus('alicerce-redis; fwd=miss; stored; ttl=600, alicerce-l1; hit; ttl=30')).toEqual([
    { cache: 'alicerce-redis', hit: false, parameters: { fwd: 'miss', stored: true, ttl: '600' } },
    { cache: 'alicerce-l1', hit: true, parameters: { ttl: '30' } },
  ])
})
