import type { Database } from '@alicerce/database'
import type { Log } from '@alicerce/service-kit'
import { type RawBuilder, sql } from 'kysely'
import type { Tables } from '#src/schema.ts'

const batch = 1000

/**
 * Removes what has expired, in small batches, each a transaction of its own. One process does it at a time, and it skips rows that requests
 * hold. A used refresh token stays until it would have expired, so that its reuse is still recognised (F-04).
 */
export async function removeExpired(database: Database<Tables>): Promise<number> {
  const artifacts = await inBatches(
    database,
    sql`delete from oidc_artifact where ctid in (
      select ctid from oidc_artifact where expires_at < now() - interval '1 minute' limit ${batch} for update skip locked
    )`,
  )
  const failures = await inBatches(
    database,
    sql`delete from sign_in_failure where ctid in (
      select ctid from sign_in_failure where at < now() - interval '1 day' limit ${batch} for update skip locked
    )`,
  )
  const attempts = await inBatches(
    database,
    sql`delete from external_attempt where ctid in (
      select ctid from external_attempt where expires_at < now() limit ${batch} for update skip locked
    )`,
  )
  const links = await inBatches(
    database,
    sql`delete from one_time_link where ctid in (
      select ctid from one_time_link where expires_at < now() limit ${batch} for update skip locked
    )`,
  )
  const mails = await inBatches(
    database,
    sql`delete from shown_mail where ctid in (
      select ctid from shown_mail where at < now() - interval '1 day' limit ${batch} for update skip locked
    )`,
  )
  // A session lives for twelve hours after it was used last.
  const devices = await inBatches(
    database,
    sql`delete from session_device where ctid in (
      select ctid from session_device where last_seen_at < now() - interval '13 hours' limit ${batch} for update skip locked
    )`,
  )
  return artifacts + failures + attempts + links + mails + devices
}

async function inBatches(database: Database<Tables>, statement: RawBuilder<unknown>): Promise<number> {
  let removed = 0
  for (;;) {
    const count = await database.transaction(async (tx) => {
      const { rows } = await sql<{ mine: boolean }>`
        select pg_try_advisory_xact_lock(hashtext('clean-up')) as mine`.execute(tx.query)
      if (!rows[0]?.mine) return 0
      const { numAffectedRows = 0n } = await statement.execute(tx.query)
      return Number(numAffectedRows)
    })
    removed += count
    if (count < batch) return removed
  }
}

/** Removes again and again what `cleanUp` finds. Returns what ends it. */
export function cleanUpRegularly(log: Log, cleanUp: () => Promise<unknown>): () => void {
  const timer = setInterval(() => {
    cleanUp().catch((error) => log.warn({ error }, 'Expired rows could not be removed'))
  }, everyMilliseconds).unref()
  return () => clearInterval(timer)
}

const everyMilliseconds = 60_000
