import type { OutlierConfiguration } from './resilience-configuration.ts'

/** What is known of one destination beside its peers. */
export class OutlierRecord {
  /** Failures since the last answer that was none. */
  failures = 0
  gatewayFailures = 0
  /** In this interval. */
  requests = 0
  successes = 0
  /** How often it was left out; fewer again with each interval in which it is not. */
  ejections = 0
  ejectedUntil = 0
}

/** Whatever has such a record. */
type Recorded = { readonly outlier: OutlierRecord }

/**
 * Leaves destinations out that answer markedly worse than their peers, for a time that grows, in Envoy's way: so many failures one after the
 * other, or a share of successes far below that of the others. Some always stay, so that a fault that all share ejects nobody but a few.
 */
export class OutlierEjection {
  readonly #configuration: OutlierConfiguration
  readonly #destinations: readonly Recorded[]
  readonly #now: () => number
  #comparesAt: number
  /** No destination is ejected from then on; spares the look at each. */
  #quietFrom = 0

  /** `now`: in milliseconds. What the records hold already stays. */
  constructor(configuration: OutlierConfiguration, destinations: readonly Recorded[], now: () => number) {
    this.#configuration = configuration
    this.#destinations = destinations
    this.#now = now
    this.#comparesAt = now() + configuration.intervalMilliseconds
    for (const { outlier } of destinations) this.#quietFrom = Math.max(this.#quietFrom, outlier.ejectedUntil)
  }

  /** How long a destination stays left out, in milliseconds. */
  remainingMilliseconds({ ejectedUntil }: OutlierRecord): number {
    return Math.max(0, ejectedUntil - this.#now())
  }

  /** Those that are not left out; all of them where that would be none. */
  admitted<Destination extends Recorded>(destinations: readonly Destination[]): readonly Destination[] {
    const now = this.#now()
    if (now >= this.#quietFrom) return destinations
    const admitted = destinations.filter(({ outlier }) => outlier.ejectedUntil <= now)
    return admitted.length > 0 ? admitted : destinations
  }

  /** An exchange has ended: well, in a failure, or in one that says that the destination cannot be reached or used. */
  note({ outlier }: Recorded, outcome: 'success' | 'failure' | 'gateway-failure'): void {
    const now = this.#now()
    if (now >= this.#comparesAt) this.#compare(now)
    // Answers to what was sent before.
    if (outlier.ejectedUntil > now) return
    outlier.requests++
    if (outcome === 'success') outlier.successes++
    outlier.failures = outcome === 'success' ? 0 : outlier.failures + 1
    outlier.gatewayFailures = outcome === 'gateway-failure' ? outlier.gatewayFailures + 1 : 0
    const { consecutiveFailures, consecutiveGatewayFailures } = this.#configuration
    if (outlier.failures >= consecutiveFailures || outlier.gatewayFailures >= consecutiveGatewayFailures)
      this.#eject(outlier, now)
  }

  /** Ends an interval. */
  #compare(now: number): void {
    const { intervalMilliseconds, minimumRequests, minimumDestinations, deviations } = this.#configuration
    this.#comparesAt = now + intervalMilliseconds
    const records = this.#destinations.map(({ outlier }) => outlier).filter((one) => one.ejectedUntil <= now)
    const busy = records.filter(({ requests }) => requests >= minimumRequests)
    const lowest = busy.length >= minimumDestinations ? lowestUsual(busy, deviations) : 0
    for (const record of records) {
      if (busy.includes(record) && rateOf(record) < lowest) this.#eject(record, now)
      // One whole interval in which it was not left out.
      else if (record.ejectedUntil <= now - intervalMilliseconds)
        record.ejections = Math.max(0, record.ejections - 1)
      record.requests = 0
      record.successes = 0
    }
  }

  #eject(record: OutlierRecord, now: number): void {
    record.failures = 0
    record.gatewayFailures = 0
    const ejected = this.#destinations.filter(({ outlier }) => outlier.ejectedUntil > now).length
    if (ejected >= this.#most()) return
    const { ejectMilliseconds, longestEjectMilliseconds } = this.#configuration
    record.ejections++
    record.ejectedUntil = now + Math.min(ejectMilliseconds * record.ejections, longestEjectMilliseconds)
    record.requests = 0
    record.successes = 0
    this.#quietFrom = Math.max(this.#quietFrom, record.ejectedUntil)
  }

  /** At least one, and never all. */
  #most(): number {
    const { length } = this.#destinations
    return Math.min(length - 1, Math.max(1, Math.floor(length * this.#configuration.mostEjected)))
  }
}

const rateOf = ({ successes, requests }: OutlierRecord) => successes / requests

/** So many standard deviations below the mean. */
function lowestUsual(records: readonly OutlierRecord[], deviations: number): number {
  const rates = records.map(rateOf)
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length
  const variance = rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / rates.length
  return mean - deviations * Math.sqrt(variance)
}
