import { type Cache, createCache, memoryStore, type OutboxPort } from '@alicerce/cache-aside'
import { capturedLog } from '@alicerce/testing'
import { Type } from 'typebox'
import { afterEach, expect, test } from 'vitest'
import { createTelemetry } from '#src/index.ts'
import { cacheMetrics } from '#src/telemetry/cache-metric-table.ts'
import { ask, startService, stopAll } from '../fixtures.ts'

afterEach(stopAll)

const outboxOf = (pending: () => Promise<number>): OutboxPort<unknown> => ({
  append: async () => [],
  afterCommit() {},
  markDelivered: async () => {},
  oldestPending: pending,
  reopen: async () => {},
})

async function startWith(options: { pending?: () => Promise<number>; load?: () => Promise<string> } = {}) {
  const { pending = async () => 0, load = async () => 'read' } = options
  const telemetry = createTelemetry({ name: 'test-service', log: capturedLog() })
  const cache: Cache = createCache({
    ...{ namespace: 'test', store: memoryStore(), log: capturedLog() },
    outbox: outboxOf(pending),
    onRead: telemetry.onCacheRead,
    onEvent: telemetry.onCacheEvent,
  })
  const texts = cache.define({ name: 'text', schema: Type.String(), key: String, ttl: 60_000, load })
  await cache.ready()
  const service = await startService(() => {}, { telemetry, cache, close: () => cache.close() })
  const metrics = async () => (await ask(`${service.adminUrl}/metrics`)).text
  const value = async (series: string) => {
    const [name, labels = ''] = series.split('{')
    const lines = (await metrics()).split('\n').filter((line) => line.startsWith(`${name}{`))
    const wanted = labels.replace('}', '').split(',').filter(Boolean)
    return lines
      .find((line) => wanted.every((label) => line.includes(label)))
      ?.split(' ')
      .at(-1)
  }
  return { texts, metrics, value, cache }
}

test('CA-60 reads and loads of each class are metrics at the admin port', async () => {
  const { texts, value } = await startWith()
  for (let read = 0; read < 3; read++) await texts.get(1)
  expect(await value('cache_reads_total{class="text",source="database",namespace="test"}')).toBe('1')
  expect(await value('cache_reads_total{class="text",source="redis"}')).toBe('1')
  expect(await value('cache_reads_total{class="text",source="l1"}')).toBe('1')
  expect(await value('cache_load_duration_seconds_count{class="text",outcome="succeeded"}')).toBe('1')
  await texts.invalidateNow(1)
  expect(await value('cache_invalidations_total{way="outside",delivered="yes"}')).toBe('1')
  expect(await value('cache_breaker_state{state="closed"}')).toBe('1')
  // Two scrapes at once do not count anything twice.
  const both = await Promise.all([1, 2].map(() => value('cache_reads_total{class="text",source="l1"}')))
  expect(both).toEqual(['1', '1'])
})

test('CA-60 a load that fails is counted by its reason', async () => {
  const { texts, value } = await startWith({ load: () => Promise.reject(new Error('no database')) })
  await expect(texts.get(1)).rejects.toThrow('no database')
  expect(await value('cache_load_duration_seconds_count{class="text",outcome="error"}')).toBe('1')
})

test('CA-38 CA-60 the bound on staleness is a metric, also while there is none, and so is what waits in the outbox', async () => {
  let pending: () => Promise<number> = async () => 0
  const { value, cache } = await startWith({ pending: () => pending() })
  expect(Number(await value('cache_staleness_seconds'))).toBeLessThan(2)
  expect(await value('cache_outbox_age_seconds')).toBe('0')
  pending = async () => 60_000
  expect(await value('cache_outbox_age_seconds')).toBe('60')
  await expect.poll(() => cache.staleness()).toBe(Number.POSITIVE_INFINITY)
  expect(await value('cache_staleness_seconds')).toBe('+Inf')
})

test('CA-60 metrics are read although the outbox does not answer', async () => {
  const { value } = await startWith({ pending: () => new Promise(() => {}) })
  expect(await value('cache_outbox_age_seconds')).toBeUndefined()
  expect(await value('cache_first_level_entries')).toBe('0')
})

test('CA-60 each metric of a cache is there from the beginning, with bounded labels', async () => {
  const { metrics, texts } = await startWith()
  await texts.get('a-personal-key')
  const text = await metrics()
  expect(text).toContain('# TYPE cache_load_duration_seconds histogram\n')
  for (const { name, kind } of cacheMetrics) expect(text).toContain(`# TYPE ${name} ${kind}\n`)
  expect(text).not.toContain('a-personal-key')
})
