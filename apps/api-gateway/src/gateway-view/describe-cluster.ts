import { type ClusterConfiguration, type Snapshot, summarize } from '@alicerce/reverse-proxy'
import { describeRecent } from './describe-route.ts'
import type { GatewayView } from './schema.ts'
import { joinStates, type WorkerFigures } from './worker-figures.ts'

type Cluster = NonNullable<ReturnType<Snapshot['clusters']['get']>>
type ClusterView = GatewayView['clusters'][number]

/** A cluster and how its destinations are. An HTTP proxy and the query of health checks are left out: they may hold credentials. */
export function describeCluster(
  { configuration, destinations }: Cluster,
  figures: readonly WorkerFigures[],
): ClusterView {
  const { id, loadBalancingPolicy, availableDestinationsPolicy, activityTimeoutMilliseconds } = configuration
  const { affinity, activeHealth, passiveHealth, connection, resilience } = configuration
  return {
    ...{ id, loadBalancingPolicy, availableDestinationsPolicy, activityTimeoutMilliseconds },
    affinity: affinity ? { policy: affinity.policy, failurePolicy: affinity.failurePolicy } : null,
    activeHealth: activeHealth ? describeActiveHealth(activeHealth) : null,
    passiveHealth: passiveHealth ? { ...passiveHealth } : null,
    httpVersion: connection.version,
    verifiesCertificates: connection.verifies,
    resilience: resilience ? describeResilience(resilience) : null,
    destinations: destinations.map((destination) => describeDestination(destination, figures)),
  }
}

function describeDestination(
  { name, configuration }: Cluster['destinations'][number],
  figures: readonly WorkerFigures[],
): ClusterView['destinations'][number] {
  const found = figures.flatMap(({ worker, destinations }) => {
    const own = destinations[name]
    return own ? [{ worker, ...own }] : []
  })
  return {
    id: configuration.id,
    address: configuration.origin + configuration.basePath,
    inFlight: found.reduce((sum, { inFlight }) => sum + inFlight, 0),
    ...joinStates(found.map(({ worker, state }) => [worker, state] as const)),
    live: describeRecent(summarize(found.map(({ recent }) => recent))),
  }
}

const describeActiveHealth = ({
  intervalMilliseconds,
  timeoutMilliseconds,
  threshold,
}: NonNullable<ClusterConfiguration['activeHealth']>) => ({
  ...{ intervalMilliseconds, timeoutMilliseconds, threshold },
})

function describeResilience({
  retry,
  budget,
  breaker,
  outliers,
  hedging,
  concurrency,
}: NonNullable<ClusterConfiguration['resilience']>): NonNullable<ClusterView['resilience']> {
  return {
    budget: { ratio: budget.ratio, minimumPerSecond: budget.minimumPerSecond },
    retry: retry
      ? {
          ...{ attempts: retry.attempts, methods: [...retry.methods], statuses: [...retry.statuses] },
          ...{
            errors: [...retry.errors],
            perTryTimeoutMilliseconds: retry.perTryTimeoutMilliseconds ?? null,
          },
        }
      : null,
    breaker: breaker ? describeBreaker(breaker) : null,
    outlierEjection: outliers ? describeOutliers(outliers) : null,
    hedging: hedging ? { delayMilliseconds: hedging.delayMilliseconds, methods: [...hedging.methods] } : null,
    concurrency: concurrency
      ? {
          perDestination: finite(concurrency.perDestination),
          perCluster: finite(concurrency.perCluster),
          queueLength: concurrency.queueLength,
          queueMilliseconds: concurrency.queueMilliseconds,
        }
      : null,
  }
}

type Outliers = NonNullable<NonNullable<ClusterConfiguration['resilience']>['outliers']>

const describeOutliers = (outliers: Outliers) => ({
  ...outliers,
  consecutiveGatewayFailures: finite(outliers.consecutiveGatewayFailures),
})

type Breaker = NonNullable<NonNullable<ClusterConfiguration['resilience']>['breaker']>

const describeBreaker = (breaker: Breaker) => ({
  windowMilliseconds: breaker.windowMilliseconds,
  minimumRequests: breaker.minimumRequests,
  failureRatio: breaker.failureRatio,
  statuses: [...breaker.statuses],
  slowMilliseconds: breaker.slowMilliseconds ?? null,
  slowRatio: breaker.slowRatio,
  openMilliseconds: breaker.openMilliseconds,
  longestOpenMilliseconds: breaker.longestOpenMilliseconds,
  probes: breaker.probes,
})

/** JSON has no infinity: `null` where there is no limit. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
