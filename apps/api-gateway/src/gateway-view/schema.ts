import { type Static, type TSchema, Type } from 'typebox'

// What GET /api/gateway answers. The API client is generated from it, and the view is built to its types.

const object = <const Properties extends Record<string, TSchema>>(title: string, properties: Properties) =>
  Type.Object(properties, { title, additionalProperties: false })
const orNull = <const Inner extends TSchema>(inner: Inner) => Type.Union([inner, Type.Null()])
const Moment = Type.String({ format: 'date-time' })
const Texts = Type.Array(Type.String())
const Amount = Type.Number()

const LiveSchema = object('LiveFigures', {
  requestsPerSecond: Type.Number({ description: 'Over the last minute' }),
  failuresPerSecond: Type.Number({ description: 'Answers from 500 on, and failures on the way' }),
  p50Milliseconds: orNull(Amount),
  p95Milliseconds: orNull(Amount),
})

const CriterionSchema = object('GatewayCriterion', {
  name: Type.String(),
  mode: Type.Enum(['exact', 'prefix', 'contains', 'not-contains', 'exists', 'not-exists'], {
    title: 'GatewayCriterionMode',
    type: 'string',
  }),
  values: orNull(Texts),
  isCaseSensitive: Type.Boolean(),
})

const RouteSchema = object('GatewayRoute', {
  id: Type.String(),
  order: Amount,
  path: Type.String(),
  hosts: Texts,
  methods: Texts,
  headers: Type.Array(CriterionSchema),
  queryParameters: Type.Array(CriterionSchema),
  clusterId: Type.String(),
  isOwn: Type.Boolean({ description: 'Whether the gateway answers it itself' }),
  authorizationPolicy: Type.String(),
  rateLimiterPolicy: orNull(Type.String()),
  outputCachePolicy: orNull(Type.String()),
  corsOrigins: orNull(Texts),
  timeoutMilliseconds: orNull(Amount),
  maxRequestBodySize: orNull(Amount),
  upgrades: Type.Array(Type.String(), { description: 'Protocols that clients may change to' }),
  live: LiveSchema,
  furtherAttemptsPerSecond: Amount,
})

const HealthSchema = Type.Enum(['unknown', 'healthy', 'unhealthy'], {
  title: 'GatewayHealth',
  type: 'string',
})

const state = {
  health: object('GatewayDestinationHealth', { active: HealthSchema, passive: HealthSchema }),
  breaker: orNull(
    object('GatewayBreaker', {
      state: Type.Enum(['closed', 'open', 'half-open'], { title: 'GatewayBreakerState', type: 'string' }),
      remainingMilliseconds: Type.Number({ description: 'How long it stays open' }),
    }),
  ),
  ejection: orNull(
    object('GatewayEjection', {
      remainingMilliseconds: Type.Number({ description: 'How long it is left out; 0 where it is not' }),
      ejections: Type.Integer({ description: 'How often it was lately' }),
    }),
  ),
}

const DestinationSchema = object('GatewayDestination', {
  id: Type.String(),
  address: Type.String(),
  inFlight: Type.Integer(),
  ...state,
  byWorker: orNull(
    Type.Array(object('GatewayWorkerState', { worker: Type.Integer(), ...state }), {
      description:
        'Where workers do not agree; then health, breaker and ejection are those of the one that finds it worst',
    }),
  ),
  live: LiveSchema,
})

const ResilienceSchema = object('GatewayResilience', {
  retry: orNull(
    object('GatewayRetry', {
      attempts: Amount,
      methods: Texts,
      statuses: Type.Array(Amount),
      errors: Texts,
      perTryTimeoutMilliseconds: orNull(Amount),
    }),
  ),
  budget: object('GatewayRetryBudget', { ratio: Amount, minimumPerSecond: Amount }),
  breaker: orNull(
    object('GatewayBreakerSettings', {
      ...{ windowMilliseconds: Amount, minimumRequests: Amount, failureRatio: Amount },
      statuses: Type.Array(Amount),
      ...{ slowMilliseconds: orNull(Amount), slowRatio: Amount },
      ...{ openMilliseconds: Amount, longestOpenMilliseconds: Amount, probes: Amount },
    }),
  ),
  outlierEjection: orNull(
    object('GatewayOutlierEjection', {
      ...{ consecutiveFailures: Amount, consecutiveGatewayFailures: orNull(Amount) },
      ...{ intervalMilliseconds: Amount, minimumDestinations: Amount, minimumRequests: Amount },
      ...{ deviations: Amount, ejectMilliseconds: Amount, longestEjectMilliseconds: Amount },
      mostEjected: Amount,
    }),
  ),
  hedging: orNull(object('GatewayHedging', { delayMilliseconds: Amount, methods: Texts })),
  concurrency: orNull(
    object('GatewayConcurrency', {
      ...{ perDestination: orNull(Amount), perCluster: orNull(Amount) },
      ...{ queueLength: Amount, queueMilliseconds: Amount },
    }),
  ),
})

const ClusterSchema = object('GatewayCluster', {
  id: Type.String(),
  loadBalancingPolicy: Type.String(),
  availableDestinationsPolicy: Type.String(),
  affinity: orNull(object('GatewayAffinity', { policy: Type.String(), failurePolicy: Type.String() })),
  activeHealth: orNull(
    object('GatewayActiveHealth', {
      intervalMilliseconds: Amount,
      timeoutMilliseconds: Amount,
      threshold: Amount,
    }),
  ),
  passiveHealth: orNull(
    object('GatewayPassiveHealth', { reactivationMilliseconds: Amount, rateLimit: Amount }),
  ),
  activityTimeoutMilliseconds: Amount,
  httpVersion: Type.String(),
  verifiesCertificates: Type.Boolean(),
  resilience: orNull(ResilienceSchema),
  destinations: Type.Array(DestinationSchema),
})

const RateLimitSchema = object('GatewayRateLimit', {
  name: Type.String(),
  algorithm: Type.String(),
  permits: Amount,
  windowMilliseconds: orNull(Amount),
  partitions: Texts,
  allowedPerSecond: Amount,
  refusedPerSecond: Amount,
})

/** The whole view. */
export const GatewayViewSchema = object('GatewayView', {
  at: Moment,
  configuration: object('GatewaySnapshot', {
    hash: Type.String({ description: 'SHA-256 of the configuration that serves, in hexadecimal digits' }),
    since: Moment,
  }),
  lastReading: object('GatewayReading', {
    at: Moment,
    faults: Type.Array(Type.String(), { description: 'With one, what was read before goes on serving' }),
    warnings: Texts,
  }),
  workers: Type.Integer({ description: 'How many processes the figures are of' }),
  routes: Type.Array(RouteSchema, { description: 'In match order' }),
  clusters: Type.Array(ClusterSchema),
  rateLimits: object('GatewayRateLimits', {
    isAlone: Type.Boolean({ description: 'Whether this gateway counts by itself, without Redis' }),
    policies: Type.Array(RateLimitSchema),
  }),
  access: object('GatewayAccess', {
    hasKeys: Type.Boolean({ description: 'Whether the keys of the issuer are known' }),
    revocationsSilentMilliseconds: Type.Number({
      description: 'For how long revocations may have been missed',
    }),
  }),
})

const MissedSchema = Type.Enum(['host', 'path', 'header', 'query', 'method'], {
  title: 'GatewayMissed',
  type: 'string',
})

/** What GET /api/gateway/which answers. */
export const WhichRouteSchema = object('GatewayWhichRoute', {
  method: Type.String(),
  host: Type.String(),
  target: Type.String(),
  answeredBy: Type.Enum(['cluster', 'gateway', 'web-app', 'nobody'], {
    title: 'GatewayAnswerer',
    type: 'string',
  }),
  route: orNull(Type.String()),
  clusterId: orNull(Type.String()),
  refusal: orNull(object('GatewayEdgeRefusal', { status: Type.Integer(), reason: Type.String() })),
  allow: Type.Array(Type.String(), { description: 'Methods with which some route would take it' }),
  passedOver: Type.Array(
    object('GatewayPassedOver', { route: Type.String(), missed: Type.Array(MissedSchema) }),
    {
      description: 'Routes that are tried before, in match order, with what they miss',
    },
  ),
  leftOut: Type.Integer({ description: 'How many more were passed over, for their path' }),
})

/** The gateway as administrators see it. */
export type GatewayView = Static<typeof GatewayViewSchema>
/** What became of requests in the last minute. */
export type LiveFigures = Static<typeof LiveSchema>
/** Which route takes a URL, and why. */
export type WhichRoute = Static<typeof WhichRouteSchema>
