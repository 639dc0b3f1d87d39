import type { ClusterConfiguration } from '#src/configuration/proxy-configuration.ts'
import { createUndiciForwarder } from '#src/forwarding/undici-forwarder.ts'
import type { Clock } from '#src/ports.ts'
import { createAffinity } from './affinity/affinity.ts'
import { createBalancer } from './balancing.ts'
import { createDestination, type Destination, isUnhealthy } from './destination.ts'
import { notePassive, startActiveHealth } from './health.ts'

/** A cluster at work. */
export type Cluster = {
  readonly configuration: ClusterConfiguration
  readonly destinations: readonly Destination[]
  /** A destination for one exchange; `undefined` where none is available. Expects the client's headers and whether they came by TLS. */
  choose(rawHeaders: readonly string[], isSecure: boolean): Choice | undefined
  /** Tells how an exchange with a destination went. */
  note(destination: Destination, failed: boolean): void
  /** Stops its probes. Destinations are closed by whoever replaces it. */
  stop(): void
}

/** A destination, and the header that ties the client to it where it is not tied yet. */
export type Choice = {
  readonly destination: Destination
  readonly tie: readonly [name: string, value: string] | undefined
}

/** What clusters need of their surroundings. */
export type ClusterParts = {
  clock: Clock
  random: () => number
  /** 32 bytes that encrypt the keys of session affinity. */
  affinitySecret: Uint8Array
}

/** Makes a cluster; a destination that `before` had just so is taken over with its connections and its health. */
export function createCluster(
  configuration: ClusterConfiguration,
  before: Cluster | undefined,
  { clock, random, affinitySecret }: ClusterParts,
): Cluster {
  const { connection } = configuration
  const sameConnection = isSame(before?.configuration.connection, connection)
  const destinations = configuration.destinations.map((wanted) => {
    const kept = before?.destinations.find((one) => isSame(one.configuration, wanted))
    if (kept && sameConnection) return kept
    return createDestination(wanted, createUndiciForwarder(wanted.origin, connection))
  })
  const { activeHealth, passiveHealth, availableDestinationsPolicy, loadBalancingPolicy } = configuration
  const balance = createBalancer(loadBalancingPolicy, random)
  const stop = activeHealth ? startActiveHealth(destinations, activeHealth, random) : () => {}
  const affinity =
    configuration.affinity && createAffinity(configuration.affinity, destinations, affinitySecret)

  function availableOnes(): readonly Destination[] {
    const healthy = destinations.filter((destination) => !isUnhealthy(destination))
    return healthy.length === 0 && availableDestinationsPolicy === 'HealthyOrPanic' ? destinations : healthy
  }

  return {
    configuration,
    destinations,
    choose(rawHeaders, isSecure) {
      const available = availableOnes()
      const tied = affinity?.find(rawHeaders)
      if (tied && tied !== 'lost' && available.includes(tied)) return { destination: tied, tie: undefined }
      const mayMove = tied === undefined || configuration.affinity?.failurePolicy === 'Redistribute'
      if (available.length === 0 || !mayMove) return undefined
      const destination = balance(available)
      return { destination, tie: affinity?.tie(destination, isSecure, clock.now()) }
    },
    note(destination, failed) {
      if (passiveHealth) notePassive(destination, failed, passiveHealth, clock)
    },
    stop,
  }
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
