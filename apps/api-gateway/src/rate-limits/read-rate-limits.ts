import { type ConcurrencyLimit, checkRateLimit, type RateLimit, RateLimitError } from '@alicerce/rate-limits'
import type { Section } from '@alicerce/reverse-proxy'
import type { RateLimitPolicy } from './rate-limit-policy.ts'

const algorithms = ['FixedWindow', 'SlidingWindow', 'TokenBucket', 'Concurrency'] as const
const partitions = ['Address', 'Subject', 'Client', 'Route'] as const
const outages = { Local: 'local', Open: 'open', Closed: 'closed' } as const

/** Reads one of `Policies.RateLimiter`: `Algorithm`, `Permits`, `Window`, `Segments`, `Refill`, `By`, `OnOutage`. */
export function readRateLimitPolicy(name: string, section: Section): RateLimitPolicy {
  if (!/^[\x20-\x7e]*$/.test(name) || /^disable$/i.test(name))
    section.fault('', 'is a reserved name, or has letters that no header takes', 'Rename it')
  const algorithm = section.choice('Algorithm', algorithms) ?? 'TokenBucket'
  const limit = algorithm === 'Concurrency' ? readConcurrency(section) : readLimit(section, algorithm)
  const by = (section.texts('By') ?? ['Subject']).flatMap((written) => {
    const found = partitions.find((partition) => partition.toLowerCase() === written.toLowerCase())
    if (!found) section.fault('By', `has an unknown one (${written})`, `Use ${partitions.join(', ')}`)
    return found ?? []
  })
  section.end()
  try {
    checkRateLimit(limit)
  } catch (error) {
    if (!(error instanceof RateLimitError)) throw error
    section.fault('', `is impossible: ${error.message}`, 'Set Permits and Window to what shall be allowed')
  }
  return { name, limit, partitions: by }
}

const readConcurrency = (section: Section): ConcurrencyLimit => ({
  ...{ algorithm: 'concurrency', permits: section.number('Permits') ?? 0 },
})

function readLimit(
  section: Section,
  algorithm: Exclude<(typeof algorithms)[number], 'Concurrency'>,
): RateLimit {
  const permits = section.number('Permits') ?? 0
  const windowMilliseconds = section.timeSpan('Window') ?? 0
  const outage = section.choice('OnOutage', Object.keys(outages) as (keyof typeof outages)[])
  const usual = { permits, windowMilliseconds, ...(outage && { onOutage: outages[outage] }) }
  if (algorithm === 'FixedWindow') return { algorithm: 'fixed-window', ...usual }
  if (algorithm === 'SlidingWindow') {
    const segments = section.number('Segments')
    return { algorithm: 'sliding-window', ...usual, ...(segments !== undefined && { segments }) }
  }
  const refillPermits = section.number('Refill')
  return { algorithm: 'token-bucket', ...usual, ...(refillPermits !== undefined && { refillPermits }) }
}
