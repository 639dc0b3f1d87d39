import type { AccessTokenClaims } from './claims.ts'
import type { VerificationKey } from './verification-key.ts'

/** A token that was verified a moment ago. */
export type VerifiedToken = { claims: AccessTokenClaims; key: VerificationKey; diesAt: number }

/**
 * Remembers verified tokens by their exact text. Only successes come in, so garbage pushes nothing good out; the one unused for
 * longest leaves first. The texts are live credentials: never log this.
 */
export function createVerifiedTokens({ size }: { size: number }) {
  const tokens = new Map<string, VerifiedToken>()
  return {
    get(token: string, now: number): VerifiedToken | undefined {
      const verified = tokens.get(token)
      if (!verified) return undefined
      tokens.delete(token)
      if (verified.diesAt <= now) return undefined
      tokens.set(token, verified)
      return verified
    },
    add(token: string, verified: VerifiedToken): void {
      if (tokens.size >= size) tokens.delete(tokens.keys().next().value as string)
      tokens.set(token, verified)
    },
    delete: (token: string) => void tokens.delete(token),
  }
}
