import type { DestinationConfiguration } from '#src/configuration/proxy-configuration.ts'
import type { Forwarder } from '#src/forwarding/forwarder.ts'
import { DurationCounts } from '#src/live/duration-counts.ts'
import { RecentExchanges } from '#src/live/recent-exchanges.ts'
import type { CircuitBreaker } from '#src/resilience/circuit-breaker.ts'
import { OutlierRecord } from '#src/resilience/outlier-ejection.ts'
import { SlidingCounts } from '#src/resilience/sliding-counts.ts'
import type { Upgrader } from '#src/upgrades/upgrader.ts'

/** How long an outcome counts: YARP's TransportFailureRate. */
export const passiveWindowMilliseconds = 60_000

/** What is known of a destination's health. */
export type Health = 'unknown' | 'healthy' | 'unhealthy'

/** A destination at work. Its state outlives a reload that leaves it as it is. */
export type Destination = {
  /** With its cluster's, such as `orders/1`. */
  readonly name: string
  readonly configuration: DestinationConfiguration
  readonly forwarder: Forwarder
  /** For what is to become another protocol than HTTP. */
  readonly upgrader: Upgrader
  /** Exchanges at work, upgraded ones too. */
  inFlight: number
  /** `undefined` where the cluster has none. */
  breaker: CircuitBreaker | undefined
  /** Stays as it is where the cluster leaves nobody out. */
  readonly outlier: OutlierRecord
  /** `probedAt`: when it was probed last, by `performance.now()`. */
  active: { health: Health; failures: number; probedAt: number }
  passive: { health: Health; outcomes: SlidingCounts }
  /** Each request that was sent to it, with the time until its answer began. */
  readonly recent: RecentExchanges
  /** The same since it was opened, by the status of the answer; 0 where none came. */
  readonly answers: Map<number, DurationCounts>
}

export function createDestination(
  cluster: string,
  configuration: DestinationConfiguration,
  ways: Pick<Destination, 'forwarder' | 'upgrader'>,
): Destination {
  return {
    name: `${cluster}/${configuration.id}`,
    ...{ configuration, ...ways, inFlight: 0, breaker: undefined },
    active: { health: 'unknown', failures: 0, probedAt: Number.NEGATIVE_INFINITY },
    passive: { health: 'unknown', outcomes: new SlidingCounts(passiveWindowMilliseconds) },
    outlier: new OutlierRecord(),
    recent: new RecentExchanges(performance.now()),
    answers: new Map(),
  }
}

/** A request that was sent to it has been answered, or has failed (status 0). */
export function noteAnswer({ answers }: Destination, status: number, milliseconds: number): void {
  let durations = answers.get(status)
  if (!durations) {
    durations = new DurationCounts()
    answers.set(status, durations)
  }
  durations.add(milliseconds)
}

export const isUnhealthy = ({ active, passive }: Destination) =>
  active.health === 'unhealthy' || passive.health === 'unhealthy'
