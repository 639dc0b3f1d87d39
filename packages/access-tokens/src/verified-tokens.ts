import type { AccessTokenClaims } from './claims.ts'
import type { VerificationKey } from './verification-key.ts'

/** A token that was verified a moment ago. */
export type VerifiedToken = { claims: AccessTokenClaims; key: VerificationKey; diesAt: number }

/** What the memory of verified tokens has done so far. */
export type TokenMemory = {
  /** Tokens that were remembered when they came again. */
  readonly hits: number
  /** Those that were not, and had to be looked at: new ones, forged ones, and those whose minute was over. */
  readonly misses: number
  /** Tokens that left because there was no room for them. */
  readonly evictions: number
  /** How many are remembered. */
  readonly size: number
}

/**
 * Remembers verified tokens by their exact text, `size` at most. Only successes come in, so garbage pushes nothing good out. There are two
 * generations: what was asked for since the younger one began stays, the rest of the older one leaves with it. A hit changes nothing in most
 * cases; taking an entry out and in again at each hit costs fifty microseconds, once a map of ten thousand is full of holes. The texts are live
 * credentials: never log this.
 */
export function createVerifiedTokens({ size }: { size: number }) {
  let young = new Map<string, VerifiedToken>()
  let old = new Map<string, VerifiedToken>()
  /** How many of the older generation are in the younger one as well. */
  let kept = 0
  let evictions = 0

  function add(token: string, verified: VerifiedToken): void {
    if (young.size >= size / 2) {
      evictions += old.size - kept
      kept = 0
      old = young
      young = new Map()
    }
    young.set(token, verified)
  }

  function remove(token: string): void {
    const wasYoung = young.delete(token)
    if (old.delete(token) && wasYoung) kept--
  }

  return {
    get(token: string, now: number): VerifiedToken | undefined {
      const recent = young.get(token)
      const verified = recent ?? old.get(token)
      if (!verified) return undefined
      if (verified.diesAt <= now) {
        remove(token)
        return undefined
      }
      if (!recent) {
        kept++
        add(token, verified)
      }
      return verified
    },
    add,
    delete: remove,
    get evictions() {
      return evictions
    },
    get size() {
      return young.size + old.size - kept
    },
  }
}
