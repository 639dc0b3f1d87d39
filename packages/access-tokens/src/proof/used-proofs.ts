import type { Clock } from '#src/ports.ts'

/** Remembers which proofs were used, so that none is used twice (RFC 9449 §11.1). */
export type UsedProofs = {
  /**
   * Marks a proof as used, and tells whether it had been before. `unknown`: it cannot be asked now, and this process has not seen it.
   * @param milliseconds for how long the proof could be accepted
   */
  use(id: string, milliseconds: number): Promise<'first' | 'again' | 'unknown'>
  close(): Promise<void>
}

const pruneMilliseconds = 10_000

/** The proofs that this process has seen. It holds as many as could still be accepted, each of which cost its sender a signature. */
export function createInProcessUsedProofs({ clock = Date }: { clock?: Clock } = {}): UsedProofs {
  const used = new Map<string, number>()
  let prunedAt = clock.now()

  function prune(now: number): void {
    if (now - prunedAt < pruneMilliseconds) return
    prunedAt = now
    for (const [id, forgottenAt] of used) if (forgottenAt <= now) used.delete(id)
  }

  return {
    async use(id, milliseconds) {
      const now = clock.now()
      prune(now)
      const again = (used.get(id) ?? 0) > now
      used.set(id, now + milliseconds)
      return again ? 'again' : 'first'
    },
    close: async () => used.clear(),
  }
}
