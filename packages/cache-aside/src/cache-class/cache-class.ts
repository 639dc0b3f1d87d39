import type { Static, TSchema } from 'typebox'
import type { Decoded } from '../entry/entry.ts'
import { explain } from '../explain/explain.ts'
import type { Explanation } from '../explain/explanation.ts'
import type { Target } from '../flight/load-and-store.ts'
import { createLoadBatch } from '../flight/load-batch.ts'
import { createLoadGate, type LoadGate } from '../flight/load-gate.ts'
import { createKeys, formOf, namespaceMarkKey, tagMarkKey } from '../key/keys.ts'
import { freshnessOf } from '../policy/freshness.ts'
import { type PolicyOptions, policyOf } from '../policy/policy.ts'
import type { createInvalidations, Invalidation } from './invalidations.ts'
import type { CacheParts } from './parts.ts'
import { createReader } from './reader.ts'

/** How to load. */
export type LoadOptions = {
  /** Aborts when nobody wants the value any more. */
  signal: AbortSignal
  /**
   * The least version that will do, in a class with versions: a loader that may read a replica reads the primary if that one is behind.
   * `Infinity` while the cache is away, and nobody knows: it reads the primary.
   */
  atLeast: number
}

/** How to read. */
export type ReadOptions = {
  /** Ends the wait of this reader; the load goes on while anybody waits for it. */
  signal?: AbortSignal | undefined
  /** Nothing older is answered, for one who has written or seen this version. Not for ids without a value: that there is none has no version. */
  minVersion?: number | undefined
}

/** How to read many. */
export type ReadManyOptions<Id> = {
  /** As with {@link ReadOptions}. */
  signal?: AbortSignal | undefined
  /** For each id that is named in it: nothing older is answered. */
  minVersion?: ReadonlyMap<Id, number> | undefined
}

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
  load: (id: Id, options: LoadOptions) => Promise<Static<Schema> | undefined>
  /**
   * Version of a value: a whole number that grows with each change of its row in the order of the commits, as `version = version + 1` under
   * the lock of the row does. With it nothing older than the last invalidation said is ever stored, and readers may ask for a version.
   */
  version?: (value: Static<Schema>) => number
  /** With `version`: how far a source that `load` may read is behind the commits at most, milliseconds. Default 10 000. */
  longestLag?: number
  /**
   * With `version`, and a cache with an `outbox`: reads ask replicas of the store first, as long as it is certain that these are not
   * farther behind than the bound on staleness. What is missing there, void, or older than the reader knows is looked for at the primary,
   * where all leases, fills and invalidations go. What a replica says is not held in the first level, for changes are told by the primary,
   * before it. Default `false`.
   */
  fromReplicas?: boolean
  /** Names, of this namespace, under which the value is invalidated together with others. */
  tags?: (id: Id) => readonly string[]
  /**
   * Tags that are known by the value only: of what a list holds, say. Pure, and quick: it is asked for each value that is read. A mark must have been
   * read before the load for the value to be kept, so what carries a tag that this process has not met is loaded once more
   * ([docs/adr/0021](../../../../docs/adr/0021-tags-of-the-value.md)).
   */
  valueTags?: (value: Static<Schema>) => readonly string[]
  /** Reads many at once for `getMany`; ids that are missing in the result have no value. Without it `load` is called for each. */
  loadMany?: (
    ids: readonly Id[],
    options: { signal: AbortSignal },
  ) => Promise<ReadonlyMap<Id, Static<Schema> | undefined>>
}

/** What becomes of a value. */
export type Change = {
  /** The version that is written, in a class with versions. */
  version?: number
}

/** Reads and invalidates one kind of values. Values are deeply frozen: all readers of a process share them. */
export type CacheClass<Id, Value, Tx> = {
  /**
   * The value, or `undefined` if there is none.
   * @throws CacheError, or what the loader threw. Never because of the store.
   */
  get(id: Id, options?: ReadOptions): Promise<Value | undefined>
  /** The same for many: one question to the store for all, one `loadMany` for those that nobody is loading yet. */
  getMany(ids: readonly Id[], options?: ReadManyOptions<Id>): Promise<Map<Id, Value | undefined>>
  /**
   * Records within the transaction that the value changes with it. It takes effect right after COMMIT; where that fails, the relay of the
   * outbox delivers it. After a rollback nothing happens. To be called also for a new row: that there was none may be remembered. In a
   * class with versions say the one that is written.
   */
  invalidate(tx: Tx, id: Id, change?: Change): Promise<void>
  /** Outside of a transaction. **It can be lost**: `false` says that the store gave no answer, and nobody will try again. */
  invalidateNow(id: Id, change?: Change): Promise<boolean>
}

/** A class, and what its cache knows of it besides. */
export type DefinedClass<Id, Value, Tx> = {
  created: CacheClass<Id, Value, Tx>
  turns: LoadGate['turns']
  /** How the key stands that `key` made of an id. */
  explain(key: string, options: { values: boolean }): Promise<Explanation>
}

/** A class on the parts that all classes of a cache share. */
export function createCacheClass<Id, Schema extends TSchema, Tx>(
  options: ClassOptions<Id, Schema>,
  shared: { namespace: string; parts: CacheParts; invalidations: ReturnType<typeof createInvalidations<Tx>> },
): DefinedClass<Id, Static<Schema>, Tx> {
  type Value = Static<Schema>
  const { namespace, parts, invalidations } = shared
  const { name: className, schema } = options
  const shape = { className, schema, hasVersions: options.version !== undefined }
  const of = policyOf(className, options, {
    form: formOf(shape),
    version: options.version as ((value: unknown) => number) | undefined,
    valueTags: options.valueTags as ((value: unknown) => readonly string[]) | undefined,
    tagKeyOf: (tag) => tagMarkKey(namespace, tag),
    fromReplicas: options.fromReplicas === true,
    ...(options.longestLag !== undefined && { longestLag: options.longestLag }),
  })
  const keyOfId = createKeys({ namespace, ...shape })
  const keyOf = (id: Id) => keyOfId(options.key(id))
  const justNamespace = [namespaceMarkKey(namespace)]
  const { tags } = options
  const markKeysOf = tags
    ? (id: Id) => justNamespace.concat(tags(id).map((tag) => tagMarkKey(namespace, tag)))
    : () => justNamespace
  const targetOf = (id: Id, key: string): Target => ({
    key,
    markKeys: markKeysOf(id),
    load: (signal, atLeast, began) =>
      gate.pass(signal, () => {
        began()
        return options.load(id, { signal, atLeast })
      }),
  })
  const reader = createReader(parts, of)
  const gate = createLoadGate(of, parts)
  const { loadMany } = options
  const gatedLoadMany: typeof loadMany =
    loadMany && ((ids, { signal }) => gate.pass(signal, () => loadMany(ids, { signal })))

  /** The answer of the first level. It is refreshed beside that when it is time. */
  function peek(id: Id, key: string, started: number, minVersion = 0): Decoded | undefined {
    if (of.strict) return undefined
    const now = parts.clock.now()
    const held = parts.firstLevel.peek(key, now)
    if (!held) return undefined
    // What held the value is live, and so is what holds the marks: both hear of changes in the same way.
    if (held.marks !== parts.marks.held(held.markKeys ?? markKeysOf(id), now, true)) return undefined
    if (held.version < minVersion) return undefined
    const freshness = freshnessOf(held, of, now, parts.random)
    if (freshness === 'expired') return undefined
    if (freshness === 'due') reader.refresh(targetOf(id, key), held)
    reader.reportHit('l1', held, started, now)
    return held
  }

  function changeOf(id: Id, { version }: Change = {}): Invalidation {
    const keys = [keyOf(id)]
    if (of.version) return { keys, floor: version ?? 0, hold: of.longestLag }
    if (version !== undefined) throw withoutVersions(of.name)
    return { keys }
  }

  const created: CacheClass<Id, Value, Tx> = {
    get(id, { signal, minVersion = 0 } = {}) {
      if (minVersion > 0 && !of.version) throw withoutVersions(of.name)
      const started = performance.now()
      const key = keyOf(id)
      const held = peek(id, key, started, minVersion)
      if (held) return Promise.resolve(held.value as Value | undefined)
      return reader.read({ target: targetOf(id, key), started, signal, minVersion }) as Promise<
        Value | undefined
      >
    },

    async getMany(ids, { signal, minVersion: versions } = {}) {
      if (versions && versions.size > 0 && !of.version) throw withoutVersions(of.name)
      const started = performance.now()
      const values = new Map<Id, Value | undefined>()
      const missing = new Map<Id, string>()
      for (const id of ids) {
        if (values.has(id)) continue
        const key = keyOf(id)
        const held = peek(id, key, started, versions?.get(id))
        values.set(id, held?.value as Value | undefined)
        if (!held) missing.set(id, key)
      }
      if (missing.size === 0) return values
      const targets = [...missing].map(([id, key]) => targetOf(id, key))
      const minVersions = [...missing.keys()].map((id) => versions?.get(id) ?? 0)
      const found = reader.lookUpMany(targets, minVersions)
      for (const each of found) each.catch(() => {}) // whose flight is under way does not need it
      const seats = gatedLoadMany && createLoadBatch([...missing.keys()], gatedLoadMany)
      const reads = [...missing.keys()].map(async (id, index) => {
        const target = targets[index] as Target
        const minVersion = minVersions[index] as number
        const question = { target, started, signal, minVersion, found: found[index], seat: seats?.get(id) }
        values.set(id, (await reader.read(question)) as Value | undefined)
      })
      // All of them come to an end before one failure is told: what succeeded is in the cache for the next try.
      for (const outcome of await Promise.allSettled(reads)) {
        if (outcome.status === 'rejected') throw outcome.reason
      }
      return values
    },

    invalidate: (tx, id, change) => invalidations.record(tx, changeOf(id, change)),
    invalidateNow: (id, change) => invalidations.deliverNow(changeOf(id, change)),
  }

  /** Ids are texts as a rule, and their own keys: then it is known which tags belong to a key. */
  function tagsOfKey(key: string): readonly string[] | undefined {
    try {
      return options.key(key as Id) === key ? (tags?.(key as Id) ?? []) : undefined
    } catch {
      return undefined
    }
  }

  return {
    created,
    turns: gate.turns,
    explain(key, { values }) {
      const storeKey = keyOfId(key)
      const known = tagsOfKey(key)
      const markKeys = justNamespace.concat((known ?? []).map((tag) => tagMarkKey(namespace, tag)))
      const loading = reader.isLoading(storeKey)
      return explain(parts, of, { key, storeKey, markKeys, tags: known, loading, values })
    },
  }
}

const withoutVersions = (name: string) =>
  new TypeError(`The cache class "${name}" has no versions: define it with \`version\`.`)
