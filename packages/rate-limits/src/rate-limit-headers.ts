import type { ConcurrencyDecision } from './concurrency-limiter.ts'
import type { Decision } from './rate-limit.ts'
import { RateLimitError } from './rate-limit-error.ts'

/** Fields for the answer to a request that was counted. */
export type RateLimitHeaders = {
  /** What is allowed: the limit as it is for all instances together, whoever counts at the moment. */
  'RateLimit-Policy': string
  /** What is left of it, and for how many seconds no more than that; absent where nobody counted (`source: 'open'`). */
  RateLimit?: string
  /** Seconds; only where it was refused, and never where nobody can know: concurrency. */
  'Retry-After'?: string
}

/**
 * The fields of draft-ietf-httpapi-ratelimit-headers (as of revision 11) and `Retry-After` (RFC 9110 §10.2.3). All seconds are rounded up:
 * who comes back then does not come too early. Of several policies, join those of one name with `, `.
 * @throws {RateLimitError} `policy-name-invalid`
 */
export function rateLimitHeaders(
  decision: Decision | ConcurrencyDecision,
  policyName: string,
): RateLimitHeaders {
  const name = structuredString(policyName)
  const { limit, remaining, allowed } = decision
  if (!('source' in decision)) {
    return {
      'RateLimit-Policy': `${name};q=${limit.permits};qu="concurrent-requests"`,
      RateLimit: `${name};r=${remaining}`,
    }
  }
  const policy = `${name};q=${limit.permits};w=${seconds(windowOf(decision.limit))}`
  if (decision.source === 'open') return { 'RateLimit-Policy': policy }
  // For a refused client the effective window is the time until it may come back; `Retry-After` must not be earlier than its end.
  const wait = seconds(allowed ? decision.resetMilliseconds : decision.retryAfterMilliseconds)
  return {
    'RateLimit-Policy': policy,
    RateLimit: `${name};r=${remaining};t=${wait}`,
    ...(allowed ? {} : { 'Retry-After': String(wait) }),
  }
}

const seconds = (milliseconds: number): number => Math.ceil(milliseconds / 1000)

/** In what time the quota comes back: for a bucket that refills slowly that is longer than its window. */
function windowOf(limit: Decision['limit']): number {
  if (limit.algorithm !== 'token-bucket') return limit.windowMilliseconds
  return (limit.windowMilliseconds * limit.permits) / (limit.refillPermits ?? limit.permits)
}

/** Most names have nothing that would have to be escaped. */
const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/

/** RFC 9651 §3.3.3. What it cannot carry could end the field and begin another. */
function structuredString(text: string): string {
  if (plain.test(text)) return `"${text}"`
  if (!/^[\x20-\x7e]*$/.test(text))
    throw new RateLimitError(
      'policy-name-invalid',
      'The name of a policy may have printable ASCII characters only, as it is sent to clients in a structured field.',
    )
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`
}
