import type { Revocation, RevocationFeed } from '@alicerce/access-tokens'
import type { Database, Outbox, Transaction } from '@alicerce/database'
import type { Clock, Log } from '@alicerce/service-kit'
import type { Tables } from '#src/schema.ts'

/** The outbox topic of revocations. */
export const revocationTopic = 'revocation'

/** Ends access tokens before they expire. */
export type Revocations = {
  /** Written in the transaction that ends the session, grant or account; announced right after its commit, by the relay at the latest. */
  revoke(tx: Transaction<Tables>, kind: Revocation['kind'], value: string): Promise<void>
  /** Announces again all that are alive: Redis may have been emptied while we were away. */
  announceAlive(): Promise<void>
  /** The relay's handler. */
  deliver(message: { payload: unknown }): Promise<void>
  removeExpired(): Promise<void>
}

/** A token request that was under way when its session or grant ended may sign its token a little later. Neither ever comes back, an account may. */
const underWaySeconds = 60
/** Longer than any access token lives, with the resource servers' tolerance. */
const aliveSeconds = 300 + underWaySeconds + 60

/** Revocations in the table, the outbox and the feed. */
export function createRevocations(parts: {
  database: Database<Tables>
  outbox: Outbox
  feed: RevocationFeed
  clock: Clock
  log: Log
}): Revocations {
  const { database, outbox, feed, clock, log } = parts
  const seconds = () => Math.floor(clock.now() / 1000)
  return {
    async revoke(tx, kind, value) {
      const revocation: Revocation = {
        kind,
        value,
        issuedBefore: seconds() + (kind === 'subject' ? 0 : underWaySeconds),
        expiresAt: seconds() + aliveSeconds,
      }
      const row = { kind, value, issued_before: revocation.issuedBefore, expires_at: revocation.expiresAt }
      await tx.query
        .insertInto('revocation')
        .values(row)
        .onConflict((conflict) => conflict.columns(['kind', 'value']).doUpdateSet(row))
        .execute()
      const ids = await outbox.append(tx, [
        { topic: revocationTopic, key: `${kind}:${value}`, payload: revocation },
      ])
      tx.afterCommit(async () => {
        await feed.publish(revocation)
        await outbox.markDelivered(database, ids)
      })
    },
    async announceAlive() {
      const rows = await database.query
        .selectFrom('revocation')
        .selectAll()
        .where('expires_at', '>', seconds())
        .execute()
      for (const { kind, value, issued_before, expires_at } of rows)
        await feed.publish({
          kind: kind as Revocation['kind'],
          value,
          issuedBefore: Number(issued_before),
          expiresAt: Number(expires_at),
        })
      if (rows.length > 0) log.info({ count: rows.length }, 'Revocations still alive were announced again')
    },
    deliver: ({ payload }) => feed.publish(payload as Revocation),
    async removeExpired() {
      await database.query.deleteFrom('revocation').where('expires_at', '<', seconds()).execute()
    },
  }
}
