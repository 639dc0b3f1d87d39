import { AsyncLocalStorage } from 'node:async_hooks'
import {
  type CacheClass,
  type CacheReadReport,
  type CacheStore,
  type Clock,
  createCache,
  invalidationTopic,
  redisClusterStore,
  redisStore,
} from '@alicerce/cache-aside'
import { createOutbox, createRelay, type Transaction } from '@alicerce/database'
import { Type } from 'typebox'
import type { Source } from '../../history/read-log.ts'
import { type Subject, type SubjectOptions, tagOf } from '../subject.ts'
import { loadThing, loadThings, noLog, openThings, raiseVersion, type Tables } from '../things.ts'

type Tx = Transaction<Tables>
type ThingClass = CacheClass<number, number, Tx>

/**
 * One whose values would stay for long, so that what is lost is seen; one whose values are refreshed all the time; one with versions, which
 * is read from replicas where there are any.
 */
const policies = {
  steady: { ttl: 600_000 },
  brief: { ttl: 1000, staleWhileRevalidate: 1000, failSafe: 600_000 },
  versioned: { ttl: 600_000, version: (version: number) => version, fromReplicas: true },
}

/**
 * What the cache is made to do without, so that it is seen whether the trial misses it. `relay`: what is not invalidated at once never is.
 * `watermark`: nobody asks whether an invalidation is late. `new beginning`: a store that may have lost something is believed.
 */
export type Omission = 'relay' | 'watermark' | 'new beginning'

export const createCacheWithout =
  (...omissions: Omission[]) =>
  (options: SubjectOptions): Promise<Subject> =>
    createCacheAside(options, omissions)

/** The cache of this project, put together as the services do it. */
export async function createCacheAside(
  options: SubjectOptions,
  omissions: Omission[] = [],
): Promise<Subject> {
  const { databaseUrl, clockError, bound, points } = options
  const database = openThings(databaseUrl)
  const clock = { now: () => Date.now() + clockError }
  const connected = connect(options, clock)
  const outbox = createOutbox()
  const cache = createCache<Tx>({
    namespace: 'proof',
    store: {
      ...connected,
      fill(...values) {
        points.pass('about to store')
        return connected.fill(...values)
      },
      replace(...values) {
        points.pass('about to store')
        return connected.replace(...values)
      },
      async invalidate(keys) {
        const anew = keys.some((key) => key.endsWith('#namespace'))
        if (!(anew && omissions.includes('new beginning'))) await connected.invalidate(keys)
      },
    },
    outbox: {
      append: (tx, rows) => outbox.append(tx, rows),
      afterCommit: (tx, action) =>
        tx.afterCommit(() => {
          points.pass('committed')
          action()
        }),
      markDelivered(ids) {
        points.pass('delivered')
        return outbox.markDelivered(database, ids)
      },
      oldestPending: async (topic) =>
        omissions.includes('watermark') ? 0 : outbox.oldestPending(database, topic),
      async reopen(topic, milliseconds) {
        if (!omissions.includes('new beginning')) await outbox.reopen(database, topic, milliseconds)
      },
    },
    stalenessBound: bound,
    log: noLog,
    clock,
    onRead: (report) => void reports.getStore()?.push(report),
  })
  const relay = createRelay({
    database,
    url: databaseUrl,
    handlers: {
      [invalidationTopic](message) {
        points.pass('relaying')
        return cache.outboxHandler(message)
      },
    },
    insistent: [invalidationTopic],
    log: noLog,
  })
  if (!omissions.includes('relay')) await relay.start()

  const define = (name: keyof typeof policies): ThingClass =>
    cache.define({
      name,
      schema: Type.Number(),
      key: String,
      tags: (thing: number) => [tagOf(thing)],
      async load(thing) {
        const version = await loadThing(database, thing)
        points.pass('row read')
        return version
      },
      async loadMany(things) {
        const versions = await loadThings(database, things)
        points.pass('row read')
        return versions
      },
      ...policies[name],
    })
  const classes = [define('steady'), define('brief'), define('versioned')]
  const versioned = classes[2]
  const classOf = (thing: number) => classes[thing % classes.length] as ThingClass

  return {
    async read(thing) {
      const { result, source } = await reported(() => classOf(thing).get(thing))
      return { version: result as number, source }
    },
    async readMany(things) {
      const answers = new Map<number, { version: number; source: Source }>()
      for (const cached of classes) {
        const mine = things.filter((thing) => classOf(thing) === cached)
        if (mine.length === 0) continue
        const { result, source } = await reported(() => cached.getMany(mine))
        for (const [thing, version] of result) answers.set(thing, { version: version as number, source })
      }
      return answers
    },
    write: (thing, by) =>
      database.transaction(async (tx) => {
        const version = await raiseVersion(tx, thing)
        const cached = classOf(thing)
        if (by === 'key') await cached.invalidate(tx, thing, cached === versioned ? { version } : {})
        else await cache.invalidateTag(tx, tagOf(thing))
      }),
    async close() {
      await relay.stop()
      await cache.close()
      await connected.close()
      await database.close()
    },
  }
}

function connect({ topology, redisUrls, readsReplicas }: SubjectOptions, clock: Clock): CacheStore {
  if (topology === 'cluster') return redisClusterStore({ urls: redisUrls, replicas: readsReplicas, clock })
  const [url, ...replicaUrls] = redisUrls as [string, ...string[]]
  return redisStore({ url, replicaUrls: readsReplicas ? replicaUrls : [], clock })
}

const reports = new AsyncLocalStorage<CacheReadReport[]>()

/** A read, with the source of its last report: the cache reports in the asynchronous context of the reader. */
async function reported<Result>(work: () => Promise<Result>): Promise<{ result: Result; source: Source }> {
  const mine: CacheReadReport[] = []
  const result = await reports.run(mine, work)
  return { result, source: mine.at(-1)?.source ?? 'unknown' }
}
