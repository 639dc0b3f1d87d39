import KeyvRedis from '@keyv/redis'
import { createCache } from 'cache-manager'
import { CacheableMemory, Keyv } from 'cacheable'
import { type Subject, type SubjectOptions, ttl } from '../subject.ts'

/** A list of stores, read in order. */
export async function cacheManager({ redisUrl, levels, load }: SubjectOptions): Promise<Subject> {
  const memory = new Keyv({ store: new CacheableMemory({ lruSize: 10_000 }) })
  const redis = new Keyv({ store: new KeyvRedis(redisUrl) })
  const cache = createCache({ stores: levels === 'Redis' ? [redis] : [memory, redis], ttl })
  return {
    read: (key) => cache.wrap(key, () => load(key)),
    invalidate: (key) => cache.del(key),
    close: () => cache.disconnect(),
  }
}
