import { randomBytes } from 'node:crypto'
import type { CacheParts } from '../cache-class/parts.ts'
import { tokenBytes } from '../entry/entry.ts'
import type { Policy } from '../policy/policy.ts'
import type { Acquired } from '../store/cache-store.ts'

/** A lease outlives the load that it is for by this, so that the fill still finds it. */
const leaseMargin = 500
const firstPoll = 5
const longestPoll = 100

/** Others held the lease for longer than it should take. */
export class LeaseWaitEnded extends Error {}

/** Asks for the lease with a token that nobody ever used, and is never used again. */
export async function askForLease(question: {
  parts: CacheParts
  of: Policy
  key: string
  /** Id of an entry that is as good as none. */
  refused?: Buffer | undefined
}): Promise<{ token: Buffer; found: Acquired }> {
  const { parts, of, key, refused } = question
  const token = randomBytes(tokenBytes)
  try {
    return { token, found: await parts.store.acquire(key, token, of.loadTimeout + leaseMargin, refused) }
  } catch (error) {
    // It may have been granted all the same: give it back, for others would wait for it.
    parts.inBackground(parts.store.release(key, token))
    throw error
  }
}

/** Lets a reader wait while another holds the lease of `key`, in ever longer naps, each of which a change of the key ends. */
export function createLeaseWait(options: {
  parts: CacheParts
  of: Policy
  key: string
  signal: AbortSignal
}) {
  const { parts, of, key, signal } = options
  let giveUpAt = Number.POSITIVE_INFINITY
  let poll = firstPoll
  let since: number | undefined

  function end(answered: boolean): void {
    if (since === undefined) return
    const durationMilliseconds = performance.now() - since
    since = undefined
    parts.tell({ type: 'waited', class: of.name, durationMilliseconds, answered })
  }

  return {
    /** `busy`: what the other's lease has left, milliseconds. Rejects with {@link LeaseWaitEnded} when it should have ended. */
    async nap(busy: number): Promise<void> {
      since ??= performance.now()
      giveUpAt = Math.min(giveUpAt, parts.clock.now() + busy + 2 * longestPoll)
      if (parts.clock.now() >= giveUpAt) {
        end(false)
        throw new LeaseWaitEnded()
      }
      parts.ending.throwIfOver()
      await parts.sleepers.sleep(key, poll * (0.5 + parts.random()), signal)
      parts.ending.throwIfOver()
      poll = Math.min(poll * 2, longestPoll)
    },
    /** The lease is free, or there is something better. */
    over: () => end(true),
  }
}
