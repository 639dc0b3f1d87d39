import { createCache } from 'async-cache-dedupe'
import { Redis } from 'ioredis-6'
import { type Subject, type SubjectOptions, ttl } from '../subject.ts'

/** One level: memory, which other processes cannot invalidate, or Redis. */
export async function asyncCacheDedupe({ redisUrl, levels, load }: SubjectOptions): Promise<Subject> {
  const client = new Redis(redisUrl, { enableAutoPipelining: true })
  const inMemory = levels === 'memory and Redis'
  const cache = createCache({
    ttl: ttl / 1000,
    storage: inMemory
      ? { type: 'memory', options: { size: 10_000 } }
      : { type: 'redis', options: { client } },
  }).define('row', (id: string) => load(id))
  return {
    read: (id) => cache.row(id),
    invalidate: (id) => cache.clear('row', id),
    close: async () => client.disconnect(),
  }
}
