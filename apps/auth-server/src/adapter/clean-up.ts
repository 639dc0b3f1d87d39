import type { Database } from '@alicerce/database'
import type { Log } from '@alicerce/service-kit'
import { type RawBuilder, sql } from 'kysely'
import type { Tables } from '#src/schema.ts'

const batch = 1000

/** What is no longer needed, table by table. */
const expired: Partial<Record<keyof Tables, RawBuilder<unknown>>> = {
  // A used refresh token stays until it would have expired, so that its reuse is still recognised (F-04).
  oidc_artifact: sql`expires_at < now() - interval '1 minute'`,
  sign_in_failure: sql`at < now() - interval '1 day'`,
  external_attempt: sql`expires_at < now()`,
  one_time_link: sql`expires_at < now()`,
  registration: sql`expires_at < now()`,
  shown_mail: sql`at < now() - interval '1 day'`,
  // A session lives for twelve hours after it was used last.
  session_device: sql`last_seen_at < now() - interval '13 hours'`,
}

/**
 * Removes what has expired, in small batches, each a transaction of its own. One process does it at a time, and it skips rows that requests
 * hold.
 */
export async function removeExpired(database: Database<Tables>): Promise<number> {
  let removed = 0
  for (const [table, condition] of Object.entries(expired))
    removed += await inBatches(database, table, condition)
  return removed
}

async function inBatches(
  database: Database<Tables>,
  name: string,
  condition: RawBuilder<unknown>,
): Promise<number> {
  const table = sql.table(name)
  let removed = 0
  for (;;) {
    const count = await database.transaction(async (tx) => {
      const { rows } = await sql<{ mine: boolean }>`
        select pg_try_advisory_xact_lock(hashtext('clean-up')) as mine`.execute(tx.query)
      if (!rows[0]?.mine) return 0
      const { numAffectedRows = 0n } = await sql`
        delete from ${table} where ctid in (
          select ctid from ${table} where ${condition} limit ${batch} for update skip locked
        )`.execute(tx.query)
      return Number(numAffectedRows)
    })
    removed += count
    if (count < batch) return removed
  }
}

/** Does again and again what nobody waits for. Returns what ends it. */
export function cleanUpRegularly(log: Log, cleanUp: () => Promise<unknown>): () => void {
  const timer = setInterval(() => {
    cleanUp().catch((error) => log.warn({ error }, 'The regular clean-up failed'))
  }, everyMilliseconds).unref()
  return () => clearInterval(timer)
}

const everyMilliseconds = 60_000
