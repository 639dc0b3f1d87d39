import type { RateLimiterEvent } from '@alicerce/rate-limits'
import { Counter, Gauge, type Registry } from 'prom-client'

/** Counts decisions by who made them, and tells whether Redis is asked. */
export function createRateLimitMetrics(registry: Registry): (event: RateLimiterEvent) => void {
  // Counted here for each request, and told to the registry when somebody reads it.
  const counts = { shared: [0, 0], local: [0, 0], open: [0, 0], closed: [0, 0] } satisfies Record<
    string,
    [number, number]
  >
  new Counter({
    name: 'gateway_rate_limit_decisions_total',
    help: 'Requests that were counted: by all gateways together (shared), by this one alone (local), or by nobody',
    labelNames: ['source', 'allowed'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [source, [refused, allowed]] of Object.entries(counts)) {
        this.inc({ source, allowed: 'false' }, refused)
        this.inc({ source, allowed: 'true' }, allowed)
      }
    },
  })
  const isAlone = new Gauge({
    name: 'gateway_rate_limit_alone',
    help: '1 while Redis is not asked, and this gateway counts alone',
    registers: [registry],
  })
  return (event) => {
    if (event.type === 'decided') counts[event.source][event.allowed ? 1 : 0]++
    else isAlone.set(event.state === 'closed' ? 0 : 1)
  }
}
