import type { NoTurnReason } from '../flight/turns.ts'
import type { BreakerState } from '../store/breaker.ts'

/** How one read was answered. */
export type CacheReadReport = {
  /** Name of the class; never the key, which may be personal. */
  class: string
  /** `joined`: another read of this process was loading it. `redis` is the second level, also where that is in memory. */
  source: ReadSource
  durationMilliseconds: number
  /** How long the value is still fresh; below 0 it is not. */
  ttlMilliseconds?: number
  /** Of a hit: how long ago it was loaded. */
  ageMilliseconds?: number
  /** The value is past its time: why it was answered all the same, and how long ago it was loaded. */
  stale?: { reason: StaleReason; ageMilliseconds: number }
  /** Why the answer was loaded outside of the cache and is not kept in it, or was answered although it may be too old. */
  degraded?: Degraded
}

/** Where an answer came from. */
export type ReadSource = 'l1' | 'redis' | 'database' | 'joined'

/** Why a value was answered past its time. */
export type StaleReason = 'revalidating' | 'fail-safe'

/**
 * `store-unavailable`: no answer from the store. `untrusted`: what it holds may be older than the bound on staleness. `lease-wait`: others
 * held the lease too long. `contended`: every load was overtaken. `too-large`: its JSON is longer than `maximumBytes`.
 */
export type Degraded = 'store-unavailable' | 'untrusted' | 'lease-wait' | 'contended' | 'too-large'

/** `timeout`: longer than `loadTimeout`. `abandoned`: nobody wanted it any more, or the cache was closed. `error`: the loader failed. */
export type LoadFailure = 'timeout' | 'abandoned' | 'error'

/**
 * `lease-lost`: an invalidation overtook the load. `entry-changed`: or took away what it was to renew. `store-unavailable`: no answer.
 * `too-large`: its JSON is longer than `maximumBytes`. `new-tags`: each time that it was loaded it had other tags.
 */
export type FillRefusal = 'lease-lost' | 'entry-changed' | 'store-unavailable' | 'too-large' | 'new-tags'

/** `at-once`: right after COMMIT. `relay`: from the outbox, later. `outside`: of a transaction, by `invalidateNow` and the like. */
export type InvalidationWay = 'at-once' | 'relay' | 'outside'

/**
 * What happens inside: each transition, never a hit, so that hits cost nothing. Its labels are bounded: names of classes and the words
 * below, never keys. Published on the diagnostics channel `alicerce.cache-aside` too.
 */
export type CacheEvent =
  /** The loader was called once, or `loadMany` for several keys. */
  | { type: 'loaded'; class: string; durationMilliseconds: number }
  | {
      type: 'load-failed'
      class: string
      reason: LoadFailure
      durationMilliseconds: number
      error: unknown
    }
  /** Too many loads of the class wait for their turn, or this one did for too long. */
  | { type: 'load-refused'; class: string; reason: NoTurnReason }
  /** Others held the lease meanwhile. Not `answered`: for so long that the read goes around the cache. */
  | { type: 'waited'; class: string; durationMilliseconds: number; answered: boolean }
  /** The end of a load beside a value that is kept. `gone`: an invalidation took that away. */
  | { type: 'refreshed'; class: string; outcome: 'succeeded' | 'failed' | 'gone' }
  /** What was loaded is not kept. */
  | { type: 'fill-refused'; class: string; reason: FillRefusal }
  /** A value kept for trouble was answered, so long after it was loaded. */
  | { type: 'fail-safe-served'; class: string; ageMilliseconds: number }
  /** Bytes in the store that nobody can read: as good as none. */
  | { type: 'entry-undecodable'; class: string }
  | { type: 'invalidated'; way: InvalidationWay; keys: number; delivered: boolean }
  /** The first level begins a new epoch with nothing in it: its link was lost, the store emptied, or this process slept. */
  | { type: 'first-level-reset' }
  /** Of the store, by itself: it is left alone while `open`. */
  | { type: 'breaker-changed'; state: BreakerState }
  /** Whether answers of the cache keep the bound on staleness, as far as is known. */
  | { type: 'trust-changed'; trusted: boolean }
  /** The store is new, or may have lost something: all of the namespace was made void. */
  | { type: 'namespace-voided' }
