import { channel } from 'node:diagnostics_channel'
import type { NoTurnReason } from './flight/turns.ts'

/** How one read was answered. */
export type CacheReadReport = {
  /** Name of the class; never the key, which may be personal. */
  class: string
  /** `joined`: another read of this process was loading it. `redis` is the second level, also where that is in memory. */
  source: 'l1' | 'redis' | 'database' | 'joined'
  durationMilliseconds: number
  /** How long the value is still fresh; below 0 it is not. */
  ttlMilliseconds?: number
  /** The value is past its time: why it was answered all the same, and how long ago it was loaded. */
  stale?: { reason: 'revalidating' | 'fail-safe'; ageMilliseconds: number }
  /** Why the answer was loaded outside of the cache and is not kept in it. */
  degraded?: Degraded
}

/**
 * `store-unavailable`: no answer from the store. `untrusted`: what it holds may be older than the bound on staleness. `lease-wait`: others
 * held the lease too long. `contended`: every load was overtaken.
 */
export type Degraded = 'store-unavailable' | 'untrusted' | 'lease-wait' | 'contended'

/** What happened inside, published on the diagnostics channel `alicerce.cache-aside`. Bounded labels, never keys. */
export type CacheEvent =
  | { type: 'loaded'; class: string; durationMilliseconds: number }
  | { type: 'load-failed'; class: string; error: unknown }
  /** Too many loads of the class wait for their turn, or this one did for too long. */
  | { type: 'load-refused'; class: string; reason: NoTurnReason }
  /** An invalidation overtook the load, or the store was lost before it was stored: nothing is kept. */
  | { type: 'fill-refused'; class: string; reason: 'lease-lost' | 'store-unavailable' }
  /** A value kept for trouble was answered, so long after it was loaded. */
  | { type: 'fail-safe-served'; class: string; ageMilliseconds: number }
  | { type: 'entry-undecodable'; class: string }
  | { type: 'invalidated'; keys: number; delivered: boolean }

const events = channel('alicerce.cache-aside')

/** Costs nothing while nobody listens. */
export function publish(event: CacheEvent): void {
  if (events.hasSubscribers) events.publish(event)
}
