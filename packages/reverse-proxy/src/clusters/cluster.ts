import type { ClusterConfiguration } from '#src/configuration/proxy-configuration.ts'
import { createHttp1Forwarder } from '#src/forwarding/http1/http1-forwarder.ts'
import type { Clock } from '#src/ports.ts'
import { createBalancer } from './balancing.ts'
import { createDestination, type Destination, isUnhealthy } from './destination.ts'
import { notePassive, startActiveHealth } from './health.ts'

/** A cluster at work. */
export type Cluster = {
  readonly configuration: ClusterConfiguration
  readonly destinations: readonly Destination[]
  /** A destination for one exchange; `undefined` where none is available. */
  choose(): Destination | undefined
  /** Tells how an exchange with a destination went. */
  note(destination: Destination, failed: boolean): void
  /** Stops its probes. Destinations are closed by whoever replaces it. */
  stop(): void
}

/** What clusters need of their surroundings. */
export type ClusterParts = { clock: Clock; random: () => number }

/** Makes a cluster; a destination that `before` had just so is taken over with its connections and its health. */
export function createCluster(
  configuration: ClusterConfiguration,
  before: Cluster | undefined,
  { clock, random }: ClusterParts,
): Cluster {
  const destinations = configuration.destinations.map((wanted) => {
    const sameConnections =
      before?.configuration.maxConnectionsPerServer === configuration.maxConnectionsPerServer
    const kept = before?.destinations.find(
      (one) => JSON.stringify(one.configuration) === JSON.stringify(wanted),
    )
    if (kept && sameConnections) return kept
    return createDestination(
      wanted,
      createHttp1Forwarder(wanted.origin, { connections: configuration.maxConnectionsPerServer }),
    )
  })
  const { activeHealth, passiveHealth, availableDestinationsPolicy, loadBalancingPolicy } = configuration
  const balance = createBalancer(loadBalancingPolicy, random)
  const stop = activeHealth ? startActiveHealth(destinations, activeHealth, random) : () => {}
  return {
    configuration,
    destinations,
    choose() {
      const healthy = destinations.filter((destination) => !isUnhealthy(destination))
      const panic = healthy.length === 0 && availableDestinationsPolicy === 'HealthyOrPanic'
      const available = panic ? destinations : healthy
      return available.length > 0 ? balance(available) : undefined
    },
    note(destination, failed) {
      if (passiveHealth) notePassive(destination, failed, passiveHealth, clock)
    },
    stop,
  }
}
