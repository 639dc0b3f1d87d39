import { Cluster, type ClusterParts } from './clusters/cluster.ts'
import type { Destination } from './clusters/destination.ts'
import type { ProxyConfiguration } from './configuration/proxy-configuration.ts'
import { createRouter, type Router } from './routing/router.ts'

/** Everything that a configuration means, ready to serve. It never changes; a reload replaces it whole. */
export type Snapshot = {
  readonly configuration: ProxyConfiguration
  readonly router: Router
  readonly clusters: ReadonlyMap<string, Cluster>
}

/** Builds a snapshot beside the one in use, taking over what stays the same. */
export function createSnapshot(
  configuration: ProxyConfiguration,
  before: Snapshot | undefined,
  parts: ClusterParts,
): Snapshot {
  const clusters = new Map<string, Cluster>()
  for (const [id, cluster] of configuration.clusters) {
    clusters.set(id, new Cluster(cluster, before?.clusters.get(id), parts))
  }
  return Object.freeze({ configuration, router: createRouter(configuration.routes), clusters })
}

/** Retires a snapshot: its probes stop, and destinations that the next one has not taken over close when their requests are done. */
export async function retireSnapshot(old: Snapshot, next: Snapshot | undefined): Promise<void> {
  const kept = new Set<Destination>(
    [...(next?.clusters.values() ?? [])].flatMap(({ destinations }) => destinations),
  )
  const closing: Promise<void>[] = []
  for (const cluster of old.clusters.values()) {
    cluster.stop()
    for (const destination of cluster.destinations) {
      if (!kept.has(destination)) closing.push(destination.forwarder.close())
    }
  }
  await Promise.all(closing)
}
