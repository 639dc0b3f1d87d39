import {
  createInProcessRevocationFeed,
  createInProcessUsedProofs,
  createRedisRevocationFeed,
  createRedisUsedProofs,
  type RevocationFeed,
  type UsedProofs,
} from '@alicerce/access-tokens'
import { type CacheStore, memoryStore, redisStore } from '@alicerce/cache-aside'
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
  log: Log
  /** Default `Date`. */
  clock?: Clock
}

/** Joins the Redis drivers of events, revocations, used proofs and cache, or those within this process. */
export async function createBackplane({ redisUrl, log, clock = Date }: BackplaneOptions): Promise<Backplane> {
  const parts = redisUrl
    ? {
        driver: 'redis' as const,
        events: createRedisEventBus({ url: redisUrl, log }),
        revocations: createRedisRevocationFeed({ url: redisUrl, clock, log }),
        usedProofs: createRedisUsedProofs({ url: redisUrl, clock, log }),
        cacheStore: redisStore({ url: redisUrl, clock }),
      }
    : {
        driver: 'in-process' as const,
        events: createInProcessEventBus({ log }),
        revocations: createInProcessRevocationFeed({ clock }),
        usedProofs: createInProcessUsedProofs({ clock }),
        cacheStore: memoryStore({ clock }),
      }
  if (!redisUrl) log.info({}, 'No Redis: events, revocations and cache stay in this process')
  return {
    ...parts,
    async close() {
      await parts.events.close()
      await parts.revocations.close()
      await parts.usedProofs.close()
      await parts.cacheStore.close()
    },
  }
}
