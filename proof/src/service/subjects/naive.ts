import { Redis } from 'ioredis'
import type { Subject, SubjectOptions } from '../subject.ts'
import { loadThing, openThings, raiseVersion } from '../things.ts'

const ttlSeconds = 600

/**
 * The cache that everybody writes first: GET, else load and SET; DEL after the commit. It is on trial to show that the harness finds what is
 * wrong with it.
 */
export async function createNaive({ databaseUrl, redisUrl, points }: SubjectOptions): Promise<Subject> {
  const database = openThings(databaseUrl)
  const redis = new Redis(redisUrl, {
    commandTimeout: 100,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
  })
  redis.on('error', () => {})

  async function read(thing: number) {
    const found = await redis.get(`thing:${thing}`).catch(() => null)
    if (found !== null) return { version: Number(found), source: 'redis' as const }
    const version = await loadThing(database, thing)
    points.pass('row read')
    points.pass('about to store')
    await redis.set(`thing:${thing}`, version, 'EX', ttlSeconds).catch(() => {})
    return { version, source: 'database' as const }
  }

  return {
    read,
    async readMany(things) {
      const found = await Promise.all(things.map(async (thing) => [thing, await read(thing)] as const))
      return new Map(found)
    },
    async write(thing) {
      await database.transaction((tx) => raiseVersion(tx, thing))
      points.pass('committed')
      await redis.del(`thing:${thing}`).catch(() => {})
      points.pass('delivered')
    },
    async close() {
      redis.disconnect()
      await database.close()
    },
  }
}
