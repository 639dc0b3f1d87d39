import type { Database } from '@alicerce/database'
import { sql } from 'kysely'
import type { Tables } from '#src/schema.ts'

/** Limits guessing (AS-27). */
export type Throttle = {
  /**
   * Seconds to wait, or 0 and the attempt is counted: before the password is looked at, so that many guesses at once are counted too. The same
   * for accounts that exist and those that do not.
   */
  attempt(email: string, address: string): Promise<number>
  /** The attempt was right: those from this address at this account are forgotten. */
  clear(email: string, address: string): Promise<void>
}

const windowSeconds = 15 * 60
/** From one address at one account; from one address at all; at one account from anywhere: a stranger alone cannot lock somebody out. */
const limits = { pair: 10, address: 50, account: 200 }

/** Counts in PostgreSQL, so that all instances count together. */
export function createThrottle({ database }: { database: Database<Tables> }): Throttle {
  return {
    attempt: (email, address) =>
      database.transaction(async (tx) => {
        await sql`select pg_advisory_xact_lock(1, hashtext(${email})), pg_advisory_xact_lock(2, hashtext(${address}))`.execute(
          tx.query,
        )
        const { rows } = await sql<{ pair: string; from_address: string; at_account: string }>`
        select
          count(*) filter (where account = ${email} and address = ${address}) as pair,
          count(*) filter (where address = ${address}) as from_address,
          count(*) filter (where account = ${email}) as at_account
        from sign_in_failure
        where (account = ${email} or address = ${address}) and at > now() - make_interval(secs => ${windowSeconds})`.execute(
          tx.query,
        )
        const counts = rows[0]
        const exceeded =
          Number(counts?.pair) >= limits.pair ||
          Number(counts?.from_address) >= limits.address ||
          Number(counts?.at_account) >= limits.account
        if (exceeded) return windowSeconds
        await tx.query.insertInto('sign_in_failure').values({ account: email, address }).execute()
        return 0
      }),
    async clear(email, address) {
      await database.query
        .deleteFrom('sign_in_failure')
        .where('account', '=', email)
        .where('address', '=', address)
        .execute()
    },
  }
}
