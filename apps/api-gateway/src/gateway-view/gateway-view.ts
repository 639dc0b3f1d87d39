import type { Exchange, OwnAnswer, Refusal, Snapshot } from '@alicerce/reverse-proxy'
import type { Clock } from '@alicerce/service-kit'
import type { CurrentConfiguration } from '#src/current-configuration.ts'
import type { RateLimitPolicy } from '#src/rate-limits/rate-limit-policy.ts'
import type { RateLimiting } from '#src/rate-limits/rate-limiting.ts'
import { describeCluster } from './describe-cluster.ts'
import { describeRoute, rounded } from './describe-route.ts'
import type { LiveRates } from './live-rates.ts'
import { viewPath, whichPath } from './own-routes.ts'
import type { GatewayView, WhichRoute } from './schema.ts'
import { whichRoute } from './which-route.ts'
import { figuresOf, type GatherFigures, summaryOf, type WorkerFigures } from './worker-figures.ts'

/** What the view looks at. */
export type GatewayViewParts = {
  snapshot: () => Snapshot
  configuration: CurrentConfiguration
  liveRates: LiveRates
  limits: Pick<RateLimiting, 'isAlone' | 'decisions'>
  access: { hasKeys(): boolean }
  revocations: { silentMilliseconds(): number }
  /** Whether the web app takes a path that no route takes. */
  isForWebApp: (path: string) => boolean
  /** Asks all workers of the gateway; `undefined` where this one is alone. */
  gatherFigures: GatherFigures | undefined
  clock: Clock
}

/** The gateway as administrators see it (GW-71). */
export function createGatewayView(parts: GatewayViewParts) {
  const { snapshot, configuration, liveRates, limits, access, revocations, clock, isForWebApp } = parts
  const { gatherFigures } = parts

  /** Of this process. */
  const ownFigures = (): WorkerFigures =>
    figuresOf({
      ...{ snapshot: snapshot(), liveRates, limits },
      policies: configuration.get().rateLimits.keys(),
    })

  /** Whoever cannot hear the others shows what it knows itself. */
  async function allFigures(): Promise<readonly WorkerFigures[]> {
    const figures = (await gatherFigures?.()) ?? []
    return figures.length > 0 ? figures : [ownFigures()]
  }

  function describe(figures: readonly WorkerFigures[] = [ownFigures()]): GatewayView {
    const { router, clusters } = snapshot()
    const { hash, rateLimits } = configuration.get()
    const { at, faults, warnings } = configuration.lastReading()
    return {
      at: new Date(clock.now()).toISOString(),
      configuration: { hash, since: configuration.since() },
      lastReading: { at, faults: [...faults], warnings: [...warnings] },
      workers: figures.length,
      routes: router.routes.map((route) => describeRoute(route, figures)),
      clusters: [...clusters.values()].map((cluster) => describeCluster(cluster, figures)),
      rateLimits: { isAlone: limits.isAlone(), policies: describeLimits(rateLimits, figures) },
      access: {
        hasKeys: access.hasKeys(),
        revocationsSilentMilliseconds: Math.round(revocations.silentMilliseconds()),
      },
    }
  }

  /** Answers a request that has passed the policy of a route of the gateway's own. */
  async function answer({ inspected }: Exchange): Promise<OwnAnswer | Refusal> {
    const path = inspected?.target.path.toLowerCase().replace(/\/$/, '')
    if (path === viewPath) return asJson(describe(await allFigures()))
    if (path !== whichPath) return notFound
    const query = new URLSearchParams(inspected?.target.query)
    const found = whichRoute(snapshot(), query, { ownHost: inspected?.host ?? '', isForWebApp })
    return 'code' in found ? found : asJson(found)
  }

  return { describe: () => describe(), ownFigures, answer }
}

function describeLimits(
  policies: ReadonlyMap<string, RateLimitPolicy>,
  figures: readonly WorkerFigures[],
): GatewayView['rateLimits']['policies'] {
  return [...policies.values()].map(({ name, limit, partitions }) => {
    const { requestsPerSecond, failuresPerSecond } = summaryOf(figures, ({ limits }) => limits[name])
    return {
      ...{ name, algorithm: limit.algorithm, permits: limit.permits, partitions: [...partitions] },
      windowMilliseconds: 'windowMilliseconds' in limit ? limit.windowMilliseconds : null,
      allowedPerSecond: rounded(requestsPerSecond - failuresPerSecond),
      refusedPerSecond: rounded(failuresPerSecond),
    }
  })
}

const asJson = (value: GatewayView | WhichRoute): OwnAnswer => ({
  ...{ status: 200, type: 'application/json; charset=utf-8', body: JSON.stringify(value) },
})

const notFound: Refusal = {
  ...{ status: 404, code: 'not-found', title: 'Not found', detail: 'The gateway tells nothing here.' },
}
