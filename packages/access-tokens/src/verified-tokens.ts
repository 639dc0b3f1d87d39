import type { AccessTokenClaims } from './claims.ts'
import { Generations } from './generations.ts'
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
 * Remembers verified tokens by their exact text, `size` at most. Only successes come in, so garbage pushes nothing good out. The texts are live
 * credentials: never log this.
 */
export function createVerifiedTokens({ size }: { size: number }) {
  const tokens = new Generations<VerifiedToken>(size)
  return {
    get(token: string, now: number): VerifiedToken | undefined {
      const verified = tokens.get(token)
      if (!verified || verified.diesAt > now) return verified
      tokens.delete(token)
      return undefined
    },
    add: (token: string, verified: VerifiedToken) => tokens.set(token, verified),
    delete: (token: string) => tokens.delete(token),
    get evictions() {
      return tokens.evictions
    },
    get size() {
      return tokens.size
    },
  }
}
