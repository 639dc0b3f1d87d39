import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { redisBusDriver, redisDriver } from 'bentocache/drivers/redis'
import { Redis } from 'ioredis'
import { type Subject, type SubjectOptions, ttl } from '../subject.ts'

/** Two levels, with a bus that tells other processes what to forget. */
export async function bentocache({ redisUrl, levels, load }: SubjectOptions): Promise<Subject> {
  const redis = new Redis(redisUrl, { enableAutoPipelining: true })
  const { hostname: host, port, pathname } = new URL(redisUrl)
  const second = bentostore().useL2Layer(redisDriver({ connection: redis }))
  const bus = redisBusDriver({ connection: { host, port: Number(port), db: Number(pathname.slice(1)) } })
  const store =
    levels === 'Redis' ? second : second.useL1Layer(memoryDriver({ maxItems: 10_000 })).useBus(bus)
  const cache = new BentoCache({ default: 'rows', stores: { rows: store }, ttl })
  return {
    read: (key) => cache.getOrSet({ key, factory: () => load(key) }),
    invalidate: (key) => cache.delete({ key }),
    async close() {
      await cache.disconnectAll()
      redis.disconnect()
    },
  }
}
