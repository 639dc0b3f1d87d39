import type { Snapshot } from '@alicerce/reverse-proxy'

/** How the last reading of the configuration ended. */
export type LastReading = { readonly at: string; readonly faults: readonly string[] }

/** What serves now, for the admin port: routes in match order, and clusters with the health of their destinations (GW-71). */
export function describeRoutes({ router, clusters }: Snapshot, lastReading: LastReading): object {
  return {
    lastReading,
    routes: router.routes.map(({ id, order, path, hosts, methods, authorizationPolicy, clusterId }) => ({
      ...{ id, order, path: path.text, hosts, methods, authorizationPolicy, clusterId },
    })),
    clusters: [...clusters.values()].map(({ configuration, destinations }) => ({
      id: configuration.id,
      loadBalancingPolicy: configuration.loadBalancingPolicy,
      destinations: destinations.map((destination) => ({
        id: destination.configuration.id,
        address: destination.configuration.origin + destination.configuration.basePath,
        inFlight: destination.inFlight,
        breaker: destination.breaker?.state,
        health: { active: destination.active.health, passive: destination.passive.health },
      })),
    })),
  }
}
