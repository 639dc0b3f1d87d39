import {
  createInProcessRevocationFeed,
  createInProcessUsedProofs,
  createRedisRevocationFeed,
  createRedisUsedProofs,
  type RevocationFeed,
  type UsedProofs,
} from '@alicerce/access-tokens'
import { type CacheStore, memoryStore, redisClusterStore, redisStore } from '@alicerce/cache-aside'
import { createInProcessEventBus, createRedisEventBus, type EventBus } from '@alicerce/events'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'

/** What the copies of all apps share: events, revocations, used proofs and the second level of the cache. */
export type Backplane = {
  readonly driver: 'redis' | 'in-process'
  readonly events: EventBus
  readonly revocations: RevocationFeed
  readonly usedProofs: UsedProofs
  readonly cacheStore: CacheStore
  close(): Promise<void>
}

/** How to make a backplane. */
export type BackplaneOptions = {
  /** Without it everything stays in this process: right for one process only, and the log says so. */
  redisUrl?: string | undefined
  /** Servers of a Redis Cluster that holds the cache, where it is not at `redisUrl`. What must not be lost by a failover stays there. */
  cacheClusterUrls?: readonly string[] | undefined
  log: Log
  /** Default `Date`. */
  clock?: Clock
}

/** Joins the Redis drivers of events, revocations, used proofs and cache, or those within this process. */
export async function createBackplane(options: BackplaneOptions): Promise<Backplane> {
  const { redisUrl, cacheClusterUrls, log, clock = Date } = options
  const parts = redisUrl
    ? {
        driver: 'redis' as const,
        events: createRedisEventBus({ url: redisUrl, log }),
        revocations: createRedisRevocationFeed({ url: redisUrl, clock, log }),
        usedProofs: createRedisUsedProofs({ url: redisUrl, clock, log }),
      }
    : {
        driver: 'in-process' as const,
        events: createInProcessEventBus({ log }),
        revocations: createInProcessRevocationFeed({ clock }),
        usedProofs: createInProcessUsedProofs({ clock }),
      }
  if (!redisUrl) {
    const which = cacheClusterUrls ? 'events and revocations' : 'events, revocations and cache'
    log.info({}, `No Redis: ${which} stay in this process`)
  }
  const cacheStore = cacheStoreOf(options, clock)
  return {
    ...parts,
    cacheStore,
    async close() {
      await parts.events.close()
      await parts.revocations.close()
      await parts.usedProofs.close()
      await cacheStore.close()
    },
  }
}

function cacheStoreOf({ redisUrl, cacheClusterUrls }: BackplaneOptions, clock: Clock): CacheStore {
  if (cacheClusterUrls) return redisClusterStore({ urls: cacheClusterUrls, clock })
  return redisUrl ? redisStore({ url: redisUrl, clock }) : memoryStore({ clock })
}
