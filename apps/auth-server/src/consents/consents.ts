import type { Database, Transaction } from '@alicerce/database'
import { sql } from 'kysely'
import { endGrantsOf } from '#src/adapter/grant-ending.ts'
import type { Revocations } from '#src/revocations/revocations.ts'
import type { Tables } from '#src/schema.ts'

/** What a person has allowed a client that is not ours. */
export type Consent = { clientId: string; scopes: string[]; grantedAt: string }

/** Remembered consents. They outlive sessions; each session has a grant of its own, made from them (F-10). */
export type Consents = {
  list(accountId: string): Promise<Consent[]>
  find(accountId: string, clientId: string): Promise<Consent | undefined>
  /** Adds to what was allowed before. */
  allow(tx: Transaction<Tables>, accountId: string, clientId: string, scopes: string[]): Promise<void>
  /** Takes it all back: the client's grants for this person end in every session, with their tokens. */
  revoke(tx: Transaction<Tables>, accountId: string, clientId: string): Promise<void>
}

/** Consents in PostgreSQL. */
export function createConsents(parts: { database: Database<Tables>; revocations: Revocations }): Consents {
  const { query } = parts.database
  const select = (accountId: string) =>
    query.selectFrom('consent').selectAll().where('account_id', '=', accountId)
  return {
    async list(accountId) {
      const rows = await select(accountId).orderBy('client_id').execute()
      return rows.map(consentOf)
    },
    async find(accountId, clientId) {
      const row = await select(accountId).where('client_id', '=', clientId).executeTakeFirst()
      return row && consentOf(row)
    },
    async allow(tx, accountId, clientId, scopes) {
      await tx.query
        .insertInto('consent')
        .values({ account_id: accountId, client_id: clientId, scopes })
        .onConflict((conflict) =>
          conflict.columns(['account_id', 'client_id']).doUpdateSet({
            scopes: sql`array(select distinct unnest(consent.scopes || excluded.scopes) order by 1)`,
            granted_at: new Date(),
          }),
        )
        .execute()
    },
    async revoke(tx, accountId, clientId) {
      await tx.query
        .deleteFrom('consent')
        .where('account_id', '=', accountId)
        .where('client_id', '=', clientId)
        .execute()
      await endGrantsOf(tx, { accountId, clientId }, parts.revocations)
    },
  }
}

const consentOf = (row: { client_id: string; scopes: string[]; granted_at: Date }): Consent => ({
  clientId: row.client_id,
  scopes: row.scopes,
  grantedAt: row.granted_at.toISOString(),
})
