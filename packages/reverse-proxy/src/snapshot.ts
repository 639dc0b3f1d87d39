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
    const known = before?.clusters.get(id)
    clusters.set(id, known?.configuration === cluster ? known : new Cluster(cluster, known, parts))
  }
  const router =
    before?.configuration.routes === configuration.routes ? before.router : createRouter(configuration.routes)
  return Object.freeze({ configuration, router, clusters })
}

/** Retires a snapshot: its probes stop, and destinations that the next one has not taken over close when their requests are done. */
export async function retireSnapshot(old: Snapshot, next: Snapshot | undefined): Promise<void> {
  const kept = new Set<Destination>(
    [...(next?.clusters.values() ?? [])].flatMap(({ destinations }) => destinations),
  )
  const closing: Promise<void>[] = []
  for (const [id, cluster] of old.clusters) {
    if (next?.clusters.get(id) === cluster) continue
    cluster.stop()
    for (const destination of cluster.destinations) {
      if (!kept.has(destination)) closing.push(destination.forwarder.close())
    }
  }
  await Promise.all(closing)
}
