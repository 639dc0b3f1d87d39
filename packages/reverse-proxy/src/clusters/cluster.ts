import type {
  ClusterConfiguration,
  DestinationConfiguration,
} from '#src/configuration/proxy-configuration.ts'
import { createForwarder } from '#src/forwarding/create-forwarder.ts'
import { blamesDestination, type ForwarderErrorName } from '#src/forwarding/forwarder-error.ts'
import type { UpstreamConnection } from '#src/forwarding/upstream-connection.ts'
import type { Clock } from '#src/ports.ts'
import { CircuitBreaker, type Outcome } from '#src/resilience/circuit-breaker.ts'
import { OutlierEjection } from '#src/resilience/outlier-ejection.ts'
import { RetryBudget } from '#src/resilience/retry-budget.ts'
import { type Waiter, WaitingLine } from '#src/resilience/waiting-line.ts'
import { Upgrader } from '#src/upgrades/upgrader.ts'
import { type Affinity, createAffinity } from './affinity/affinity.ts'
import { type Balancer, createBalancer } from './balancing.ts'
import { createDestination, type Destination, isUnhealthy } from './destination.ts'
import { notePassive, startActiveHealth } from './health.ts'

/** A destination, and the header that ties the client to it where it is not tied yet. */
export type Choice = {
  readonly destination: Destination
  readonly tie: readonly [name: string, value: string] | undefined
}

/** How an attempt ended; `outcome` is `undefined` where that says nothing of the destination. */
type AttemptEnd = {
  outcome: Outcome | undefined
  isProbe: boolean
  name: ForwarderErrorName
  status?: number
}

/** Why there is no destination for an exchange now. */
export type NoChoice = 'NoAvailableDestinations' | 'CircuitOpen' | 'ConcurrencyLimit'

/** What clusters need of their surroundings. */
export type ClusterParts = {
  clock: Clock
  random: () => number
  /** 32 bytes that encrypt the keys of session affinity. */
  affinitySecret: Uint8Array
}

/** A cluster at work. A destination that the cluster `before` had just so is taken over with its connections, its health and its breaker. */
export class Cluster {
  readonly configuration: ClusterConfiguration
  readonly destinations: readonly Destination[]
  /** `undefined` where nothing is sent twice. */
  readonly budget: RetryBudget | undefined
  /** `undefined` where no destination is left out for being worse than others. */
  readonly outliers: OutlierEjection | undefined
  /** Numbers from 0 to below 1. */
  readonly random: () => number
  readonly #clock: Clock
  readonly #affinity: Affinity | undefined
  readonly #balance: Balancer
  readonly #line: WaitingLine
  readonly #stopProbes: () => void

  constructor(
    configuration: ClusterConfiguration,
    before: Cluster | undefined,
    { clock, random, affinitySecret }: ClusterParts,
  ) {
    const { affinity, activeHealth, connection, loadBalancingPolicy, resilience } = configuration
    this.configuration = configuration
    this.random = random
    this.#clock = clock
    this.destinations = takeOver(configuration, before, clock)
    this.#affinity = affinity && createAffinity(affinity, this.destinations, affinitySecret)
    this.#balance = createBalancer(loadBalancingPolicy, random)
    this.#line = before ? before.#line : new WaitingLine()
    this.budget = resilience && new RetryBudget(resilience.budget, () => clock.now())
    this.outliers =
      resilience?.outliers && new OutlierEjection(resilience.outliers, this.destinations, () => clock.now())
    this.#stopProbes = activeHealth
      ? startActiveHealth(this.destinations, { health: activeHealth, connection, random })
      : () => {}
  }

  /**
   * A destination for an attempt. Expects the client's headers, whether they came by TLS, and the destinations that were tried already: another
   * one is preferred.
   */
  choose(rawHeaders: readonly string[], isSecure: boolean, tried: readonly Destination[]): Choice | NoChoice {
    const healthy = this.#usable()
    if (healthy.length === 0) return 'NoAvailableDestinations'
    const admitting = healthy.every(admits) ? healthy : healthy.filter(admits)
    if (admitting.length === 0) return 'CircuitOpen'
    const tied = this.#affinity?.find(rawHeaders)
    if (tied === 'lost' || (tied && !admitting.includes(tied))) {
      if (this.configuration.affinity?.failurePolicy === 'Return503Error') return 'NoAvailableDestinations'
    }
    const free = this.#free(admitting)
    if (free.length === 0) return 'ConcurrencyLimit'
    if (tied && tied !== 'lost' && free.includes(tied) && !tried.includes(tied))
      return { destination: tied, tie: undefined }
    const others = tried.length > 0 ? free.filter((destination) => !tried.includes(destination)) : free
    const destination = this.#balance(others.length > 0 ? others : free)
    return { destination, tie: this.#affinity?.tie(destination, isSecure, this.#clock.now()) }
  }

  #usable(): readonly Destination[] {
    const healthy = this.#healthy()
    return this.outliers ? this.outliers.admitted(healthy) : healthy
  }

  #healthy(): readonly Destination[] {
    // Mostly all are, and then no list has to be made.
    if (!this.destinations.some(isUnhealthy)) return this.destinations
    const healthy = this.destinations.filter((destination) => !isUnhealthy(destination))
    const isPanic =
      healthy.length === 0 && this.configuration.availableDestinationsPolicy === 'HealthyOrPanic'
    return isPanic ? this.destinations : healthy
  }

  /** Those that may take one more exchange now. */
  #free(destinations: readonly Destination[]): readonly Destination[] {
    const { concurrency } = this.configuration.resilience ?? {}
    if (!concurrency) return destinations
    const inFlight = this.destinations.reduce((sum, destination) => sum + destination.inFlight, 0)
    if (inFlight >= concurrency.perCluster) return []
    return destinations.filter((destination) => destination.inFlight < concurrency.perDestination)
  }

  /** Whether a hedge would go to another destination. */
  hasOtherThan(tried: readonly Destination[]): boolean {
    return this.#usable().some((destination) => !tried.includes(destination) && admits(destination))
  }

  /** Waits for the end of another exchange; gives how to leave the line, or `undefined` where there is none or it is full. */
  wait(waiter: Waiter): (() => void) | undefined {
    const { concurrency } = this.configuration.resilience ?? {}
    return concurrency && this.#line.wait(concurrency, waiter)
  }

  /** An attempt begins; gives whether it is a probe of the breaker's. */
  begin(destination: Destination): boolean {
    destination.inFlight++
    return destination.breaker?.begin() ?? false
  }

  /** An attempt has ended, in an answer of this status where there was one. */
  end(destination: Destination, { outcome, isProbe, name, status = 0 }: AttemptEnd): void {
    destination.inFlight--
    destination.breaker?.end(outcome, isProbe)
    const { passiveHealth } = this.configuration
    if (passiveHealth && outcome)
      notePassive(destination, blamesDestination(name), passiveHealth, this.#clock)
    if (this.outliers && outcome) this.outliers.note(destination, standingOf(name, status))
    this.#line.next()
  }

  /** When it may be worth to ask again, in milliseconds. */
  retryAfterMilliseconds(): number {
    const open = this.destinations.map(({ breaker }) => breaker?.remainingMilliseconds ?? 0).filter(Boolean)
    return open.length > 0 ? Math.min(...open) : 1000
  }

  /** Stops its probes. Destinations are closed by whoever replaces it. */
  stop(): void {
    this.#stopProbes()
  }
}

/** As outliers are counted: whatever else a cluster counts as a failure. */
function standingOf(name: ForwarderErrorName, status: number): 'success' | 'failure' | 'gateway-failure' {
  if (blamesDestination(name) || (status >= 502 && status <= 504)) return 'gateway-failure'
  return status >= 500 ? 'failure' : 'success'
}

const admits = ({ breaker }: Destination) => breaker?.admits ?? true

function takeOver(
  { id, destinations, connection, resilience }: ClusterConfiguration,
  before: Cluster | undefined,
  clock: Clock,
): Destination[] {
  const sameConnection = isSame(before?.configuration.connection, connection)
  const sameBreaker = isSame(before?.configuration.resilience?.breaker, resilience?.breaker)
  return destinations.map((wanted) => {
    const kept = before?.destinations.find((one) => isSame(one.configuration, wanted))
    const destination = kept && sameConnection ? kept : openDestination(id, wanted, connection)
    if (destination !== kept || !sameBreaker)
      destination.breaker = resilience?.breaker && new CircuitBreaker(resilience.breaker, () => clock.now())
    return destination
  })
}

const openDestination = (
  cluster: string,
  wanted: DestinationConfiguration,
  connection: UpstreamConnection,
): Destination =>
  createDestination(cluster, wanted, {
    forwarder: createForwarder(wanted.origin, connection, wanted.serverName),
    upgrader: new Upgrader(wanted.origin, connection, wanted.serverName),
  })

/** Sets are compared by their members. */
const isSame = (one: unknown, other: unknown) => asText(one) === asText(other)
const asText = (value: unknown) =>
  JSON.stringify(value, (_key, member) => (member instanceof Set ? [...member] : member))
