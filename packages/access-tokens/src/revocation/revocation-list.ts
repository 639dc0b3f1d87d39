import type { AccessTokenClaims } from '#src/claims.ts'
import type { Clock } from '#src/ports.ts'
import type { Revocation, RevocationFeed } from './revocation.ts'

/** The revocations alive now, in memory. */
export type RevocationList = {
  /** Follows the feed. Resolves when everything alive is known, or when the feed cannot be reached yet. */
  start(): Promise<void>
  isRevoked(claims: Pick<AccessTokenClaims, 'sub' | 'jti' | 'iat' | 'sid' | 'gid'>): boolean
  /** Whether no more than ten seconds of revocations can have been missed. */
  isCurrent(): boolean
  close(): Promise<void>
}

/** A read of the feed waits for two seconds, and a link that died is noticed after five. */
const longestSilenceMilliseconds = 10_000
const pruneMilliseconds = 60_000

/** Makes a list that is fed by `feed`. It grows with the revocations alive, not with time. */
export function createRevocationList({
  feed,
  clock = Date,
}: {
  feed: Pick<RevocationFeed, 'subscribe' | 'silentMilliseconds'>
  clock?: Clock
}): RevocationList {
  const held = {
    session: new Map(),
    grant: new Map(),
    token: new Map(),
    subject: new Map(),
  } satisfies Record<Revocation['kind'], Map<string, Revocation>>
  let prunedAt = clock.now()
  let subscription: { close(): Promise<void> } | undefined

  function add(revocation: Revocation): void {
    prune()
    const { kind, value } = revocation
    const before: Revocation | undefined = held[kind].get(value)
    held[kind].set(value, before ? widest(before, revocation) : revocation)
  }

  function prune(): void {
    if (clock.now() - prunedAt < pruneMilliseconds) return
    prunedAt = clock.now()
    for (const map of Object.values(held)) {
      for (const [value, { expiresAt }] of map) if (expiresAt * 1000 <= prunedAt) map.delete(value)
    }
  }

  const meets = (map: Map<string, Revocation>, value: string | undefined, iat: number) => {
    const revocation = value === undefined ? undefined : map.get(value)
    return revocation !== undefined && iat <= revocation.issuedBefore
  }

  return {
    async start() {
      subscription ??= await feed.subscribe(add)
    },
    isRevoked: ({ sub, jti, iat, sid, gid }) =>
      meets(held.session, sid, iat) ||
      meets(held.grant, gid, iat) ||
      meets(held.subject, sub, iat) ||
      meets(held.token, jti, iat),
    isCurrent: () => feed.silentMilliseconds() <= longestSilenceMilliseconds,
    async close() {
      await subscription?.close()
    },
  }
}

const widest = (one: Revocation, other: Revocation): Revocation => ({
  ...other,
  issuedBefore: Math.max(one.issuedBefore, other.issuedBefore),
  expiresAt: Math.max(one.expiresAt, other.expiresAt),
})
