import { encodeLease, entryId, hasToken, isLease, isValue, leaseEnd } from '../entry/entry.ts'
import type { Clock } from '../ports.ts'
import type { CacheStore, StoreWatcher } from './cache-store.ts'

type Slot = { bytes: Buffer; until: number }

/** How to make a store in memory. */
export type MemoryStoreOptions = {
  /** Default `Date`. */
  clock?: Clock
  /** Beyond it the oldest is dropped, which is always allowed. Default 100 000. */
  maximumEntries?: number
}

/** A store in this process, for one process: the same states and the same rules as in Redis. */
export function memoryStore({ clock = Date, maximumEntries = 100_000 }: MemoryStoreOptions = {}): CacheStore {
  const slots = new Map<string, Slot>()
  const watches = new Set<{ prefix: string; watcher: StoreWatcher }>()

  function find(key: string): Buffer | undefined {
    const slot = slots.get(key)
    if (slot && slot.until > clock.now()) return slot.bytes
    if (slot) slots.delete(key)
    return undefined
  }

  function tell(key: string): void {
    for (const { prefix, watcher } of watches) if (key.startsWith(prefix)) watcher.changed(key)
  }

  function put(key: string, bytes: Buffer, milliseconds: number): void {
    slots.delete(key)
    slots.set(key, { bytes, until: clock.now() + milliseconds })
    if (slots.size > maximumEntries) dropOldest()
    tell(key)
  }

  /** But never the mark of a namespace, without which all its entries are void. */
  function dropOldest(): void {
    for (const [key, { until }] of slots) {
      if (until === Number.POSITIVE_INFINITY) continue
      slots.delete(key)
      tell(key)
      return
    }
  }

  const holds = (bytes: Buffer | undefined, token: Buffer): boolean =>
    bytes !== undefined && isLease(bytes) && hasToken(bytes, token)

  return {
    get: async (key) => find(key),
    getMany: async (keys) => keys.map(find),
    async acquire(key, token, leaseMilliseconds, refused) {
      const bytes = find(key)
      if (bytes && isValue(bytes) && !(refused && entryId(bytes).equals(refused)))
        return { kind: 'hit', bytes }
      if (bytes && isLease(bytes) && !hasToken(bytes, token)) {
        return { kind: 'busy', milliseconds: leaseEnd(bytes) - clock.now() }
      }
      put(key, encodeLease(token, clock.now() + leaseMilliseconds), leaseMilliseconds)
      return { kind: 'granted' }
    },
    async fill(key, token, bytes, ttlMilliseconds) {
      const found = find(key)
      if (found && isValue(found) && hasToken(found, token)) return true
      if (!holds(found, token)) return false
      put(key, bytes, ttlMilliseconds)
      return true
    },
    async replace(key, entryId, bytes, ttlMilliseconds) {
      const found = find(key)
      if (!found || !isValue(found) || !hasToken(found, entryId)) return false
      put(key, bytes, ttlMilliseconds)
      return true
    },
    async release(key, token) {
      if (!holds(find(key), token)) return
      slots.delete(key)
      tell(key)
    },
    async mark(key, mark, ttlMilliseconds = Number.POSITIVE_INFINITY) {
      const found = slots.get(key)
      if (!found || found.until <= clock.now()) put(key, Buffer.from(mark, 'latin1'), ttlMilliseconds)
      else found.until = Math.max(found.until, clock.now() + ttlMilliseconds)
      return (find(key) as Buffer).toString('latin1')
    },
    async invalidate(keys) {
      for (const key of keys) {
        slots.delete(key)
        tell(key)
      }
    },
    watch(prefix, watcher) {
      const watch = { prefix, watcher }
      watches.add(watch)
      return { live: true, close: () => void watches.delete(watch) }
    },
    async close() {
      slots.clear()
      watches.clear()
    },
  }
}
