import type { Clock } from '#src/ports.ts'
import type { Revocation, RevocationFeed } from './revocation.ts'

/** A feed for apps that share one process. */
export function createInProcessRevocationFeed({ clock = Date }: { clock?: Clock } = {}): RevocationFeed {
  const listeners = new Set<(revocation: Revocation) => void>()
  let alive: Revocation[] = []
  return {
    async publish(revocation) {
      const now = clock.now() / 1000
      alive = [...alive.filter(({ expiresAt }) => expiresAt >= now), revocation]
      for (const listener of listeners) listener(revocation)
    },
    async subscribe(listener) {
      for (const revocation of alive) listener(revocation)
      listeners.add(listener)
      return { close: async () => void listeners.delete(listener) }
    },
    close: async () => listeners.clear(),
  }
}
