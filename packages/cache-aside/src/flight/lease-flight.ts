import { randomBytes } from 'node:crypto'
import type { CacheParts } from '../cache-class/parts.ts'
import { decodeValue, encodeValue, tokenBytes } from '../entry/entry.ts'
import { StoreUnavailable } from '../store/cache-store.ts'
import { publish } from '../telemetry.ts'
import type { Answer, Flight } from './flight.ts'
import { type Load, runLoad } from './load.ts'
import type { Seat } from './load-batch.ts'

/** What a flight needs to know of its class. */
export type FlightClass = {
  name: string
  ttl: number
  negativeTtl: number
  jitter: number
  loadTimeout: number
}

const firstPoll = 5
const longestPoll = 100
/** A lease outlives the load that it is for by this, so that the fill still finds it. */
const leaseMargin = 500

export const leaseMilliseconds = ({ loadTimeout }: FlightClass): number => loadTimeout + leaseMargin

type Attempt = { parts: CacheParts; of: FlightClass; key: string; load: Load; seat: Seat | undefined }

/** Takes the lease, loads, fills; or finds what another one filled. Rejects with `StoreUnavailable` where the store gives no answer. */
export async function flyForLease(attempt: Attempt, flight: Flight): Promise<Answer> {
  const { parts, of, key, seat } = attempt
  let giveUpAt = Number.POSITIVE_INFINITY
  let poll = firstPoll
  for (;;) {
    flight.signal.throwIfAborted()
    const token = randomBytes(tokenBytes)
    const acquired = await acquire(attempt, token)
    if (acquired.kind === 'granted') return loadAndFill(attempt, flight, token)
    seat?.leave()
    if (acquired.kind === 'hit') {
      const found = decodeValue(acquired.bytes)
      if (found) {
        // Those who joined came after the command was sent: what it found may be older than their question.
        return {
          value: found.value,
          source: 'redis',
          ttlMilliseconds: found.freshUntil - parts.clock.now(),
          shared: false,
        }
      }
      await discard(parts, of.name, key)
      continue
    }
    giveUpAt = Math.min(giveUpAt, parts.clock.now() + acquired.milliseconds + 2 * longestPoll)
    if (parts.clock.now() >= giveUpAt) throw new LeaseWaitEnded()
    await parts.sleepers.sleep(key, poll * (0.5 + parts.random()), flight.signal)
    poll = Math.min(poll * 2, longestPoll)
  }
}

/** Others held the lease for longer than it should take. */
export class LeaseWaitEnded extends Error {}

/** Removes bytes that nobody can read. To remove is always allowed. */
export async function discard(parts: CacheParts, name: string, key: string): Promise<undefined> {
  publish({ type: 'entry-undecodable', class: name })
  await parts.store.invalidate([key])
}

async function acquire({ parts, of, key }: Attempt, token: Buffer) {
  try {
    return await parts.store.acquire(key, token, leaseMilliseconds(of))
  } catch (error) {
    // It may have been granted all the same: give it back, for others would wait for it. The token is never used again.
    parts.inBackground(parts.store.release(key, token))
    throw error
  }
}

async function loadAndFill(attempt: Attempt, flight: Flight, token: Buffer): Promise<Answer> {
  const { parts, of, key, load, seat } = attempt
  const { startTimer, clock } = parts
  try {
    const loaded = await runLoad({
      className: of.name,
      load: (signal) => seat?.take(signal) ?? load(signal),
      milliseconds: of.loadTimeout,
      signal: flight.signal,
      startTimer,
    })
    const jitter = 1 + of.jitter * (2 * parts.random() - 1)
    const ttl = (loaded.value === undefined ? of.negativeTtl : of.ttl) * jitter
    const freshUntil = clock.now() + ttl
    const bytes = encodeValue({ ...loaded, token, freshUntil, loadMilliseconds: loaded.milliseconds })
    const value = decodeValue(bytes)?.value
    flight.close() // before the fill is sent: it decides the answer
    const shared = fill(attempt, token, bytes, ttl)
    parts.inBackground(shared)
    return { value, source: 'database', ttlMilliseconds: ttl, shared }
  } catch (error) {
    flight.close()
    parts.inBackground(parts.store.release(key, token))
    throw error
  }
}

/** Whether the store took it. If not, an invalidation overtook the load: nothing is kept or shared. */
async function fill({ parts, of, key }: Attempt, token: Buffer, bytes: Buffer, ttl: number) {
  try {
    const stored = await parts.store.fill(key, token, bytes, ttl)
    if (!stored) publish({ type: 'fill-refused', class: of.name, reason: 'lease-lost' })
    return stored
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    publish({ type: 'fill-refused', class: of.name, reason: 'store-unavailable' })
    return false
  }
}
