import { decodeEntry, entryId } from '../entry/entry.ts'
import { markKeysOf } from '../marks/mark-keys.ts'
import { stands } from '../marks/marks.ts'
import type { Answer, Flight } from './flight.ts'
import { askForLease, createLeaseWait } from './lease.ts'
import { type Attempt, loadAndStore } from './load-and-store.ts'

/**
 * Takes the lease, loads, fills; or finds what another one filled. `refused`: id of an entry that is void. Rejects with
 * `StoreUnavailable` where the store gives no answer.
 */
export async function flyForLease(attempt: Attempt, flight: Flight, refused?: Buffer): Promise<Answer> {
  const { parts, of, seat } = attempt
  const { key, markKeys } = attempt.target
  const wait = createLeaseWait({ parts, of, key, signal: flight.signal })
  let none = refused
  let { expected } = attempt
  for (;;) {
    flight.signal.throwIfAborted()
    const { token, found } = await askForLease({ parts, of, key, refused: none })
    if (found.kind !== 'busy') wait.over()
    if (found.kind === 'granted') return loadAndFill({ ...attempt, expected }, flight, token, found.floor)
    seat?.leave()
    if (found.kind === 'hit') {
      const entry = await decodeEntry(found.bytes, of.maximumBytes)
      const keys = entry && markKeysOf(of, markKeys, entry.value)
      if (entry && keys && (await stands(parts.marks, entry, keys, parts.clock.now()))) {
        // Those who joined came after the command was sent: what it found may be older than their question.
        const ttlMilliseconds = entry.freshUntil - parts.clock.now()
        return { value: entry.value, version: entry.version, source: 'redis', ttlMilliseconds, shared: false }
      }
      if (!entry) parts.tell({ type: 'entry-undecodable', class: of.name })
      none = entryId(found.bytes)
      expected = keys ?? expected
    } else await wait.nap(found.milliseconds)
  }
}

async function loadAndFill(attempt: Attempt, flight: Flight, token: Buffer, floor: number): Promise<Answer> {
  const { store, inBackground } = attempt.parts
  const { key } = attempt.target
  try {
    return await loadAndStore(attempt, flight, {
      token,
      floor,
      refusal: 'lease-lost',
      put: (bytes, ttl) => store.fill(key, token, bytes, ttl),
      keepOut: () => store.release(key, token),
    })
  } catch (error) {
    flight.close()
    inBackground(store.release(key, token))
    throw error
  }
}
