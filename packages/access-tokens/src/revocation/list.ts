import type { Clock } from '#src/ports.ts'
import type { AccessTokenClaims } from '#src/token/claims.ts'
import type { Revocation, RevocationFeed } from './revocation.ts'

/** The revocations alive, held in memory. */
export type RevocationList = {
  /** Resolves when those alive are known. */
  start(): Promise<void>
  isRevoked(claims: AccessTokenClaims): boolean
  close(): Promise<void>
}

const sweepMilliseconds = 30_000

export function createRevocationList({
  feed,
  clock = Date,
}: {
  feed: RevocationFeed
  clock?: Clock
}): RevocationList {
  const revocations = new Map<string, Revocation>()
  let subscription: { close(): Promise<void> } | undefined
  let sweep: NodeJS.Timeout | undefined

  const add = (revocation: Revocation) => {
    const key = `${revocation.kind}:${revocation.value}`
    const known = revocations.get(key)
    if (!known || known.issuedBefore < revocation.issuedBefore) revocations.set(key, revocation)
  }
  const removeExpired = () => {
    const now = clock.now() / 1000
    for (const [key, { expiresAt }] of revocations) if (expiresAt < now) revocations.delete(key)
  }
  const concerns = (kind: Revocation['kind'], value: string | undefined, issuedAt: number) => {
    const revocation = value === undefined ? undefined : revocations.get(`${kind}:${value}`)
    return revocation !== undefined && issuedAt <= revocation.issuedBefore
  }
  return {
    async start() {
      subscription = await feed.subscribe(add)
      sweep = setInterval(removeExpired, sweepMilliseconds).unref()
    },
    isRevoked: ({ sid, gid, jti, sub, iat }) =>
      revocations.size > 0 &&
      (concerns('session', sid, iat) ||
        concerns('grant', gid, iat) ||
        concerns('token', jti, iat) ||
        concerns('subject', sub, iat)),
    async close() {
      clearInterval(sweep)
      await subscription?.close()
    },
  }
}
