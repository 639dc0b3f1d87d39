import type { Clock } from '#src/ports.ts'
import type { Revocation, RevocationFeed } from './revocation.ts'

/** A feed within one process, for development without Redis. What it holds is gone with the process. */
export function createInProcessRevocationFeed({ clock = Date }: { clock?: Clock } = {}): RevocationFeed {
  const listeners = new Set<(revocation: Revocation) => void>()
  let held: Revocation[] = []

  return {
    async publish(revocation) {
      const now = clock.now() / 1000
      held = held.filter(({ expiresAt }) => expiresAt > now)
      held.push(revocation)
      for (const listener of listeners) listener(revocation)
    },
    async subscribe(listener) {
      const now = clock.now() / 1000
      for (const revocation of held) if (revocation.expiresAt > now) listener(revocation)
      // A function of its own, so that one listener may subscribe twice.
      const deliver = (revocation: Revocation) => listener(revocation)
      listeners.add(deliver)
      return { close: async () => void listeners.delete(deliver) }
    },
    silentMilliseconds: () => 0,
    close: async () => listeners.clear(),
  }
}
