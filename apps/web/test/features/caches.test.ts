import type { CacheView } from '@alicerce/api-client'
import { expect, test } from 'vitest'
import { hitRatio, ratesBetween, totalReads } from '#src/features/administration/caches/figures.ts'
import { cacheAnswerOf } from '#src/features/telemetry/tier.ts'

const viewAt = (seconds: number, reads: Record<string, number>) =>
  ({
    at: new Date(seconds * 1000).toISOString(),
    classes: Object.entries(reads).map(([name, l1]) => ({
      name,
      reads: { l1, joined: 1, redis: 2, database: 1 },
    })),
  }) as unknown as CacheView

test('CA-60 hits are what the database was not asked for, and nothing read is no ratio', () => {
  expect(hitRatio({ l1: 5, joined: 1, redis: 2, database: 2 })).toBe(0.8)
  expect(hitRatio({ l1: 0, joined: 0, redis: 0, database: 0 })).toBeUndefined()
  const { classes } = viewAt(0, { product: 5, order: 7 })
  expect(totalReads(classes)).toEqual({ l1: 12, joined: 2, redis: 4, database: 2 })
})

test('rates are of the time between two views; a process that ended makes none negative', () => {
  const rates = ratesBetween(viewAt(10, { product: 100, order: 50 }), viewAt(15, { product: 150, order: 20 }))
  expect(Object.fromEntries(rates)).toEqual({ product: 10, order: 0 })
})

const exchange = {
  id: 1,
  method: 'GET',
  path: '/',
  status: 200,
  startedAt: 0,
  duration: 1,
  traceId: undefined,
}
const answered = (...caches: Parameters<typeof cacheAnswerOf>[0]['caches']) =>
  cacheAnswerOf({ ...exchange, timings: [], caches })
const miss = { hit: false, parameters: { fwd: 'miss' } }

test('the level that answered, the age of the value and how far the cache is behind come from Cache-Status', () => {
  const parameters = { ttl: '590', 'alicerce-age': '12.50', 'alicerce-behind': '0.42' }
  const hit = { hit: true, parameters }
  expect(answered({ cache: 'alicerce-l1', ...hit })).toMatchObject({ tier: 'l1', age: 12.5, behind: 0.42 })
  expect(answered({ cache: 'alicerce-redis', ...hit }, { cache: 'alicerce-l1', ...miss })).toMatchObject({
    tier: 'redis',
  })
  expect(answered({ cache: 'alicerce-redis', ...miss }, { cache: 'alicerce-l1', ...miss })).toEqual({
    ...{ tier: 'database', isBypass: false, age: undefined, behind: undefined },
  })
  const around = { hit: false, parameters: { fwd: 'bypass' } }
  expect(answered({ cache: 'alicerce-redis', ...around })?.isBypass).toBe(true)
  expect(answered({ cache: 'another', hit: true, parameters: {} })).toBeUndefined()
})
