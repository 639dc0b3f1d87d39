import { Redis } from 'ioredis-6'
import { type Subject, type SubjectOptions, ttl } from '../subject.ts'

/** No cache at all, but its smallest possible work: the client of Redis that ours uses, and JSON. Nothing is single-flight, nothing is safe. */
export async function bareClient({ redisUrl, load }: SubjectOptions): Promise<Subject> {
  const redis = new Redis(redisUrl, { enableAutoPipelining: true })
  return {
    async read(id) {
      const bytes = await redis.get(id)
      if (bytes !== null) return JSON.parse(bytes)
      const row = await load(id)
      await redis.set(id, JSON.stringify(row), 'PX', ttl)
      return row
    },
    async readMany(ids) {
      return (await redis.mget(ids)).map((bytes) => (bytes === null ? undefined : JSON.parse(bytes)))
    },
    invalidate: (id) => redis.unlink(id),
    close: async () => redis.disconnect(),
  }
}
