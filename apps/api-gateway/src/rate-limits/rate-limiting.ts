import { createConcurrencyLimiter, createRateLimiter, rateLimitHeaders } from '@alicerce/rate-limits'
import { type Exchange, type RecentCounts, RecentExchanges, type Refusal } from '@alicerce/reverse-proxy'
import type { Log } from '@alicerce/service-kit'
import type { Registry } from 'prom-client'
import type { ApiGatewayConfig } from '#src/config.ts'
import { notesOf } from '#src/exchange-notes.ts'
import { partitionKey } from './partition-key.ts'
import { createRateLimitMetrics } from './rate-limit-metrics.ts'
import type { CountedRequest, RateLimitPolicy } from './rate-limit-policy.ts'

/** Holds exchanges against the limits of their routes. */
export type RateLimiting = {
  /** Counts an exchange. A promise only where Redis is asked. */
  check(exchange: Exchange): Refusal | undefined | Promise<Refusal | undefined>
  /** Adds the fields that tell a client of its limit: names and values in turn. */
  addHeaders(exchange: Exchange, headers: string[]): void
  /** Whether this gateway counts alone. */
  isAlone(): boolean
  /** What it decided by a policy in the last minute: refusals are failures. */
  decisions(policy: string): RecentCounts | undefined
  /** Gives back what an exchange held while it was at work. */
  end(exchange: Exchange): void
  /** Resolves when Redis was reached, or could not be. */
  ready(): Promise<void>
  close(): void
}

/** Makes the limits: all gateways count together in Redis, and each its share while Redis does not answer (GW-43 to GW-45). */
export function createRateLimiting(parts: {
  config: Pick<ApiGatewayConfig, 'REDIS_URL' | 'GATEWAY_INSTANCES'>
  policyOf: (name: string) => RateLimitPolicy | undefined
  registry: Registry
  log: Log
}): RateLimiting {
  const { config, policyOf, registry, log } = parts
  const countEvent = createRateLimitMetrics(registry)
  let isAlone = config.REDIS_URL === undefined
  const limiter = createRateLimiter({
    ...{ redisUrl: config.REDIS_URL, instances: config.GATEWAY_INSTANCES, namespace: 'gateway', log },
    observe(event) {
      if (event.type === 'breaker') isAlone = event.state !== 'closed'
      countEvent(event)
    },
  })
  const concurrency = createConcurrencyLimiter()
  /** By policy. Those that reloads have replaced go with them. */
  const recent = new WeakMap<RateLimitPolicy, RecentExchanges>()

  function note(policy: RateLimitPolicy, isAllowed: boolean): void {
    const now = performance.now()
    const own = recent.get(policy) ?? new RecentExchanges(now)
    recent.set(policy, own)
    own.add(!isAllowed, 0, now)
  }

  function settle(exchange: Exchange, policy: RateLimitPolicy, decision: CountedRequest['decision']) {
    notesOf(exchange).counted = { policy, decision }
    note(policy, decision.allowed)
    if (decision.allowed) return undefined
    return 'source' in decision && decision.source === 'closed' ? uncounted : tooMany
  }

  return {
    check(exchange) {
      const name = exchange.route?.rateLimiterPolicy
      if (name === undefined) return undefined
      const policy = policyOf(name)
      if (!policy) throw new TypeError(`There is no rate limit ${name}`)
      const key = partitionKey(policy, exchange, notesOf(exchange))
      if (policy.limit.algorithm === 'concurrency')
        return settle(exchange, policy, concurrency.enter(policy.limit, key))
      const decision = limiter.take(policy.limit, key)
      if (decision instanceof Promise) return decision.then((made) => settle(exchange, policy, made))
      return settle(exchange, policy, decision)
    },
    addHeaders(exchange, headers) {
      const found = notesOf(exchange).counted
      if (!found) return
      const fields = rateLimitHeaders(found.decision, found.policy.name)
      headers.push('ratelimit-policy', fields['RateLimit-Policy'])
      if (fields.RateLimit) headers.push('ratelimit', fields.RateLimit)
      if (fields['Retry-After']) headers.push('retry-after', fields['Retry-After'])
    },
    isAlone: () => isAlone,
    decisions(name) {
      const policy = policyOf(name)
      return policy && recent.get(policy)?.counts(performance.now())
    },
    end(exchange) {
      const decision = notesOf(exchange).counted?.decision
      if (decision && 'release' in decision) decision.release()
    },
    ready: () => limiter.ready(),
    close: () => limiter.close(),
  }
}

const tooMany: Refusal = {
  ...{ status: 429, code: 'too-many-requests', title: 'Too many requests' },
  detail: 'You asked too often. The fields RateLimit and Retry-After say when you may ask again.',
}

/** For a limit that is closed in an outage: it was not the client that did too much. */
const uncounted: Refusal = {
  ...{ status: 503, code: 'unavailable', title: 'Not available' },
  detail: 'Requests cannot be counted at the moment. Try again later.',
}
