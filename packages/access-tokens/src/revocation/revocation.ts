/** Says that tokens of one session, grant or person, or one token, are no longer good. Times are seconds since 1970. */
export type Revocation = {
  readonly kind: 'session' | 'grant' | 'token' | 'subject'
  /** The `sid`, `gid`, `jti` or `sub` of the tokens meant. */
  readonly value: string
  /** Tokens issued at this time or before are meant. */
  readonly issuedBefore: number
  /** When the last of these tokens has expired: the revocation can be forgotten. */
  readonly expiresAt: number
}

/** Carries revocations from whoever revokes to every resource server. */
export type RevocationFeed = {
  /** @throws when the feed cannot be reached; the caller keeps the revocation and tries again */
  publish(revocation: Revocation): Promise<void>
  /**
   * Gives the listener every revocation still alive, then each new one. The same one may come twice. Resolves when those alive have
   * been given, or when the feed cannot be reached; it keeps trying then, and gives them later.
   */
  subscribe(listener: (revocation: Revocation) => void): Promise<{ close(): Promise<void> }>
  /** How long ago it was certain for the last time that nothing has been missed, for the subscriber that has heard least; `Infinity`: never yet. */
  silentMilliseconds(): number
  close(): Promise<void>
}

/** Reads a revocation from a message; `undefined` for anything else. */
export function parseRevocation(text: string): Revocation | undefined {
  try {
    const { kind, value, issuedBefore, expiresAt } = JSON.parse(text)
    const known = ['session', 'grant', 'token', 'subject'].includes(kind) && typeof value === 'string'
    if (!known || !Number.isFinite(issuedBefore) || !Number.isFinite(expiresAt)) return undefined
    return { kind, value, issuedBefore, expiresAt }
  } catch {
    return undefined
  }
}
