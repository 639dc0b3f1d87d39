import type { Database, Transaction } from '@alicerce/database'
import type { Tables } from '#src/schema.ts'
import type { ExternalIdentity } from './external-providers.ts'

/** Which account belongs to whom elsewhere. */
export type ExternalIdentities = {
  /** The account's id. */
  find(tx: Transaction<Tables>, identity: ExternalIdentity): Promise<string | undefined>
  keep(tx: Transaction<Tables>, identity: ExternalIdentity, accountId: string): Promise<void>
  list(database: Database<Tables>, accountId: string): Promise<{ issuer: string; subject: string }[]>
  /** The account is nobody's elsewhere any more. */
  forget(tx: Transaction<Tables>, accountId: string): Promise<void>
}

/** Identities in PostgreSQL, by issuer and subject: the only pair that never changes hands (OpenID Connect Core §5.7). */
export const externalIdentities: ExternalIdentities = {
  async find(tx, { issuer, subject }) {
    const row = await tx.query
      .selectFrom('external_identity')
      .select('account_id')
      .where('issuer', '=', issuer)
      .where('subject', '=', subject)
      .executeTakeFirst()
    return row?.account_id
  },
  async keep(tx, { issuer, subject }, accountId) {
    await tx.query
      .insertInto('external_identity')
      .values({ issuer, subject, account_id: accountId })
      .execute()
  },
  list: ({ query }, accountId) =>
    query
      .selectFrom('external_identity')
      .select(['issuer', 'subject'])
      .where('account_id', '=', accountId)
      .execute(),
  async forget(tx, accountId) {
    await tx.query.deleteFrom('external_identity').where('account_id', '=', accountId).execute()
  },
}
