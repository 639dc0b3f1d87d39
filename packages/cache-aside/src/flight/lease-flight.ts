import type { CacheParts } from '../cache-class/parts.ts'
import { decodeValue } from '../entry/entry.ts'
import { publish } from '../telemetry.ts'
import type { Answer, Flight } from './flight.ts'
import { askForLease, createLeaseWait } from './lease.ts'
import { type Attempt, loadAndStore } from './load-and-store.ts'

/** Takes the lease, loads, fills; or finds what another one filled. Rejects with `StoreUnavailable` where the store gives no answer. */
export async function flyForLease(attempt: Attempt, flight: Flight): Promise<Answer> {
  const { parts, of, key, seat } = attempt
  const nap = createLeaseWait(attempt, flight.signal)
  for (;;) {
    flight.signal.throwIfAborted()
    const { token, found } = await askForLease(attempt)
    if (found.kind === 'granted') return loadAndFill(attempt, flight, token)
    seat?.leave()
    if (found.kind === 'hit') {
      const entry = decodeValue(found.bytes)
      if (entry) {
        // Those who joined came after the command was sent: what it found may be older than their question.
        const ttlMilliseconds = entry.freshUntil - parts.clock.now()
        return { value: entry.value, source: 'redis', ttlMilliseconds, shared: false }
      }
      await discard(parts, of.name, key)
    } else await nap(found.milliseconds)
  }
}

/** Removes bytes that nobody can read. To remove is always allowed. */
export async function discard(parts: CacheParts, name: string, key: string): Promise<undefined> {
  publish({ type: 'entry-undecodable', class: name })
  await parts.store.invalidate([key])
}

async function loadAndFill(attempt: Attempt, flight: Flight, token: Buffer): Promise<Answer> {
  const { store, inBackground } = attempt.parts
  try {
    return await loadAndStore(attempt, flight, {
      token,
      put: (bytes, ttl) => store.fill(attempt.key, token, bytes, ttl),
    })
  } catch (error) {
    flight.close()
    inBackground(store.release(attempt.key, token))
    throw error
  }
}
