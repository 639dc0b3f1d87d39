import type { Exchange } from '@alicerce/reverse-proxy'
import type { Telemetry } from '@alicerce/service-kit'
import { Counter } from 'prom-client'
import { notesOf } from './exchange-notes.ts'
import { createRouteMetrics } from './route-metrics.ts'

/** Counts and times exchanges: by route and status as every service does, by route and stage, and failures by the proxy's error names. */
export function createExchangeMetrics(telemetry: Telemetry): (exchange: Exchange) => void {
  const failures = new Counter({
    name: 'gateway_forwarder_errors_total',
    help: 'Exchanges that did not reach their end, by route and error name',
    labelNames: ['route', 'error'],
    registers: [telemetry.registry],
  })
  const retries = new Counter({
    name: 'gateway_further_attempts_total',
    help: 'Requests to services beyond the first of an exchange: retries and hedges, by route',
    labelNames: ['route'],
    registers: [telemetry.registry],
  })
  const outputCache = new Counter({
    name: 'gateway_output_cache_total',
    help: 'Exchanges of routes with an output cache, by route and by how they were answered',
    labelNames: ['route', 'result'],
    registers: [telemetry.registry],
  })
  const countRoute = createRouteMetrics(telemetry.registry)
  return (exchange) => {
    countRoute(exchange)
    const route = exchange.route?.id ?? 'none'
    if (exchange.attempts > 1) retries.inc({ route }, exchange.attempts - 1)
    if (exchange.outputCache) outputCache.inc({ route, result: exchange.outputCache })
    if (exchange.error !== 'None') failures.inc({ route, error: exchange.error })
    telemetry.onResponse({
      route,
      method: exchange.request.method ?? '',
      status: exchange.status,
      durationMilliseconds: exchange.timings.total ?? 0,
      trace: notesOf(exchange).trace,
    })
  }
}
