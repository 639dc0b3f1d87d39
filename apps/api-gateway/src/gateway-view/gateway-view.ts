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

/** What the view looks at. */
export type GatewayViewParts = {
  snapshot: () => Snapshot
  configuration: CurrentConfiguration
  liveRates: LiveRates
  limits: Pick<RateLimiting, 'state'>
  access: { hasKeys(): boolean }
  revocations: { silentMilliseconds(): number }
  /** Whether the web app takes a path that no route takes. */
  isForWebApp: (path: string) => boolean
  clock: Clock
}

/** The gateway as administrators see it (GW-71). */
export function createGatewayView(parts: GatewayViewParts) {
  const { snapshot, configuration, liveRates, limits, access, revocations, clock, isForWebApp } = parts

  function describe(): GatewayView {
    const { router, clusters } = snapshot()
    const { hash, rateLimits } = configuration.get()
    const { at, faults, warnings } = configuration.lastReading()
    const now = performance.now()
    return {
      at: new Date(clock.now()).toISOString(),
      configuration: { hash, since: configuration.since() },
      lastReading: { at, faults: [...faults], warnings: [...warnings] },
      routes: router.routes.map((route) => describeRoute(route, liveRates.of(route.id))),
      clusters: [...clusters.values()].map((cluster) => describeCluster(cluster, now)),
      rateLimits: describeLimits(rateLimits, limits.state()),
      access: {
        hasKeys: access.hasKeys(),
        revocationsSilentMilliseconds: Math.round(revocations.silentMilliseconds()),
      },
    }
  }

  /** Answers a request that has passed the policy of a route of the gateway's own. */
  function answer({ inspected }: Exchange): OwnAnswer | Refusal {
    const path = inspected?.target.path.toLowerCase().replace(/\/$/, '')
    if (path === viewPath) return asJson(describe())
    if (path !== whichPath) return notFound
    const query = new URLSearchParams(inspected?.target.query)
    const found = whichRoute(snapshot(), query, { ownHost: inspected?.host ?? '', isForWebApp })
    return 'code' in found ? found : asJson(found)
  }

  return { describe, answer }
}

function describeLimits(
  policies: ReadonlyMap<string, RateLimitPolicy>,
  { isAlone, decisions }: ReturnType<RateLimiting['state']>,
): GatewayView['rateLimits'] {
  return {
    isAlone,
    policies: [...policies.values()].map(({ name, limit, partitions }) => {
      const { requestsPerSecond = 0, failuresPerSecond = 0 } = decisions(name) ?? {}
      return {
        ...{ name, algorithm: limit.algorithm, permits: limit.permits, partitions: [...partitions] },
        windowMilliseconds: 'windowMilliseconds' in limit ? limit.windowMilliseconds : null,
        allowedPerSecond: rounded(requestsPerSecond - failuresPerSecond),
        refusedPerSecond: rounded(failuresPerSecond),
      }
    }),
  }
}

const asJson = (value: GatewayView | WhichRoute): OwnAnswer => ({
  ...{ status: 200, type: 'application/json; charset=utf-8', body: JSON.stringify(value) },
})

const notFound: Refusal = {
  ...{ status: 404, code: 'not-found', title: 'Not found', detail: 'The gateway tells nothing here.' },
}
