import type { Database } from '@alicerce/database'
import type { Clock } from '#src/clock.ts'
import type { Log } from '#src/log.ts'
import { notFound } from '#src/problem/problems.ts'
import type { ServiceCache } from '../service-cache.ts'
import { explanationOf } from './explanation-of.ts'
import { readInvalidations, recordInvalidation } from './invalidation-log.ts'
import { createProcesses } from './processes.ts'
import type { CacheExplanation, CacheInvalidation, CacheView, Voided } from './schema.ts'
import { viewOf } from './view.ts'

/** What administrators see of a service's cache, and do to it. */
export type CacheAdministration = {
  /** Of all processes of the service. */
  view(): Promise<CacheView>
  /** @throws {Problem} 404 where there is no such class */
  explain(className: string, key: string): Promise<CacheExplanation>
  /**
   * Makes void, with an entry of who did it: both are committed together, and delivered whatever fails.
   * @throws {Problem} 404 where there is no such class
   */
  invalidate(actorId: string, voided: Voided): Promise<CacheInvalidation>
  /** Who made what void, the newest first. */
  invalidations(): Promise<CacheInvalidation[]>
  close(): Promise<void>
}

const hottestTold = 20

/** Administration of the cache of a service. It needs the tables of `cacheAdministrationMigration`. */
export function createCacheAdministration<Schema>(options: {
  cache: ServiceCache<Schema>
  database: Database<Schema>
  log: Log
  /** Default `Date`. */
  clock?: Clock
}): CacheAdministration {
  const { cache, database, log, clock = Date } = options
  const { namespace, stalenessBound } = cache
  const processes = createProcesses({
    database,
    async figures() {
      const { staleness, ...figures } = await cache.figures()
      const known = Number.isFinite(staleness) ? staleness : null
      return { ...figures, staleness: known, hottest: cache.hottest(hottestTold) }
    },
    log,
  })
  return {
    async view() {
      return viewOf(await processes.read(), { at: clock.now(), namespace, stalenessBound })
    },
    async explain(className, key) {
      const explanation = await cache.explain(className, key)
      if (!explanation) throw noSuchClass(className)
      return explanationOf(explanation)
    },
    async invalidate(actorId, voided) {
      const entry = await database.transaction(async (tx) => {
        if ('tag' in voided) await cache.invalidateTag(tx, voided.tag)
        else if (!(await cache.invalidateKey(tx, voided.class, voided.key))) throw noSuchClass(voided.class)
        return recordInvalidation(tx, { actorId, voided, now: clock.now() })
      })
      // Keys and tags may be personal: they stand in the table only.
      log.info({ actorId, class: entry.class, entry: entry.id }, 'An administrator made cached values void')
      return entry
    },
    invalidations: () => readInvalidations(database),
    close: processes.close,
  }
}

const noSuchClass = (name: string) => notFound(`The cache has no class "${name}".`)
