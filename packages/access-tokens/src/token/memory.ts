import type { Clock } from '#src/ports.ts'
import type { AccessTokenClaims } from './claims.ts'

/** Tokens whose signature was checked a moment ago. */
export type TokenMemory = {
  recall(token: string, generation: number): AccessTokenClaims | undefined
  remember(token: string, claims: AccessTokenClaims, generation: number): void
}

const capacity = 10_000
const lifeMilliseconds = 60_000

type Entry = { claims: AccessTokenClaims; until: number; generation: number }

/**
 * Remembers verified tokens for at most a minute, their own life, and the keys they were verified with. Only valid tokens are remembered,
 * so garbage cannot push them out; the oldest goes first when it is full. Never log its keys: they are the tokens.
 */
export function createTokenMemory({ clock }: { clock: Clock }): TokenMemory {
  const entries = new Map<string, Entry>()
  return {
    recall(token, generation) {
      const entry = entries.get(token)
      if (!entry) return undefined
      if (entry.generation === generation && clock.now() < entry.until) return entry.claims
      entries.delete(token)
      return undefined
    },
    remember(token, claims, generation) {
      if (entries.size >= capacity) entries.delete(entries.keys().next().value as string)
      entries.set(token, {
        claims,
        generation,
        until: Math.min(clock.now() + lifeMilliseconds, claims.exp * 1000),
      })
    },
  }
}
