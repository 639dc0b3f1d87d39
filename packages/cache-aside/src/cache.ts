import type { Static, TSchema } from 'typebox'
import {
  type CacheClass,
  type ClassOptions,
  createCacheClass,
  type DefinedClass,
} from './cache-class/cache-class.ts'
import { createInvalidations } from './cache-class/invalidations.ts'
import type { CacheParts } from './cache-class/parts.ts'
import type { Decoded } from './entry/entry.ts'
import type { Explanation } from './explain/explanation.ts'
import { createFirstLevel, type FirstLevelOptions } from './first-level/first-level.ts'
import { type BypassOptions, createBypass } from './flight/bypass.ts'
import { createEnding } from './flight/ending.ts'
import { createSleepers } from './flight/wake.ts'
import { namespaceMarkKey, namespacePrefix, tagMarkKey } from './key/keys.ts'
import { createMarks } from './marks/marks.ts'
import { type CacheLog, type Clock, type OutboxPort, type StartTimer, startTimer, within } from './ports.ts'
import type { CacheStore } from './store/cache-store.ts'
import type { CacheEvent, CacheReadReport } from './telemetry/events.ts'
import { type CacheFigures, readFigures } from './telemetry/figures.ts'
import { createTeller } from './telemetry/teller.ts'
import { guardTrust } from './trust/guard-trust.ts'
import { unconditionalTrust } from './trust/trust.ts'

/** What a cache is made of. */
export type CacheOptions<Tx> = {
  /** Keeps the keys of several caches in one store apart; the name of the service, say. */
  namespace: string
  /** The second level. It may serve several caches, and is not closed by them. */
  store: CacheStore
  /** Without it only `invalidateNow` works. */
  outbox?: OutboxPort<Tx>
  /** Told of each read, while it is still going on: asynchronous context is that of the reader. */
  onRead?: (report: CacheReadReport) => void
  /** Told of each transition inside. What it throws, and what `onRead` does, harms nothing and is logged once. */
  onEvent?: (event: CacheEvent) => void
  log: CacheLog
  firstLevel?: FirstLevelOptions
  /**
   * With an `outbox`: no read misses what a transaction that was committed so many milliseconds before it began had invalidated, whatever
   * fails. While that is not certain, reads go around the cache. Default 2000, at least 100.
   */
  stalenessBound?: number
  /** Bounds the loads that the store does not: those while it is away. */
  bypass?: BypassOptions
  /** Default `Date`. */
  clock?: Clock
  /** From 0 to below 1. Default `Math.random`. */
  random?: () => number
  /** Default: timers of Node. */
  startTimer?: StartTimer
}

/** A cache of one namespace. */
export type Cache<Tx = unknown> = {
  /** @throws TypeError for a name that is taken or cannot be part of a key, and for senseless options */
  define<Id, Schema extends TSchema>(options: ClassOptions<Id, Schema>): CacheClass<Id, Static<Schema>, Tx>
  /** Makes all values void that carry the tag, in whatever class. One command, however many they are; otherwise as `invalidate`. */
  invalidateTag(tx: Tx, tag: string): Promise<void>
  /** Outside of a transaction. **It can be lost**: `false` says that the store gave no answer, and nobody will try again. */
  invalidateTagNow(tag: string): Promise<boolean>
  /** Makes all values of the namespace void, by one command too. */
  clear(tx: Tx): Promise<void>
  /** Outside of a transaction. **It can be lost**, as with `invalidateTagNow`. */
  clearNow(): Promise<boolean>
  /** Resolves when reads may be answered from the cache, or after a second when they may not yet. A service waits for it at its start. */
  ready(): Promise<void>
  /** How old at most what is missing in an answer is at the moment, milliseconds; `Infinity`: nobody knows, and the cache is not used. */
  staleness(): number
  /** How the cache is, and what was counted of each class. Keeps nobody longer than a second. */
  figures(): Promise<CacheFigures>
  /**
   * How the key of a class stands in both levels and why, without touching it; `undefined`: there is no such class. It tells keys and, with
   * `values`, what is cached, both of which may be personal: for people who may see that.
   */
  explain(className: string, key: string, options?: { values?: boolean }): Promise<Explanation | undefined>
  /** The relay's handler for messages of {@link invalidationTopic}; rejects while the store is away, so that the relay tries again. */
  outboxHandler(message: { payload: unknown }): Promise<void>
  /**
   * Waits for loads and deliveries under way, at most so long (default 5000 milliseconds). What loads then still is aborted and gives its lease
   * back, and what was not delivered is left to the relay. Nothing is loaded after it.
   */
  close(options?: { limitMilliseconds?: number }): Promise<void>
}

/** How long leases may take to be given back at the end: longer than the store's deadline, after which nobody will know. */
const releaseMilliseconds = 500

/**
 * Makes a cache-aside cache: values of this process (kept right by pushes), then the store, then the loader, which only one reader in all
 * processes runs at a time.
 */
export function createCache<Tx>(options: CacheOptions<Tx>): Cache<Tx> {
  const { namespace, store, outbox, log, clock = Date, random = Math.random } = options
  const { stalenessBound = 2000 } = options
  if (!(stalenessBound >= 100)) throw new TypeError('"stalenessBound" must be at least 100 milliseconds.')
  const timers = options.startTimer ?? startTimer
  const background = new Set<Promise<void>>()
  const classes = new Map<string, Pick<DefinedClass<unknown, unknown, Tx>, 'turns' | 'explain'>>()
  const teller = createTeller(options)
  const { tell } = teller
  const sleepers = createSleepers(timers)
  const ending = createEnding()
  let closed = false
  let live = () => false
  const firstLevel = createFirstLevel<Decoded>({ ...options.firstLevel, clock, live: () => live() })
  const marks = createMarks({ store, clock, live: () => live() })

  function forget(key: string): void {
    firstLevel.changed(key)
    marks.changed(key)
  }

  const watch = store.watch(namespacePrefix(namespace), {
    changed(key) {
      forget(key)
      sleepers.wake(key)
    },
    reset() {
      firstLevel.reset()
      marks.reset()
      if (!closed) tell({ type: 'first-level-reset' })
    },
    breaker: (state) => tell({ type: 'breaker-changed', state }),
  })
  const guard =
    outbox && guardTrust({ namespace, store, outbox, watch, stalenessBound, log, startTimer: timers, tell })
  const trust = guard?.trust ?? unconditionalTrust
  live = () => watch.live && trust.holdsFirstLevel()

  function inBackground(work: Promise<unknown>): void {
    const settled: Promise<void> = work.then(
      () => void background.delete(settled),
      () => void background.delete(settled),
    )
    background.add(settled)
  }

  async function backgroundEnds(): Promise<void> {
    while (background.size > 0) await Promise.all(background)
  }

  const recordKey = namespaceMarkKey(namespace)
  const invalidations = createInvalidations({ store, recordKey, forget, outbox, log, tell, inBackground })
  const bypass = createBypass(options.bypass, timers)
  const parts: CacheParts = {
    store,
    firstLevel,
    marks,
    trust,
    bypass,
    sleepers,
    ending,
    clock,
    random,
    startTimer: timers,
    report: teller.read,
    tell,
    firstLevelLive: () => live(),
    breaker: () => teller.breaker,
    inBackground,
  }

  return {
    define(definition) {
      if (classes.has(definition.name)) {
        throw new TypeError(
          `The cache "${namespace}" has a class "${definition.name}" already: choose another name.`,
        )
      }
      const defined = createCacheClass(definition, { namespace, parts, invalidations })
      classes.set(definition.name, defined)
      teller.addClass(definition.name)
      return defined.created
    },
    invalidateTag: (tx, tag) => invalidations.record(tx, { keys: [tagMarkKey(namespace, tag)] }),
    invalidateTagNow: (tag) => invalidations.deliverNow({ keys: [tagMarkKey(namespace, tag)] }),
    clear: (tx) => invalidations.record(tx, { keys: [recordKey] }),
    clearNow: () => invalidations.deliverNow({ keys: [recordKey] }),
    ready: guard?.ready ?? (async () => {}),
    staleness: trust.age,
    figures: () =>
      readFigures({
        ...{ namespace, teller, trust, live, firstLevel, store, outbox, startTimer: timers },
        turnsOf: (name) => classes.get(name)?.turns,
      }),
    async explain(className, key, { values = false } = {}) {
      return classes.get(className)?.explain(key, { values })
    },
    outboxHandler: invalidations.handle,
    async close({ limitMilliseconds = 5000 } = {}) {
      closed = true
      watch.close()
      await within(limitMilliseconds, Promise.all([guard?.close(), backgroundEnds()]), timers)
      ending.end()
      sleepers.wakeAll()
      await within(releaseMilliseconds, backgroundEnds(), timers)
    },
  }
}
