import type { Transaction } from '@alicerce/database'
import type { ProfileRecords } from '#src/ports/profile-records.ts'
import { profileOf, rowOf } from './rows.ts'
import type { Tables } from './schema.ts'

/** What {@link createProfileRecords} needs. */
export type ProfileRecordsParts = {
  /** Takes what is older than the version that is written out of every cache when the transaction commits. */
  invalidate: (tx: Transaction<Tables>, id: string, version: number) => Promise<void>
  /** The trace that runs now, for the record of changes. */
  traceId: () => string | undefined
}

/** The records of profiles, in one PostgreSQL transaction. */
export function createProfileRecords(
  parts: ProfileRecordsParts,
): (tx: Transaction<Tables>) => ProfileRecords {
  return (tx) => ({
    async lockOrCreate(blank) {
      const created = await tx.query
        .insertInto('profile')
        .values(rowOf(blank))
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      if ((created.numInsertedOrUpdatedRows ?? 0n) > 0n) await parts.invalidate(tx, blank.id, blank.version)
      const row = await tx.query
        .selectFrom('profile')
        .selectAll()
        .where('id', '=', blank.id)
        .forUpdate()
        .executeTakeFirstOrThrow()
      const { account_version, account_name, account_locale } = row
      const account = { version: Number(account_version), name: account_name, locale: account_locale }
      return { profile: profileOf(row), account }
    },
    async save(profile, account) {
      const { id, ...row } = rowOf(profile)
      const known = account && {
        account_version: account.version,
        account_name: account.name,
        account_locale: account.locale,
      }
      await tx.query
        .updateTable('profile')
        .set({ ...row, ...known })
        .where('id', '=', id)
        .execute()
      await parts.invalidate(tx, id, row.version)
    },
    async recordChange({ profileId, actorId, action, now }) {
      await tx.query
        .insertInto('profile_event')
        .values({
          profile_id: profileId,
          at: new Date(now),
          actor_id: actorId,
          action,
          trace_id: parts.traceId() ?? null,
        })
        .execute()
    },
  })
}
