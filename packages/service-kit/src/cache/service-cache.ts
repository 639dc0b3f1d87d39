import {
  type Cache,
  type CacheClass,
  type CacheStore,
  type ClassOptions,
  createCache,
} from '@alicerce/cache-aside'
import type { Database, Outbox, Transaction } from '@alicerce/database'
import type { Static, TSchema } from 'typebox'
import type { Clock } from '#src/clock.ts'
import type { Consistency } from '#src/consistency/consistency.ts'
import type { Log } from '#src/log.ts'
import type { Telemetry } from '#src/telemetry/telemetry.ts'
import { cacheOutbox } from './cache-outbox.ts'
import { createHotKeys, type HotKey, type HotKeys } from './hot-keys.ts'
import { readYourWrites } from './read-your-writes.ts'

/** What a service's cache is made of. */
export type ServiceCacheOptions<Schema> = {
  /** Keeps the keys of services apart. */
  namespace: string
  store: CacheStore
  database: Database<Schema>
  outbox: Outbox
  consistency: Consistency
  telemetry: Telemetry
  log: Log
  /** Default `Date`. */
  clock?: Clock
}

/** How to define a class: as for the engine, whose ids are texts here, so that administrators can name them. */
export type ServiceClassOptions<Schema extends TSchema> = Omit<ClassOptions<string, Schema>, 'key'> & {
  /**
   * The tag whose version the values have, where it is not their own: each list of a customer's orders has that of his orders. Whoever
   * invalidates the tag says its version.
   */
  versionOf?: (id: string) => string
}

/** The cache of a service, of which people read what they wrote. */
export type ServiceCache<Schema> = {
  readonly namespace: string
  /** Within this time of a commit, at most, a read may miss it; who wrote it reads it at once. Milliseconds. */
  readonly stalenessBound: number
  define<ValueSchema extends TSchema>(
    options: ServiceClassOptions<ValueSchema>,
  ): CacheClass<string, Static<ValueSchema>, Transaction<Schema>>
  /** `version`: that of what has the tag, for classes whose `versionOf` it is. */
  invalidateTag(tx: Transaction<Schema>, tag: string, change?: { version: number }): Promise<void>
  /** Of one class by its name. `false`: there is none of that name. */
  invalidateKey(tx: Transaction<Schema>, className: string, key: string): Promise<boolean>
  /** Those keys that were read most in the last one to two minutes, of all classes. */
  hottest(limit: number): (HotKey & { class: string })[]
} & Pick<Cache<Transaction<Schema>>, 'ready' | 'figures' | 'explain' | 'outboxHandler' | 'close'>

const stalenessBound = 2000

/** Makes the cache of a service: the engine, joined to the service's outbox, its telemetry and its consistency tokens. */
export function createServiceCache<Schema>(options: ServiceCacheOptions<Schema>): ServiceCache<Schema> {
  const { namespace, store, database, outbox, consistency, telemetry, log, clock = Date } = options
  type Tx = Transaction<Schema>
  const engine: Cache<Tx> = createCache<Tx>({
    ...{ namespace, store, stalenessBound, clock, log },
    outbox: cacheOutbox(database, outbox),
    onRead: (read) => telemetry.onCacheRead(read, engine.staleness()),
    onEvent: telemetry.onCacheEvent,
  })
  const classes = new Map<string, { invalidate(tx: Tx, key: string): Promise<void>; hotKeys: HotKeys }>()
  return {
    namespace,
    stalenessBound,
    define({ versionOf, ...definition }) {
      const defined = engine.define({ ...definition, key: (id: string) => id })
      const hotKeys = createHotKeys()
      classes.set(definition.name, { invalidate: (tx, key) => defined.invalidate(tx, key), hotKeys })
      const counted = countingReads(defined, hotKeys)
      if (!definition.version) return counted
      const nameOf = versionOf ?? ((id: string) => `${definition.name}:${id}`)
      return readYourWrites(counted, nameOf, consistency)
    },
    async invalidateTag(tx, tag, change) {
      if (change) consistency.wrote(tx, tag, change.version)
      await engine.invalidateTag(tx, tag)
    },
    async invalidateKey(tx, className, key) {
      const found = classes.get(className)
      await found?.invalidate(tx, key)
      return found !== undefined
    },
    hottest: (limit) =>
      [...classes]
        .flatMap(([name, { hotKeys }]) => hotKeys.hottest().map((hot) => ({ class: name, ...hot })))
        .sort((one, other) => other.reads - one.reads)
        .slice(0, limit),
    ready: engine.ready,
    figures: engine.figures,
    explain: engine.explain,
    outboxHandler: engine.outboxHandler,
    close: engine.close,
  }
}

function countingReads<Value, Tx>(
  of: CacheClass<string, Value, Tx>,
  { read }: HotKeys,
): CacheClass<string, Value, Tx> {
  return {
    ...of,
    get(id, options) {
      read(id)
      return of.get(id, options)
    },
    getMany(ids, options) {
      for (const id of ids) read(id)
      return of.getMany(ids, options)
    },
  }
}
