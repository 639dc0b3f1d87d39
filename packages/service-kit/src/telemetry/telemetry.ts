import type { CacheEvent } from '@alicerce/cache-aside'
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { Log } from '#src/log.ts'
import { createCacheMetrics, type MeasuredCache } from './cache-metrics.ts'
import type { Span } from './otlp.ts'
import { type CacheRead, requestContexts } from './request-context.ts'
import { RequestDurations } from './request-durations.ts'
import { createSpanExport } from './span-export.ts'
import type { TraceContext } from './trace-context.ts'

/** Measures of one service, in a registry of its own: several services can live in one process. */
export type Telemetry = {
  readonly registry: Registry
  /**
   * A read of the cache: it shows in `Cache-Status` and `Server-Timing`. `behindMilliseconds`: how old at most what is missing in the answer is.
   */
  onCacheRead(read: CacheRead, behindMilliseconds?: number): void
  /** Give it to `createCache({ onEvent })`: loads show in the metrics. */
  onCacheEvent(event: CacheEvent): void
  /** Shows the figures of a cache in the metrics. `createHttpService` does it with the one that it is given. */
  measureCache(cache: MeasuredCache): void
  /** Give it to `createDatabase({ onQuery })`: queries show in `Server-Timing` and the metrics. */
  onQuery(query: { durationMilliseconds: number }): void
  /** A response has gone out. `route` is the template, never the URL: ids would make a series each. */
  onResponse(response: AnsweredRequest): void
  /** Sends what is left of the traces, two seconds at most. */
  close(): Promise<void>
}

/** A request that was answered. */
export type AnsweredRequest = {
  route: string
  method: string
  status: number
  durationMilliseconds: number
  trace: TraceContext
}

/** What is measured, and where traces go. */
export type TelemetryOptions = {
  name: string
  /** Base URL of a collector (OTLP over HTTP). Default: traces stay in the logs and headers. */
  collectorUrl?: string | undefined
  /** Told where the collector takes nothing. */
  log: Log
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Makes the measures of one service; `name` is a label of each series. */
export function createTelemetry({ name, collectorUrl: url, log }: TelemetryOptions): Telemetry {
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
  const caches = createCacheMetrics(registry, seconds)
  const spans = url ? createSpanExport({ url, service: name, registry, log }) : undefined
  return {
    registry,
    onCacheRead(read, behindMilliseconds = 0) {
      const context = requestContexts.getStore()
      if (!context) return
      context.cacheReads.push(read)
      if (behindMilliseconds > context.cacheBehindMilliseconds)
        context.cacheBehindMilliseconds = behindMilliseconds
    },
    onCacheEvent: caches.onEvent,
    measureCache: caches.measure,
    onQuery({ durationMilliseconds }) {
      queries.observe(durationMilliseconds / 1000)
      const context = requestContexts.getStore()
      if (!context) return
      context.queries.count += 1
      context.queries.durationMilliseconds += durationMilliseconds
    },
    onResponse(answered) {
      const { route, method, status, durationMilliseconds, trace } = answered
      requests.observe(route, method, status, durationMilliseconds)
      // What began the trace has decided whether it is sampled.
      if (spans && trace.flags === '01') spans.add(spanOf(answered))
    },
    close: async () => spans?.close(),
  }
}

function spanOf({ route, method, status, durationMilliseconds, trace }: AnsweredRequest): Span {
  const endedAt = Date.now()
  return {
    ...{ traceId: trace.traceId, spanId: trace.spanId, parentSpanId: trace.parentId, kind: 'server' },
    name: `${method} ${route}`,
    ...{ startedAt: endedAt - durationMilliseconds, endedAt },
    // Only the server's own failures are errors of a server's span (OpenTelemetry's conventions for HTTP).
    hasFailed: status >= 500,
    attributes: {
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': status,
    },
  }
}
