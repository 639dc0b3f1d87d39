import type { Static, TSchema } from 'typebox'
import type { Decoded } from '../entry/entry.ts'
import type { Target } from '../flight/load-and-store.ts'
import { createLoadBatch } from '../flight/load-batch.ts'
import { createKeys, namespaceMarkKey, tagMarkKey } from '../key/keys.ts'
import { freshnessOf } from '../policy/freshness.ts'
import { type PolicyOptions, policyOf } from '../policy/policy.ts'
import type { createInvalidations } from './invalidations.ts'
import type { CacheParts } from './parts.ts'
import { createReader } from './reader.ts'

/** One kind of cached values. */
export type ClassOptions<Id, Schema extends TSchema> = PolicyOptions & {
  /** Unique within the namespace. */
  name: string
  /** TypeBox schema of the values, which are made of JSON. A change of it leaves all older entries behind. */
  schema: Schema
  /** What tells one value from another. It is escaped, and hashed when long. */
  key: (id: Id) => string
  /**
   * Reads the value at its source; `undefined`: there is none, which is remembered for `negativeTtl`. Must not read inside of a transaction
   * that was begun earlier, whose view may be older than the invalidation that made this load necessary.
   */
  load: (id: Id, options: { signal: AbortSignal }) => Promise<Static<Schema> | undefined>
  /** Names, of this namespace, under which the value is invalidated together with others. */
  tags?: (id: Id) => readonly string[]
  /** Reads many at once for `getMany`; ids that are missing in the result have no value. Without it `load` is called for each. */
  loadMany?: (
    ids: readonly Id[],
    options: { signal: AbortSignal },
  ) => Promise<ReadonlyMap<Id, Static<Schema> | undefined>>
}

/** Reads and invalidates one kind of values. Values are deeply frozen: all readers of a process share them. */
export type CacheClass<Id, Value, Tx> = {
  /**
   * The value, or `undefined` if there is none. `signal` ends this wait only; the load goes on while anybody waits for it.
   * @throws CacheError, or what the loader threw. Never because of the store.
   */
  get(id: Id, options?: { signal?: AbortSignal }): Promise<Value | undefined>
  /** The same for many: one question to the store for all, one `loadMany` for those that nobody is loading yet. */
  getMany(ids: readonly Id[], options?: { signal?: AbortSignal }): Promise<Map<Id, Value | undefined>>
  /**
   * Records within the transaction that the value changes with it. It takes effect right after COMMIT; where that fails, the relay of the
   * outbox delivers it. After a rollback nothing happens. To be called also for a new row: that there was none may be remembered.
   */
  invalidate(tx: Tx, id: Id): Promise<void>
  /** Outside of a transaction. **It can be lost**: `false` says that the store gave no answer, and nobody will try again. */
  invalidateNow(id: Id): Promise<boolean>
}

/** A class on the parts that all classes of a cache share. */
export function createCacheClass<Id, Schema extends TSchema, Tx>(
  options: ClassOptions<Id, Schema>,
  shared: { namespace: string; parts: CacheParts; invalidations: ReturnType<typeof createInvalidations<Tx>> },
): CacheClass<Id, Static<Schema>, Tx> {
  type Value = Static<Schema>
  const { namespace, parts, invalidations } = shared
  const of = policyOf(options.name, options)
  const keyOfId = createKeys({ namespace, className: of.name, schema: options.schema })
  const keyOf = (id: Id) => keyOfId(options.key(id))
  const justNamespace = [namespaceMarkKey(namespace)]
  const { tags } = options
  const markKeysOf = tags
    ? (id: Id) => justNamespace.concat(tags(id).map((tag) => tagMarkKey(namespace, tag)))
    : () => justNamespace
  const targetOf = (id: Id, key: string): Target => ({
    key,
    markKeys: markKeysOf(id),
    load: (signal) => options.load(id, { signal }),
  })
  const reader = createReader(parts, of)

  /** The answer of the first level. It is refreshed beside that when it is time. */
  function peek(id: Id, key: string, started: number): Decoded | undefined {
    const now = parts.clock.now()
    const held = parts.firstLevel.peek(key, now)
    if (!held || held.marks !== parts.marks.held(markKeysOf(id), now)) return undefined
    const freshness = freshnessOf(held, of, now, parts.random)
    if (freshness === 'expired') return undefined
    if (freshness === 'due') reader.refresh(targetOf(id, key), held)
    reader.reportHit('l1', held, started, now)
    return held
  }

  return {
    get(id, { signal } = {}) {
      const started = performance.now()
      const key = keyOf(id)
      const held = peek(id, key, started)
      if (held) return Promise.resolve(held.value as Value | undefined)
      return reader.read({ target: targetOf(id, key), started, signal }) as Promise<Value | undefined>
    },

    async getMany(ids, { signal } = {}) {
      const started = performance.now()
      const values = new Map<Id, Value | undefined>()
      const missing = new Map<Id, string>()
      for (const id of ids) {
        if (values.has(id)) continue
        const key = keyOf(id)
        const held = peek(id, key, started)
        values.set(id, held?.value as Value | undefined)
        if (!held) missing.set(id, key)
      }
      if (missing.size === 0) return values
      const targets = [...missing].map(([id, key]) => targetOf(id, key))
      const found = reader.lookUpMany(targets)
      for (const each of found) each.catch(() => {}) // whose flight is under way does not need it
      const seats = options.loadMany && createLoadBatch([...missing.keys()], options.loadMany)
      const reads = [...missing.keys()].map(async (id, index) => {
        const target = targets[index] as Target
        const question = { target, started, signal, found: found[index], seat: seats?.get(id) }
        values.set(id, (await reader.read(question)) as Value | undefined)
      })
      // All of them come to an end before one failure is told: what succeeded is in the cache for the next try.
      for (const outcome of await Promise.allSettled(reads)) {
        if (outcome.status === 'rejected') throw outcome.reason
      }
      return values
    },

    invalidate: (tx, id) => invalidations.record(tx, [keyOf(id)]),
    invalidateNow: (id) => invalidations.deliverNow([keyOf(id)]),
  }
}
