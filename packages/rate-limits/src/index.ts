export { checkRateLimit } from './check-rate-limit.ts'
export {
  type ConcurrencyDecision,
  type ConcurrencyLimit,
  type ConcurrencyLimiter,
  createConcurrencyLimiter,
} from './concurrency-limiter.ts'
export type { Clock, RateLimiterLog } from './ports.ts'
export type {
  Decision,
  DecisionSource,
  FixedWindowLimit,
  OnOutage,
  Outcome,
  RateLimit,
  SlidingWindowLimit,
  TokenBucketLimit,
} from './rate-limit.ts'
export { RateLimitError, type RateLimitErrorCode } from './rate-limit-error.ts'
export { type RateLimitHeaders, rateLimitHeaders } from './rate-limit-headers.ts'
export {
  createRateLimiter,
  type RateLimiter,
  type RateLimiterEvent,
  type RateLimiterOptions,
} from './rate-limiter.ts'
export type { BreakerState } from './shared/breaker.ts'
