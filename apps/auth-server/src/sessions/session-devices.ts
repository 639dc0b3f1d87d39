import type { Database, Transaction } from '@alicerce/database'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '#src/schema.ts'

/** The browser that a session is in, as far as it tells. */
export type SessionDevice = { userAgent: string; address: string; lastSeenAt: string }

const longestUserAgent = 300

/** Remembers where a session is used, each time that it is saved. Only for a session that somebody has signed in to, and that has not ended meanwhile. */
export async function noteDevice(
  { query }: { readonly query: Kysely<Tables> },
  { uid, userAgent, address }: { uid: string; userAgent: string; address: string },
): Promise<void> {
  await sql`
    insert into session_device (uid, account_id, user_agent, address, signed_in_at)
    select uid, account_id::uuid, ${userAgent.slice(0, longestUserAgent)}, ${address},
      to_timestamp((payload->>'loginTs')::bigint)
    from oidc_artifact
    where model = 'Session' and uid = ${uid} and account_id is not null and payload ? 'loginTs'
    on conflict (uid) do update set
      account_id = excluded.account_id, user_agent = excluded.user_agent, address = excluded.address,
      signed_in_at = excluded.signed_in_at, last_seen_at = now()`.execute(query)
}

/** Forgets it with the session. */
export async function forgetDevice(tx: Transaction<Tables>, uid: string): Promise<void> {
  await tx.query.deleteFrom('session_device').where('uid', '=', uid).execute()
}

/** The devices of an account's sessions, by the session's uid. */
export async function devicesOf(
  { query }: Database<Tables>,
  accountId: string,
): Promise<Map<string, SessionDevice>> {
  const rows = await query
    .selectFrom('session_device')
    .selectAll()
    .where('account_id', '=', accountId)
    .execute()
  return new Map(
    rows.map(({ uid, user_agent, address, last_seen_at }) => [
      uid,
      { userAgent: user_agent, address, lastSeenAt: last_seen_at.toISOString() },
    ]),
  )
}
