import type { Subject, SubjectOptions } from '../subject.ts'
import { loadThing, openThings, raiseVersion } from '../things.ts'
import { createNaiveRedis } from './naive-redis.ts'

const ttlSeconds = 600

/**
 * The cache that everybody writes first: GET, else load and SET; DEL after the commit. It is on trial to show that the harness finds what is
 * wrong with it.
 */
export async function createNaive(options: SubjectOptions): Promise<Subject> {
  const { databaseUrl, topology, redisUrls, points } = options
  const database = openThings(databaseUrl)
  const redis = createNaiveRedis(topology === 'cluster' ? redisUrls : redisUrls.slice(0, 1))

  async function read(thing: number) {
    const found = await redis.send('GET', `thing:${thing}`).catch(() => null)
    if (found !== null) return { version: Number(found), source: 'redis' as const }
    const version = await loadThing(database, thing)
    points.pass('row read')
    points.pass('about to store')
    await redis.send('SET', `thing:${thing}`, version, 'EX', ttlSeconds).catch(() => {})
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
      await redis.send('DEL', `thing:${thing}`).catch(() => {})
      points.pass('delivered')
    },
    async close() {
      redis.disconnect()
      await database.close()
    },
  }
}
