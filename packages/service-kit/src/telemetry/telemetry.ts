import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { type CacheRead, requestContexts } from './request-context.ts'
import { RequestDurations } from './request-durations.ts'

/** Measures of one service, in a registry of its own: several services can live in one process. */
export type Telemetry = {
  readonly registry: Registry
  /** Give it to `createCache({ onRead })`: reads show in `Cache-Status`, `Server-Timing` and the metrics. */
  onCacheRead(read: CacheRead): void
  /** Shows how far behind a cached answer may be. */
  measureStaleness(cache: { staleness(): number }): void
  /** Give it to `createDatabase({ onQuery })`: queries show in `Server-Timing` and the metrics. */
  onQuery(query: { durationMilliseconds: number }): void
  /** A response has gone out. `route` is the template, never the URL: ids would make a series each. */
  onResponse(response: { route: string; method: string; status: number; durationMilliseconds: number }): void
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Makes the measures of one service; `name` is a label of each series. */
export function createTelemetry({ name }: { name: string }): Telemetry {
  const registry = new Registry()
  registry.setDefaultLabels({ service: name })
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const requests = new RequestDurations(registry)
  const queries = new Histogram({
    name: 'database_query_duration_seconds',
    help: 'Time of one SQL query',
    buckets: seconds,
    registers,
  })
  const reads = new Counter({
    name: 'cache_reads_total',
    help: 'Reads by the place that answered them',
    labelNames: ['class', 'source', 'degraded'],
    registers,
  })
  return {
    registry,
    onCacheRead(read) {
      reads.inc({
        class: read.class,
        source: read.source,
        degraded: read.degraded === undefined ? 'no' : 'yes',
      })
      requestContexts.getStore()?.cacheReads.push(read)
    },
    measureStaleness(cache) {
      new Gauge({
        name: 'cache_staleness_seconds',
        help: 'How old at most a commit is that a cached answer misses; +Inf while nobody knows and reads go around the cache',
        registers,
        collect() {
          this.set(cache.staleness() / 1000)
        },
      })
    },
    onQuery({ durationMilliseconds }) {
      queries.observe(durationMilliseconds / 1000)
      const context = requestContexts.getStore()
      if (!context) return
      context.queries.count += 1
      context.queries.durationMilliseconds += durationMilliseconds
    },
    onResponse({ route, method, status, durationMilliseconds }) {
      requests.observe(route, method, status, durationMilliseconds)
    },
  }
}
