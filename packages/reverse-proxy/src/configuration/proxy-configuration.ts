import type { BlockList } from 'node:net'
import type { AffinityConfiguration } from '#src/clusters/affinity/affinity-configuration.ts'
import type { CorsPolicy } from '#src/cors/cors-policy.ts'
import type { OddForm } from '#src/edge/odd-path.ts'
import type { UpstreamConnection } from '#src/forwarding/upstream-connection.ts'
import type { OutputCachePolicy } from '#src/output-cache/output-cache-policy.ts'
import type { ResilienceConfiguration } from '#src/resilience/resilience-configuration.ts'
import type { ResolverConfiguration } from '#src/resolving/destination-resolver.ts'
import type { Criterion } from '#src/routing/criteria.ts'
import type { PathTemplate } from '#src/routing/path-template.ts'
import type { ListenerConfiguration } from '#src/servers/listener-configuration.ts'
import type { RouteTransforms } from '#src/transforms/transform.ts'
import type { Limits } from './read-limits.ts'

/** Routes and clusters, read and checked. */
export type ProxyConfiguration = {
  readonly routes: readonly RouteConfiguration[]
  readonly clusters: ReadonlyMap<string, ClusterConfiguration>
  /** Whose word about the client counts; `undefined` = nobody's. */
  readonly trustedProxies: BlockList | undefined
  readonly limits: Limits
  /** Ports beside the app's own. They open at the start; a reload changes none. */
  readonly listeners: readonly ListenerConfiguration[]
  /** What may be set, but should be known to whoever runs it. */
  readonly warnings: readonly string[]
}

/** One of YARP's `Routes`. */
export type RouteConfiguration = {
  readonly id: string
  readonly clusterId: string
  /** Lower wins. */
  readonly order: number
  /** A name; `Default` where none is given, since what is not declared is not open. */
  readonly authorizationPolicy: string
  /** `undefined` where the gateway leaves CORS to the service; `disabled` where it allows no other origin. */
  readonly cors: CorsPolicy | 'disabled' | undefined
  /** A name; `undefined` where nothing is limited. */
  readonly rateLimiterPolicy: string | undefined
  /** `undefined` where nothing is stored. */
  readonly outputCache: OutputCachePolicy | undefined
  readonly timeoutMilliseconds: number | undefined
  /** In bytes; `undefined` where the engine's limit holds. */
  readonly maxRequestBodySize: number | undefined
  /** Whether a body passes where its method gives it none (RFC 9110 §9.3). */
  readonly takesBodyWithoutMeaning: boolean
  readonly path: PathTemplate
  /** Forms of a path that servers read in different ways, and this route takes. */
  readonly paths: ReadonlySet<OddForm>
  /** In lower case, with their port where one is given; empty = any. */
  readonly hosts: readonly string[]
  /** Empty = any. */
  readonly methods: readonly string[]
  /** All must hold. */
  readonly headers: readonly Criterion[]
  readonly queryParameters: readonly Criterion[]
  readonly transforms: RouteTransforms
}

export const loadBalancingPolicies = [
  'PowerOfTwoChoices',
  'FirstAlphabetical',
  'Random',
  'RoundRobin',
  'LeastRequests',
] as const

/** How a destination is chosen among those available. */
export type LoadBalancingPolicy = (typeof loadBalancingPolicies)[number]

/** One of YARP's `Clusters`. */
export type ClusterConfiguration = {
  readonly id: string
  readonly destinations: readonly DestinationConfiguration[]
  /** `undefined` where the names of destinations are left to each connection. */
  readonly resolver: ResolverConfiguration | undefined
  readonly loadBalancingPolicy: LoadBalancingPolicy
  readonly availableDestinationsPolicy: 'HealthyAndUnknown' | 'HealthyOrPanic'
  readonly affinity: AffinityConfiguration | undefined
  readonly activeHealth: ActiveHealthConfiguration | undefined
  readonly passiveHealth: PassiveHealthConfiguration | undefined
  /** How long nothing may flow in either direction. */
  readonly activityTimeoutMilliseconds: number
  readonly connection: UpstreamConnection
  readonly resilience: ResilienceConfiguration | undefined
}

/** One of a cluster's `Destinations`. */
export type DestinationConfiguration = {
  readonly id: string
  /** Scheme and authority. */
  readonly origin: string
  /** The path of the address, without a `/` at its end. */
  readonly basePath: string
  /** The `Host` header sent to it. */
  readonly host: string
  /** The name that its certificate is for, where that is not the host of its address. */
  readonly serverName: string | undefined
  /** Base URL of its health checks. */
  readonly health: string
}

/** Probes of our own. */
export type ActiveHealthConfiguration = {
  readonly intervalMilliseconds: number
  readonly timeoutMilliseconds: number
  readonly path: string
  /** Failures in a row that make it unhealthy. */
  readonly threshold: number
}

/** What clients' requests tell of a destination. */
export type PassiveHealthConfiguration = {
  readonly reactivationMilliseconds: number
  /** The share of transport failures, from 0 to 1, that makes it unhealthy. */
  readonly rateLimit: number
}
