import type { Clock } from '../../../ports.ts'
import type { BreakerState } from '../../breaker.ts'
import type { CacheStore } from '../../cache-store.ts'
import { keyCommands } from '../key-commands.ts'
import { evictedKeys } from '../server.ts'
import { createClusterClient } from './cluster-client.ts'
import { type ClusterWatch, watchCluster } from './cluster-watch.ts'
import { moveClusterWatermark, readClusterWatermark } from './cluster-watermark.ts'

/** How to reach the Redis Cluster of the cache. */
export type RedisClusterStoreOptions = {
  /** URLs of some of its servers, by which the others are found. Name and password are those of all. */
  urls: readonly string[]
  /** Whether classes with `fromReplicas` read the replicas of each server, to which connections are held for it. Default `false`. */
  replicas?: boolean
  /** No server is waited for longer, in milliseconds; a key that has just moved is asked for at a second one. Default 50. */
  deadlineMilliseconds?: number
  /** Times the breakers, of which each server has its own. Default `Date`. */
  clock?: Clock
}

/**
 * A store in Redis Cluster (7 or newer), with the same promises as one in Redis. A server that has lost what it acknowledged, that fails over
 * or that joins makes each namespace void once; while one is away that has slots, no trust is renewed, and reads go around the cache.
 * @throws TypeError where no server is named
 */
export function redisClusterStore(options: RedisClusterStoreOptions): CacheStore {
  const { urls, replicas = false, deadlineMilliseconds = 50, clock = Date } = options
  if (urls.length === 0) throw new TypeError('"urls" must name at least one server of the cluster.')
  const watches = new Set<ClusterWatch>()
  let told: BreakerState = 'closed'
  const cluster = createClusterClient({
    ...{ urls, deadlineMilliseconds, clock, withReplicas: replicas },
    changed() {
      for (const watch of watches) watch.serversChanged()
    },
    breakerTurned() {
      const state = worstOf(cluster.breakers())
      if (state === told) return
      told = state
      for (const { watcher } of watches) watcher.breaker?.(state)
    },
  })

  return {
    ...keyCommands(cluster),
    getFromReplica: cluster.getFromReplica,
    connection: cluster.connection,
    readWatermark(key) {
      if (replicas) cluster.refresh() // nobody else tells of a replica that is new
      return readClusterWatermark(cluster, key)
    },
    moveWatermark: (_key, seen, at) => moveClusterWatermark(cluster, seen, at),
    async evictedKeys() {
      const counts = await Promise.all(cluster.primaries().map(({ server }) => evictedKeys(server.client)))
      return counts.reduce<number>((sum, count) => sum + (count ?? 0), 0)
    },
    watch(prefix, watcher) {
      const watch = watchCluster(cluster, prefix, watcher)
      watches.add(watch)
      if (told !== 'closed') watcher.breaker?.(told)
      return watch
    },
    async close() {
      for (const watch of watches) watch.close()
      cluster.close()
    },
  }
}

const worstOf = (states: readonly BreakerState[]): BreakerState =>
  states.find((state) => state === 'open') ?? states.find((state) => state === 'half-open') ?? 'closed'
