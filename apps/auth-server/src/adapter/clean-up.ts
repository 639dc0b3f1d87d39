import type { Database } from '@alicerce/database'
import { sql } from 'kysely'
import type { Tables } from '#src/schema.ts'

const batch = 1000

/**
 * Removes what has expired, in small batches, skipping rows that others hold: any number of processes may do it at once. A used refresh token
 * stays until it would have expired, so that its reuse is still recognised (F-04).
 */
export async function removeExpired(database: Database<Tables>): Promise<number> {
  let removed = 0
  for (;;) {
    const { numAffectedRows = 0n } = await sql`
      delete from oidc_artifact where ctid in (
        select ctid from oidc_artifact where expires_at < now() - interval '1 minute' limit ${batch} for update skip locked
      )`.execute(database.query)
    removed += Number(numAffectedRows)
    if (Number(numAffectedRows) < batch) break
  }
  await sql`delete from sign_in_failure where at < now() - interval '1 day'`.execute(database.query)
  return removed
}
