import type { Exchange } from '@alicerce/reverse-proxy'
import type { Telemetry } from '@alicerce/service-kit'
import { Counter } from 'prom-client'

/** Counts and times exchanges: by route and status as every service does, and failures by the proxy's error names. */
export function createExchangeMetrics(telemetry: Telemetry): (exchange: Exchange) => void {
  const failures = new Counter({
    name: 'gateway_forwarder_errors_total',
    help: 'Exchanges that did not reach their end, by route and error name',
    labelNames: ['route', 'error'],
    registers: [telemetry.registry],
  })
  return (exchange) => {
    const route = exchange.route?.id ?? 'none'
    if (exchange.error !== 'None') failures.inc({ route, error: exchange.error })
    telemetry.onResponse({
      route,
      method: exchange.request.method ?? '',
      status: exchange.status,
      durationMilliseconds: exchange.timings.total ?? 0,
    })
  }
}
