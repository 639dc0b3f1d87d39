import { type ForwarderErrorName, forwarderErrorNames } from '#src/forwarding/forwarder-error.ts'
import type {
  BreakerConfiguration,
  ConcurrencyConfiguration,
  HedgingConfiguration,
  OutlierConfiguration,
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

/** Reads `Resilience` of a cluster: `Retry`, `RetryBudget`, `CircuitBreaker`, `OutlierEjection`, `Hedging`, `Concurrency`. What is not there is off. */
export function readResilience(section: Section | undefined): ResilienceConfiguration | undefined {
  if (!section) return undefined
  const resilience: ResilienceConfiguration = {
    retry: readRetry(section.section('Retry')),
    budget: readBudget(section.sectionOrEmpty('RetryBudget')),
    breaker: readBreaker(section.section('CircuitBreaker')),
    outliers: readOutliers(section.section('OutlierEjection')),
    hedging: readHedging(section.section('Hedging')),
    concurrency: readConcurrency(section.section('Concurrency')),
  }
  section.end()
  return resilience
}

function readRetry(section: Section | undefined): RetryConfiguration | undefined {
  if (!section) return undefined
  const retry: RetryConfiguration = {
    attempts: section.whole('Attempts', { least: 2, most: 10 }, 2),
    methods: readMethods(section, idempotent),
    statuses: readStatuses(section, unavailable),
    errors: new Set(section.choices('Errors', forwarderErrorNames, transportErrors)),
    perTryTimeoutMilliseconds: section.timeSpan('PerTryTimeout'),
    backoffMilliseconds: section.timeSpan('Backoff', 25),
    longestBackoffMilliseconds: section.timeSpan('LongestBackoff', 1000),
    longestRetryAfterMilliseconds: section.timeSpan('LongestRetryAfter', 2000),
    replayBytes: section.whole('ReplayBytes', { least: 0, most: 16_777_216 }, 65_536),
  }
  section.end()
  return retry
}

function readBudget(section: Section): RetryBudgetConfiguration {
  const ratio = section.share('Ratio', 0.2)
  const minimumPerSecond = section.whole('MinimumPerSecond', { least: 0, most: 1000 }, 3)
  section.end()
  return { ratio, minimumPerSecond }
}

function readBreaker(section: Section | undefined): BreakerConfiguration | undefined {
  if (!section) return undefined
  const openMilliseconds = section.timeSpan('OpenFor', 5000)
  const breaker: BreakerConfiguration = {
    windowMilliseconds: section.timeSpan('Window', 10_000),
    minimumRequests: section.whole('MinimumRequests', { least: 1, most: 1_000_000 }, 20),
    failureRatio: section.share('FailureRatio', 0.5),
    statuses: readStatuses(section, unavailable),
    slowMilliseconds: section.timeSpan('SlowAfter'),
    slowRatio: section.share('SlowRatio', 0.8),
    openMilliseconds,
    longestOpenMilliseconds: Math.max(section.timeSpan('LongestOpenFor', 60_000), openMilliseconds),
    probes: section.whole('Probes', { least: 1, most: 100 }, 3),
  }
  section.end()
  return breaker
}

/** The numbers are Envoy's. */
function readOutliers(section: Section | undefined): OutlierConfiguration | undefined {
  if (!section) return undefined
  const ejectMilliseconds = section.timeSpan('EjectFor', 30_000)
  const bounds = { least: 1, most: 1_000_000 }
  const outliers: OutlierConfiguration = {
    consecutiveFailures: section.whole('ConsecutiveFailures', bounds, 5),
    consecutiveGatewayFailures:
      section.whole('ConsecutiveGatewayFailures', bounds) ?? Number.POSITIVE_INFINITY,
    intervalMilliseconds: section.timeSpan('Interval', 10_000),
    minimumDestinations: section.whole('MinimumDestinations', { least: 2, most: 1000 }, 5),
    minimumRequests: section.whole('MinimumRequests', bounds, 100),
    deviations: section.number('Deviations', 1.9),
    ejectMilliseconds,
    longestEjectMilliseconds: Math.max(section.timeSpan('LongestEjectFor', 300_000), ejectMilliseconds),
    mostEjected: section.share('MostEjected', 0.1),
  }
  if (!(outliers.deviations > 0)) section.fault('Deviations', 'is not above 0', 'Write such as 1.9')
  section.end()
  return outliers
}

function readHedging(section: Section | undefined): HedgingConfiguration | undefined {
  if (!section) return undefined
  const hedging = {
    delayMilliseconds: section.timeSpan('Delay', 500),
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
  section.requiresOneOf(['PerDestination', 'PerCluster'], 'Add one of them')
  const perDestination = section.whole('PerDestination', bounds)
  const perCluster = section.whole('PerCluster', bounds)
  const concurrency = {
    perDestination: perDestination ?? Number.POSITIVE_INFINITY,
    perCluster: perCluster ?? Number.POSITIVE_INFINITY,
    queueLength: section.whole('QueueLength', { least: 0, most: 100_000 }, 0),
    queueMilliseconds: section.timeSpan('QueueFor', 1000),
  }
  section.end()
  return concurrency
}

const readMethods = (section: Section, usual: readonly string[]): Set<string> =>
  new Set(section.texts('Methods', usual).map((method) => method.toUpperCase()))

function readStatuses(section: Section, usual: readonly number[]): Set<number> {
  const statuses = section.numbers('Statuses', usual)
  if (statuses.some((status) => !Number.isInteger(status) || status < 400 || status > 599))
    section.fault('Statuses', 'has one that is no failure', 'Use numbers from 400 to 599')
  return new Set(statuses)
}
