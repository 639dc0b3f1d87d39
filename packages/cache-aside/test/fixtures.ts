import { capturedLog, until } from '@alicerce/testing'
import { Type } from 'typebox'
import {
  type CacheOptions,
  type CacheReadReport,
  type CacheStore,
  type ClassOptions,
  createCache,
  type LoadOptions,
  memoryStore,
  type OutboxPort,
  type RedisClusterStoreOptions,
  type RedisStoreOptions,
  redisClusterStore,
  redisStore,
} from '#src/index.ts'
import { formOf, namespaceMarkKey } from '#src/key/keys.ts'
import { enterForm } from '#src/marks/namespace-record.ts'

/** A store that answers already. */
export async function connectedStore(url: string, options?: Omit<RedisStoreOptions, 'url'>) {
  const store = redisStore({ url, ...options })
  await until(() => store.get('nothing').then(() => true))
  return store
}

/** The same in Redis Cluster: every server is reached. */
export async function connectedClusterStore(
  urls: readonly string[],
  options?: Partial<RedisClusterStoreOptions>,
) {
  const store = redisClusterStore({ urls, deadlineMilliseconds: 2000, ...options })
  await until(() => store.readWatermark('nothing').then(() => true))
  return store
}

export const ThingSchema = Type.Object({ id: Type.String(), version: Type.Number() })

/** A transaction as the outbox sees it. */
export type Tx = { rows: { topic: string; key: string; payload: unknown }[]; actions: (() => void)[] }

export const begin = (): Tx => ({ rows: [], actions: [] })
export const commit = ({ actions }: Tx): void => {
  for (const action of actions) action()
}

/** An outbox of which the test is the relay: `pending` milliseconds ago the oldest row was written that waits. */
export function createTestOutbox() {
  const told = { pending: 0, marked: [] as bigint[], reopened: 0 }
  const outbox: OutboxPort<unknown> = {
    async append(tx, rows) {
      const { rows: all } = tx as Tx
      all.push(...rows)
      return rows.map((_, index) => BigInt(all.length - rows.length + index + 1))
    },
    afterCommit: (tx, action) => void (tx as Tx).actions.push(action),
    markDelivered: async (ids) => void told.marked.push(...ids),
    oldestPending: async () => told.pending,
    async reopen() {
      told.reopened++
    },
  }
  return Object.assign(told, { outbox })
}

/** Things with versions are as in the deploy before: whatever was invalidated of late was for this form too. */
export async function enterLongAgo(store: CacheStore): Promise<void> {
  const form = formOf({ className: 'thing', schema: ThingSchema, hasVersions: true })
  await store.mark(namespaceMarkKey('test'), enterForm('long-ago-1_', form, 0))
}

type ThingOptions = Partial<ClassOptions<string, typeof ThingSchema>>

/** A source of things, as a database would be: counts its loads, and can be held. */
export function createSource() {
  const versions = new Map<string, number>()
  let concurrent = 0
  const source = {
    loads: 0,
    mostConcurrent: 0,
    /** Awaited after the row was read, before the loader returns. */
    beforeReturn: async (_signal: AbortSignal): Promise<void> => {},
    write(id: string, version: number): void {
      versions.set(id, version)
    },
    async load(id: string, { signal }: Pick<LoadOptions, 'signal'>) {
      source.loads++
      concurrent++
      source.mostConcurrent = Math.max(source.mostConcurrent, concurrent)
      try {
        const version = versions.get(id)
        await source.beforeReturn(signal)
        return version === undefined ? undefined : { id, version }
      } finally {
        concurrent--
      }
    },
  }
  return source
}

export type Source = ReturnType<typeof createSource>

/** One instance of a service: a cache with one class of things over the source. */
export function createInstance(
  store: CacheStore,
  source: { load: ClassOptions<string, typeof ThingSchema>['load'] },
  options: ThingOptions & { cache?: Partial<CacheOptions<unknown>> } = {},
) {
  const { cache: cacheOptions, ...classOptions } = options
  const reads: CacheReadReport[] = []
  const log = capturedLog()
  const cache = createCache({
    namespace: 'test',
    store,
    log,
    onRead: (read) => void reads.push(read),
    ...cacheOptions,
  })
  const things = cache.define({
    name: 'thing',
    schema: ThingSchema,
    key: (id: string) => id,
    load: source.load,
    ttl: 60_000,
    ...classOptions,
  })
  return { cache, things, reads, log, sources: () => reads.map(({ source: from }) => from) }
}

/** Both drivers: the behaviour must be one. `pair` gives two stores on the same data, as two processes have. */
export const drivers: { name: string; pair(url: () => string): Promise<[CacheStore, CacheStore]> }[] = [
  {
    name: 'memory',
    async pair() {
      const store = memoryStore()
      return [store, store]
    },
  },
  {
    name: 'Redis',
    // Plenty of time: these tests are about behaviour, on a machine that does other work too.
    pair: (url) => {
      const target = url()
      return Promise.all([
        connectedStore(target, { deadlineMilliseconds: 2000 }),
        connectedStore(target, { deadlineMilliseconds: 2000 }),
      ])
    },
  },
]
