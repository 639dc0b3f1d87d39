import { type ConcurrencyLimit, checkRateLimit, type RateLimit, RateLimitError } from '@alicerce/rate-limits'
import type { Section } from '@alicerce/reverse-proxy'
import type { RateLimitPolicy } from './rate-limit-policy.ts'

const algorithms = ['FixedWindow', 'SlidingWindow', 'TokenBucket', 'Concurrency'] as const
const partitions = ['Address', 'Subject', 'Client', 'Route'] as const
const outages = { Local: 'local', Open: 'open', Closed: 'closed' } as const
const permitRange = { least: 1, most: 1_000_000_000 }

/** Reads one of `Policies.RateLimiter`: `Algorithm`, `Permits`, `Window`, `Segments`, `Refill`, `By`, `OnOutage`. */
export function readRateLimitPolicy(name: string, section: Section): RateLimitPolicy {
  if (!/^[\x20-\x7e]*$/.test(name) || /^disable$/i.test(name))
    section.fault('', 'is a reserved name, or has letters that no header takes', 'Rename it')
  const algorithm = section.choice('Algorithm', algorithms, 'TokenBucket')
  section.requires('Permits', 'Write how many are allowed')
  const permits = section.whole('Permits', permitRange)
  const limit =
    algorithm === 'Concurrency'
      ? ({ algorithm: 'concurrency', permits: permits ?? 1 } satisfies ConcurrencyLimit)
      : readLimit(section, algorithm, permits)
  const by = section.choices('By', partitions, ['Subject'])
  section.end()
  try {
    checkRateLimit(limit)
  } catch (error) {
    if (!(error instanceof RateLimitError)) throw error
    section.fault('', `is impossible: ${error.message}`, 'Set Permits and Window to what shall be allowed')
  }
  return { name, limit, partitions: by }
}

/** A key with a fault counts as 1, so that one mistake is told once. */
function readLimit(
  section: Section,
  algorithm: Exclude<(typeof algorithms)[number], 'Concurrency'>,
  permits = 1,
): RateLimit {
  section.requires('Window', 'Write such as 00:01:00')
  const windowMilliseconds = section.timeSpan('Window') ?? 1
  const outage = section.choice('OnOutage', Object.keys(outages) as (keyof typeof outages)[], 'Local')
  const usual = { permits, windowMilliseconds, onOutage: outages[outage] }
  if (algorithm === 'FixedWindow') return { algorithm: 'fixed-window', ...usual }
  if (algorithm === 'SlidingWindow') {
    const segments = section.whole('Segments', { least: 1, most: 100 })
    return { algorithm: 'sliding-window', ...usual, ...(segments !== undefined && { segments }) }
  }
  const refillPermits = section.whole('Refill', permitRange)
  return { algorithm: 'token-bucket', ...usual, ...(refillPermits !== undefined && { refillPermits }) }
}

/** What its keys mean, for the schema and the reference. */
export const rateLimitPolicyKeys = {
  'Policies.RateLimiter.*.Algorithm':
    'How it is counted: so many in a window that begins with the first request; so many in any span of that length; a bucket that refills evenly; or so many at work at once.',
  'Policies.RateLimiter.*.Permits': 'How many are allowed; for TokenBucket, how many at once.',
  'Policies.RateLimiter.*.Window': 'In which time. Not for Concurrency.',
  'Policies.RateLimiter.*.Segments':
    'For SlidingWindow: into how many parts the window is divided, 10 where nothing is said. With more, permits come back sooner.',
  'Policies.RateLimiter.*.Refill':
    'For TokenBucket: how many come back in the window; as many as Permits where nothing is said.',
  'Policies.RateLimiter.*.By':
    'Who is counted apart from the others: each address, person or client of a token, or route. Whoever has no token is counted by address.',
  'Policies.RateLimiter.*.OnOutage':
    'What holds while Redis does not answer: each gateway counts its own share, everything passes, or nothing does. Not for Concurrency.',
}
