import { type Database, processOnce, type Transaction } from '@alicerce/database'
import type { DomainEvent } from '@alicerce/events'
import { Value } from 'typebox/value'
import { followAccount, forgetPerson } from '#src/domain/change-profile.ts'
import { AccountStateSchema } from '#src/domain/profile.ts'
import type { ProfileRecords } from '#src/ports/profile-records.ts'
import type { Tables } from './schema.ts'

/** The events that tell of accounts. */
export const accountEventTypes = ['account.registered', 'account.changed', 'account.deleted']

/** Keeps profiles as account events tell. Each event counts once, and of several the newest version wins. */
export function createAccountEventHandler(parts: {
  database: Database<Tables>
  recordsIn: (tx: Transaction<Tables>) => ProfileRecords
  clock: { now(): number }
}): (event: DomainEvent) => Promise<void> {
  return async (event) => {
    const account = Value.Parse(AccountStateSchema, event.data)
    await parts.database.transaction(async (tx) => {
      if (!(await processOnce(tx, 'accounts', event.id))) return
      const take = event.type === 'account.deleted' ? forgetPerson : followAccount
      await take(parts.recordsIn(tx), account, parts.clock.now())
    })
  }
}
