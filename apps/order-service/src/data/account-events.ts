import { type Database, processOnce, type Transaction } from '@alicerce/database'
import type { DomainEvent } from '@alicerce/events'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { foldText } from '#src/domain/text.ts'
import type { Tables } from './schema.ts'

/** The events that tell of accounts; their publisher may tell more than is read here. */
export const accountEventTypes = ['account.registered', 'account.changed', 'account.deleted']

const AccountState = Type.Object({
  id: Type.String(),
  email: Type.String(),
  name: Type.String(),
  version: Type.Integer(),
})

/**
 * Keeps names and addresses of accounts as their events tell: each event counts once, and of several the newest version wins,
 * whatever the order in which they come.
 */
export function createAccountEventHandler(parts: {
  database: Database<Tables>
  invalidate: (tx: Transaction<Tables>, id: string) => Promise<void>
}): (event: DomainEvent) => Promise<void> {
  return async (event) => {
    const account = Value.Parse(AccountState, event.data)
    await parts.database.transaction(async (tx) => {
      if (!(await processOnce(tx, 'accounts', event.id))) return
      if (await keepNewest(tx, account)) await parts.invalidate(tx, account.id)
    })
  }
}

async function keepNewest(tx: Transaction<Tables>, account: Static<typeof AccountState>): Promise<boolean> {
  const { id, name, email, version } = account
  const row = { name, email, version, search_text: foldText(`${name} ${email}`) }
  const { numInsertedOrUpdatedRows } = await tx.query
    .insertInto('account')
    .values({ id, ...row })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet(row).where('account.version', '<', String(version)),
    )
    .executeTakeFirstOrThrow()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}
