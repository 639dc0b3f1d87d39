import type { Clock } from '../../ports.ts'
import { type BreakerState, createBreaker } from '../breaker.ts'
import type { CacheStore, StoreWatch, StoreWatcher } from '../cache-store.ts'
import { createRedisClient } from './client.ts'
import { keyCommands } from './key-commands.ts'
import { createReplicas } from './replicas.ts'
import { evictedKeys, moveWatermark, readWatermark } from './server.ts'
import { trackPrefix } from './tracking.ts'

/** How to reach the Redis of the cache. */
export type RedisStoreOptions = {
  url: string
  /** URLs of its replicas, which classes with `fromReplicas` read. Default: none. */
  replicaUrls?: readonly string[]
  /** No command is waited for longer, in milliseconds. Default 50. */
  deadlineMilliseconds?: number
  /** Times the breaker. Default `Date`. */
  clock?: Clock
}

/**
 * A store in Redis (7 or newer). Commands of one turn of the event loop are sent together; nothing is queued while there is no
 * connection; a Redis that fails is left alone for a second at a time.
 */
export function redisStore(options: RedisStoreOptions): CacheStore {
  const { url, replicaUrls = [], deadlineMilliseconds = 50, clock = Date } = options
  const watches = new Map<StoreWatch, StoreWatcher>()
  let state: BreakerState = 'closed'
  const breaker = createBreaker(clock, (next) => {
    state = next
    for (const watcher of watches.values()) watcher.breaker?.(next)
  })
  let connection = 0
  const client = createRedisClient({ url, deadlineMilliseconds, breaker, lost: () => void connection++ })

  const replicas = createReplicas({ urls: replicaUrls, deadlineMilliseconds, clock })

  return {
    ...keyCommands({
      send: (_key, ...command) => client.send(...command),
      get: client.get,
      async getMany(keys) {
        const found = (await client.send('MGET', ...keys)) as (Buffer | null)[]
        return found.map((bytes) => bytes ?? undefined)
      },
    }),
    connection: () => connection,
    getFromReplica: replicas.get,
    async readWatermark(key) {
      const seen = await readWatermark(client, key)
      return replicaUrls.length === 0 ? seen : { ...seen, replicasAt: await replicas.certify(key, seen) }
    },
    moveWatermark: (key, seen, at) => moveWatermark(client, key, seen, at),
    evictedKeys: () => evictedKeys(client),
    watch(prefix, watcher) {
      const watch = trackPrefix({ url, prefix, watcher })
      watches.set(watch, watcher)
      if (state !== 'closed') watcher.breaker?.(state)
      return watch
    },
    async close() {
      for (const watch of watches.keys()) watch.close()
      client.close()
      replicas.close()
    },
  }
}
