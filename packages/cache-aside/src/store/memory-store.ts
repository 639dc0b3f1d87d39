import { randomBytes, randomUUID } from 'node:crypto'
import {
  encodeLease,
  encodeTombstone,
  entryId,
  hasToken,
  isLease,
  isPlaceholder,
  isValue,
  leaseEnd,
  markLength,
  tokenBytes,
  versionOf,
} from '../entry/entry.ts'
import { decodeRecord, enteredAt, enterForm, mostForms } from '../marks/namespace-record.ts'
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
  const watermarks = new Map<string, number>()
  const run = randomUUID()
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

  /** How long the floor under this key is still held. */
  function heldFor(key: string): number {
    const slot = slots.get(key)
    return slot && isPlaceholder(slot.bytes) ? slot.until - clock.now() : 0
  }

  /** One that lies ahead was written before the clock was set back. */
  function findWatermark(key: string): number | undefined {
    const at = watermarks.get(key)
    return at !== undefined && at <= clock.now() ? at : undefined
  }

  return {
    get: async (key) => find(key),
    getMany: async (keys) => keys.map(find),
    async acquire(key, token, leaseMilliseconds, refused) {
      const bytes = find(key)
      if (bytes && isValue(bytes) && !(refused && entryId(bytes).equals(refused)))
        return { kind: 'hit', bytes }
      if (bytes && isLease(bytes) && !hasToken(bytes, token)) {
        const milliseconds = leaseEnd(bytes) - clock.now()
        if (milliseconds > 0) return { kind: 'busy', milliseconds }
      }
      const floor = bytes && isPlaceholder(bytes) ? versionOf(bytes) : 0
      const lease = encodeLease(token, clock.now() + leaseMilliseconds, floor)
      put(key, lease, Math.max(leaseMilliseconds, heldFor(key)))
      return { kind: 'granted', floor }
    },
    async fill(key, token, bytes, ttlMilliseconds) {
      const found = find(key)
      if (found && isValue(found) && hasToken(found, token)) return true
      if (!found || !holds(found, token) || versionOf(found) > versionOf(bytes)) return false
      put(key, bytes, ttlMilliseconds)
      return true
    },
    async replace(key, entryId, bytes, ttlMilliseconds) {
      const found = find(key)
      if (!found || !isValue(found) || !hasToken(found, entryId)) return false
      if (versionOf(found) > versionOf(bytes)) return false
      put(key, bytes, ttlMilliseconds)
      return true
    },
    async release(key, token) {
      const found = find(key)
      if (!found || !holds(found, token)) return false
      const [floor, hold] = [versionOf(found), heldFor(key)]
      if (floor > 0) put(key, encodeTombstone(token, floor), hold)
      else {
        slots.delete(key)
        tell(key)
      }
      return true
    },
    async mark(key, mark, ttlMilliseconds = Number.POSITIVE_INFINITY) {
      const found = slots.get(key)
      if (!found || found.until <= clock.now()) put(key, Buffer.from(mark, 'latin1'), ttlMilliseconds)
      else found.until = Math.max(found.until, clock.now() + ttlMilliseconds)
      return (find(key) as Buffer).toString('latin1')
    },
    async enter(key, mark, form) {
      const found = find(key)?.toString('latin1')
      const since = found === undefined ? undefined : enteredAt(found, form)
      if (found !== undefined && since !== undefined) {
        return { mark: found.slice(0, markLength), milliseconds: Math.max(0, clock.now() - since) }
      }
      const className = form.slice(0, form.indexOf(':') + 1)
      const forms = decodeRecord(Buffer.from(found ?? ''))?.forms ?? []
      const isFull = forms.filter((each) => each.startsWith(className)).length >= mostForms
      const record = enterForm(found === undefined || isFull ? mark : found, form, clock.now())
      put(key, Buffer.from(record, 'latin1'), Number.POSITIVE_INFINITY)
      return { mark: record.slice(0, markLength), milliseconds: 0 }
    },
    async invalidate(keys) {
      // As in Redis: of a key that is not there nobody is told.
      for (const key of keys) if (slots.delete(key)) tell(key)
    },
    async raise(key, floor, holdMilliseconds) {
      const found = find(key)
      const highest = Math.max(floor, found ? versionOf(found) : 0)
      const hold = Math.max(holdMilliseconds, heldFor(key))
      put(key, encodeTombstone(randomBytes(tokenBytes), highest), hold)
    },
    connection: () => 0,
    readWatermark: async (key) => ({ run, now: clock.now(), at: findWatermark(key) }),
    async moveWatermark(key, seen, at) {
      if (seen.run !== run) return false
      watermarks.set(key, Math.max(at, findWatermark(key) ?? at))
      return true
    },
    watch(prefix, watcher) {
      const watch = { prefix, watcher }
      watches.add(watch)
      return { live: true, barrier: async () => {}, close: () => void watches.delete(watch) }
    },
    async close() {
      slots.clear()
      watches.clear()
    },
  }
}
