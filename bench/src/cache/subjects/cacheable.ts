import KeyvRedis from '@keyv/redis'
import { Cacheable, CacheableMemory, Keyv } from 'cacheable'
import { type Subject, type SubjectOptions, ttl } from '../subject.ts'

/** Two levels. It cannot do without the first, so for reads from Redis that holds one entry only. */
export async function cacheable({ redisUrl, levels, load }: SubjectOptions): Promise<Subject> {
  const memory = new CacheableMemory({ lruSize: levels === 'Redis' ? 1 : 10_000 })
  const cache = new Cacheable({
    primary: new Keyv({ store: memory }),
    secondary: new Keyv({ store: new KeyvRedis(redisUrl) }),
    ttl,
  })
  return {
    read: (key) => cache.getOrSet(key, () => load(key)),
    invalidate: (key) => cache.delete(key),
    close: () => cache.disconnect(),
  }
}
