import { type ForwarderErrorName, forwarderErrorNames } from '#src/forwarding/forwarder-error.ts'
import type {
  BreakerConfiguration,
  ConcurrencyConfiguration,
  HedgingConfiguration,
  ResilienceConfiguration,
  RetryBudgetConfiguration,
  RetryConfiguration,
} from '#src/resilience/resilience-configuration.ts'
import type { Section } from './section.ts'

/** Sending one of these twice is no other than sending it once (RFC 9110 §9.2.2). */
const idempotent = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']
const safe = ['GET', 'HEAD', 'OPTIONS']
const unavailable = [502, 503, 504]
const transportErrors: readonly ForwarderErrorName[] = ['Request', 'RequestTimedOut', 'ResponseHeaders']

/** Reads `Resilience` of a cluster: `Retry`, `RetryBudget`, `CircuitBreaker`, `Hedging`, `Concurrency`. What is not there is off. */
export function readResilience(section: Section | undefined): ResilienceConfiguration | undefined {
  if (!section) return undefined
  const resilience: ResilienceConfiguration = {
    retry: readRetry(section.section('Retry')),
    budget: readBudget(section.section('RetryBudget')),
    breaker: readBreaker(section.section('CircuitBreaker')),
    hedging: readHedging(section.section('Hedging')),
    concurrency: readConcurrency(section.section('Concurrency')),
  }
  section.end()
  return resilience
}

function readRetry(section: Section | undefined): RetryConfiguration | undefined {
  if (!section) return undefined
  const retry: RetryConfiguration = {
    attempts: whole(section, 'Attempts', { least: 2, most: 10 }) ?? 2,
    methods: readMethods(section, idempotent),
    statuses: readStatuses(section, unavailable),
    errors: new Set(readErrors(section)),
    perTryTimeoutMilliseconds: section.timeSpan('PerTryTimeout'),
    backoffMilliseconds: section.timeSpan('Backoff') ?? 25,
    longestBackoffMilliseconds: section.timeSpan('LongestBackoff') ?? 1000,
    longestRetryAfterMilliseconds: section.timeSpan('LongestRetryAfter') ?? 2000,
    replayBytes: whole(section, 'ReplayBytes', { least: 0, most: 16_777_216 }) ?? 65_536,
  }
  section.end()
  return retry
}

function readErrors(section: Section): readonly ForwarderErrorName[] {
  const written = section.texts('Errors')
  if (!written) return transportErrors
  return written.flatMap((name) => {
    const found = forwarderErrorNames.find((one) => one.toLowerCase() === name.toLowerCase())
    if (!found)
      section.fault('Errors', `has an unknown one (${name})`, `Use ${transportErrors.join(', ')} or the like`)
    return found ?? []
  })
}

function readBudget(section: Section | undefined): RetryBudgetConfiguration {
  const ratio = section && share(section, 'Ratio')
  const minimumPerSecond = section && whole(section, 'MinimumPerSecond', { least: 0, most: 1000 })
  section?.end()
  return { ratio: ratio ?? 0.2, minimumPerSecond: minimumPerSecond ?? 3 }
}

function readBreaker(section: Section | undefined): BreakerConfiguration | undefined {
  if (!section) return undefined
  const openMilliseconds = section.timeSpan('OpenFor') ?? 5000
  const breaker: BreakerConfiguration = {
    windowMilliseconds: section.timeSpan('Window') ?? 10_000,
    minimumRequests: whole(section, 'MinimumRequests', { least: 1, most: 1_000_000 }) ?? 20,
    failureRatio: share(section, 'FailureRatio') ?? 0.5,
    statuses: readStatuses(section, unavailable),
    slowMilliseconds: section.timeSpan('SlowAfter'),
    slowRatio: share(section, 'SlowRatio') ?? 0.8,
    openMilliseconds,
    longestOpenMilliseconds: Math.max(section.timeSpan('LongestOpenFor') ?? 60_000, openMilliseconds),
    probes: whole(section, 'Probes', { least: 1, most: 100 }) ?? 3,
  }
  section.end()
  return breaker
}

function readHedging(section: Section | undefined): HedgingConfiguration | undefined {
  if (!section) return undefined
  const hedging = {
    delayMilliseconds: section.timeSpan('Delay') ?? 500,
    methods: readMethods(section, safe),
  }
  // Both attempts may arrive, and both may do something.
  const unsafe = [...hedging.methods].filter((method) => !safe.includes(method))
  if (unsafe.length > 0)
    section.fault('Methods', `has one that is not safe (${unsafe})`, `Use ${safe.join(', ')}`)
  section.end()
  return hedging
}

function readConcurrency(section: Section | undefined): ConcurrencyConfiguration | undefined {
  if (!section) return undefined
  const bounds = { least: 1, most: 1_000_000 }
  const perDestination = whole(section, 'PerDestination', bounds)
  const perCluster = whole(section, 'PerCluster', bounds)
  if (perDestination === undefined && perCluster === undefined)
    section.fault('', 'has neither PerDestination nor PerCluster', 'Add one of them')
  const concurrency = {
    perDestination: perDestination ?? Number.POSITIVE_INFINITY,
    perCluster: perCluster ?? Number.POSITIVE_INFINITY,
    queueLength: whole(section, 'QueueLength', { least: 0, most: 100_000 }) ?? 0,
    queueMilliseconds: section.timeSpan('QueueFor') ?? 1000,
  }
  section.end()
  return concurrency
}

function whole(
  section: Section,
  key: string,
  { least, most }: { least: number; most: number },
): number | undefined {
  const value = section.number(key)
  if (value !== undefined && !(Number.isSafeInteger(value) && value >= least && value <= most))
    section.fault(key, 'is not a whole number in its range', `Write one from ${least} to ${most}`)
  return value
}

function share(section: Section, key: string): number | undefined {
  const value = section.number(key)
  if (value !== undefined && !(value > 0 && value <= 1))
    section.fault(key, 'is not a share', 'Write a number above 0, at most 1')
  return value
}

const readMethods = (section: Section, usual: readonly string[]): Set<string> =>
  new Set((section.texts('Methods') ?? usual).map((method) => method.toUpperCase()))

function readStatuses(section: Section, usual: readonly number[]): Set<number> {
  const statuses = section.numbers('Statuses') ?? usual
  if (statuses.some((status) => !Number.isInteger(status) || status < 400 || status > 599))
    section.fault('Statuses', 'has one that is no failure', 'Use numbers from 400 to 599')
  return new Set(statuses)
}
