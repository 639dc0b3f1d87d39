import type { CacheStore } from './cache-store.ts'

type Entry = { text: string; until: number }

/** A store in this process, for one process: the same states and rules as in Redis. */
export function memoryStore({ clock = Date }: { clock?: { now(): number } } = {}): CacheStore {
  const entries = new Map<string, Entry>()
  const listeners = new Set<(key: string | undefined) => void>()
  const find = (key: string) => {
    const entry = entries.get(key)
    if (entry && entry.until > clock.now()) return entry
    entries.delete(key)
    return undefined
  }
  const value = (key: string) => {
    const entry = find(key)
    return entry?.text.startsWith('L') ? undefined : entry?.text
  }
  return {
    listening: true,
    get: async (key) => value(key),
    getMany: async (keys) => keys.map(value),
    async acquire(key, token, leaseMilliseconds) {
      const entry = find(key)
      if (entry && !entry.text.startsWith('L')) return { kind: 'hit', entry: entry.text }
      if (entry) return { kind: 'busy', retryMilliseconds: entry.until - clock.now() }
      entries.set(key, { text: `L${token}`, until: clock.now() + leaseMilliseconds })
      return { kind: 'granted' }
    },
    async fill(key, token, text, ttlMilliseconds) {
      if (find(key)?.text !== `L${token}`) return false
      entries.set(key, { text, until: clock.now() + ttlMilliseconds })
      return true
    },
    async release(key, token) {
      if (find(key)?.text === `L${token}`) entries.delete(key)
    },
    async invalidate(keys) {
      for (const key of keys) {
        entries.delete(key)
        for (const listener of listeners) listener(key)
      }
    },
    onInvalidated(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async close() {
      entries.clear()
      listeners.clear()
    },
  }
}
