import type {
  ClusterConfiguration,
  ProxyConfiguration,
  RouteConfiguration,
} from '#src/configuration/proxy-configuration.ts'
import type { Partition } from './cache-key.ts'

/** Which answers belong to which route. A route that a reload leaves as it is, with its cluster and its policy, keeps its own. */
export type Partitions = {
  /** Of a route that has a policy. */
  of(route: RouteConfiguration): Partition | undefined
  current(): Iterable<Partition>
  /** Gives those that are no longer current. */
  adopt(configuration: ProxyConfiguration): Partition[]
}

export function createPartitions(): Partitions {
  const byRoute = new WeakMap<RouteConfiguration, Partition>()
  let current = new Map<string, Partition>()
  let count = 0
  return {
    of: (route) => byRoute.get(route),
    current: () => current.values(),
    adopt({ routes, clusters }) {
      const before = current
      current = new Map()
      for (const route of routes) {
        const cluster = clusters.get(route.clusterId)
        if (!route.outputCache || !cluster) continue
        const print = fingerprint(route, cluster) ?? `only this one ${++count}`
        const patience = route.timeoutMilliseconds ?? cluster.activityTimeoutMilliseconds
        const made = { id: ++count, policy: route.outputCache, patienceMilliseconds: patience }
        const partition = before.get(print) ?? made
        byRoute.set(route, partition)
        current.set(print, partition)
      }
      const kept = new Set(current.values())
      return [...before.values()].filter((partition) => !kept.has(partition))
    },
  }
}

/** All that a route's answers depend on, as text; `undefined` where it holds code of the app's own, of which nothing can be told. */
function fingerprint(route: RouteConfiguration, cluster: ClusterConfiguration): string | undefined {
  if (route.transforms.custom.length > 0) return undefined
  return JSON.stringify([route, cluster], (_key, value: unknown) =>
    value instanceof Set || value instanceof Map ? [...value] : value,
  )
}
