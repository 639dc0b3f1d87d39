import type { Database } from '@alicerce/database'
import { sql } from 'kysely'
import type { Tables } from '#src/schema.ts'

/** Limits guessing (AS-27). */
export type Throttle = {
  /** Seconds to wait, or 0. The same for accounts that exist and those that do not. */
  secondsToWait(email: string, address: string): Promise<number>
  noteFailure(email: string, address: string): Promise<void>
  clear(email: string, address: string): Promise<void>
}

const windowSeconds = 15 * 60
/** From one address at one account; from one address at all; at one account from anywhere: a stranger alone cannot lock somebody out. */
const limits = { pair: 10, address: 50, account: 200 }

export function createThrottle({ database }: { database: Database<Tables> }): Throttle {
  return {
    async secondsToWait(email, address) {
      const { rows } = await sql<{ pair: string; from_address: string; at_account: string }>`
        select
          count(*) filter (where account = ${email} and address = ${address}) as pair,
          count(*) filter (where address = ${address}) as from_address,
          count(*) filter (where account = ${email}) as at_account
        from sign_in_failure
        where (account = ${email} or address = ${address}) and at > now() - make_interval(secs => ${windowSeconds})`.execute(
        database.query,
      )
      const counts = rows[0]
      const exceeded =
        Number(counts?.pair) >= limits.pair ||
        Number(counts?.from_address) >= limits.address ||
        Number(counts?.at_account) >= limits.account
      return exceeded ? windowSeconds : 0
    },
    async noteFailure(email, address) {
      await database.query.insertInto('sign_in_failure').values({ account: email, address }).execute()
    },
    async clear(email, address) {
      await database.query
        .deleteFrom('sign_in_failure')
        .where('account', '=', email)
        .where('address', '=', address)
        .execute()
    },
  }
}
