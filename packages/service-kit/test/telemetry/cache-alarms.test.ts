import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCache, memoryStore } from '@alicerce/cache-aside'
import { capturedLog } from '@alicerce/testing'
import { Type } from 'typebox'
import { beforeAll, expect, test } from 'vitest'
import { createTelemetry } from '#src/index.ts'

const document = readFileSync(
  join(import.meta.dirname, '../../../../docs/explanation/cache-alarms.md'),
  'utf8',
)
const recipes = [...document.matchAll(/```promql\n([^`]+)```/g)].map(([, query]) => query as string)

let metrics: string
beforeAll(async () => {
  const telemetry = createTelemetry({ name: 'test-service', log: capturedLog() })
  const cache = createCache({
    ...{ namespace: 'test', store: memoryStore(), log: capturedLog() },
    outbox: {
      append: async () => [],
      afterCommit() {},
      markDelivered: async () => {},
      oldestPending: async () => 0,
      reopen: async () => {},
    },
    onEvent: telemetry.onCacheEvent,
  })
  const texts = cache.define({
    ...{ name: 'text', schema: Type.String(), key: String, ttl: 60_000 },
    load: async () => 'read',
  })
  await cache.ready()
  await texts.get(1)
  telemetry.measureCache(cache)
  metrics = await telemetry.registry.metrics()
  await cache.close()
})

/** Of the services' databases: the runbook names them too. */
const tables = new Set(['cache_process', 'cache_invalidation'])

const labelsOf = (series: string) => [...series.matchAll(/(\w+)(=~?)"([^"]*)"/g)]

/** Labels of the first series of a metric. */
function labelNames(metric: string): string[] {
  const line = metrics.split('\n').find((each) => each.startsWith(`${metric}{`)) ?? ''
  return labelsOf(line).map(([, name]) => name as string)
}

test('CA-63 each metric that the alarm recipes name is one that services have', () => {
  const named = new Set(document.match(/\bcache_[a-z_]+/g)?.filter((name) => !tables.has(name)))
  expect(named.size).toBeGreaterThan(10)
  const types = new Map([...metrics.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]))
  const exists = (name: string) => {
    const base = name.replace(/_(bucket|sum|count)$/, '')
    // Redis counts what it drops; a store in memory does not, and its metric has no series.
    return types.has(name) || types.get(base) === 'histogram'
  }
  expect([...named].filter((name) => !exists(name))).toEqual([])
})

test('CA-63 each label and word that the recipes select is one that its metric has', () => {
  const unknown: string[] = []
  for (const [selector, metric, labels] of recipes.join('\n').matchAll(/(cache_\w+)\{([^}]+)\}/g)) {
    const lines = metrics.split('\n').filter((line) => line.startsWith(`${metric}{`))
    for (const [, label, , words] of labelsOf(labels as string)) {
      const known = (word: string) => lines.some((line) => line.includes(`${label}="${word}"`))
      if (!words?.split('|').every(known)) unknown.push(selector)
    }
  }
  expect(unknown).toEqual([])
})

test('CA-63 recipes group by labels that their metrics have', () => {
  for (const recipe of recipes) {
    const grouped = /by \(([^)]+)\)/.exec(recipe)?.[1]?.split(', ') ?? []
    const metric = /cache_\w+/.exec(recipe)?.[0] as string
    if (metric !== 'cache_store_evicted_keys_total')
      expect(labelNames(metric)).toEqual(expect.arrayContaining(grouped))
  }
})

test('CA-63 there is a recipe for each thing that an outage is seen by', () => {
  for (const metric of [
    'cache_stale_served_total{reason="fail-safe"}',
    'cache_refreshes_total',
    'cache_outbox_age_seconds',
    'cache_staleness_seconds',
    'cache_store_evicted_keys_total',
  ])
    expect(recipes.join('\n')).toContain(metric)
})
