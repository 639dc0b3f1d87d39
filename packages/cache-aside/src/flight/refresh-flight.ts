import { randomBytes } from 'node:crypto'
import { type Decoded, decodeEntry, entryId, hasToken, tokenBytes, versionOf } from '../entry/entry.ts'
import { markKeysOf } from '../marks/mark-keys.ts'
import { stands } from '../marks/marks.ts'
import type { Answer, Flight } from './flight.ts'
import { askForLease, createLeaseWait } from './lease.ts'
import { type Attempt, loadAndStore } from './load-and-store.ts'

/** The entry that was to be refreshed is no more: an invalidation took it away. Whoever waited begins again. */
export class EntryGone extends Error {}

/**
 * Loads anew what an entry holds, which stays in its place meanwhile. One process at a time does so, by a lease under a key beside the
 * entry's. That what it stores is right does not hang on this lease: it replaces the entry that was there before the load, or nothing.
 */
export async function flyToRefresh(attempt: Attempt, seen: Decoded, flight: Flight): Promise<Answer> {
  const { parts, of, seat } = attempt
  const { key, markKeys } = attempt.target
  const turn = refreshKey(key)
  const wait = createLeaseWait({ parts, of, key: turn, signal: flight.signal })

  /** The entry in its place, and the answer if another one has refreshed it. */
  async function look(): Promise<{ bytes: Buffer; newer?: Answer }> {
    const bytes = await parts.store.get(key)
    const entry = bytes && (await decodeEntry(bytes, of.maximumBytes))
    if (!entry) throw new EntryGone()
    const keys = markKeysOf(of, markKeys, entry.value)
    if (!(await stands(parts.marks, entry, keys, parts.clock.now()))) throw new EntryGone()
    if (entry.freshUntil <= seen.freshUntil) return { bytes }
    const ttlMilliseconds = entry.freshUntil - parts.clock.now()
    // Those who joined did so after the command was sent, perhaps.
    return { bytes, newer: { ...entry, source: 'redis', ttlMilliseconds, shared: false } }
  }

  for (;;) {
    flight.signal.throwIfAborted()
    const { newer } = await look()
    if (newer) {
      wait.over()
      return newer
    }
    const { token, found } = await askForLease({ parts, of, key: turn })
    if (found.kind === 'granted') {
      wait.over()
      try {
        const current = await look() // the turn before may have been somebody's who has refreshed it
        return current.newer ?? (await loadAndReplace(attempt, flight, current.bytes))
      } finally {
        flight.close()
        parts.inBackground(parts.store.release(turn, token))
      }
    }
    seat?.leave()
    await wait.nap(found.kind === 'busy' ? found.milliseconds : 0)
  }
}

async function loadAndReplace(attempt: Attempt, flight: Flight, old: Buffer): Promise<Answer> {
  const { store } = attempt.parts
  const { key } = attempt.target
  const answer = await loadAndStore(attempt, flight, {
    token: randomBytes(tokenBytes),
    floor: versionOf(old),
    refusal: 'entry-changed',
    put: (bytes, ttl) => store.replace(key, entryId(old), bytes, ttl),
    async keepOut() {
      const standing = await store.get(key)
      return standing !== undefined && hasToken(standing, entryId(old))
    },
  })
  await answer.shared // the turn ends when the new entry is in its place
  return answer
}

/** In the slot of the entry's key (Redis Cluster), and no entry's key itself: those end with `}`. */
export const refreshKey = (key: string) => `${key}:r`
