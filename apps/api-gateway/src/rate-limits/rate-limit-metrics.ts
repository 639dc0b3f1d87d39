import type { RateLimiterEvent } from '@alicerce/rate-limits'
import { Counter, Gauge, type Registry } from 'prom-client'

/** Counts decisions by who made them, and tells whether Redis is asked. */
export function createRateLimitMetrics(registry: Registry): (event: RateLimiterEvent) => void {
  const decisions = new Counter({
    name: 'gateway_rate_limit_decisions_total',
    help: 'Requests that were counted: by all gateways together (shared), by this one alone (local), or by nobody',
    labelNames: ['source', 'allowed'],
    registers: [registry],
  })
  const isAlone = new Gauge({
    name: 'gateway_rate_limit_alone',
    help: '1 while Redis is not asked, and this gateway counts alone',
    registers: [registry],
  })
  return (event) => {
    if (event.type === 'decided') decisions.inc({ source: event.source, allowed: String(event.allowed) })
    else isAlone.set(event.state === 'closed' ? 0 : 1)
  }
}
