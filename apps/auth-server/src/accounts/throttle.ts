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
    async attempt(email, address) {
      const { pair, address: fromAddress, account } = limits
      const { rows } = await sql<{ counted: boolean }>`
        select count_attempt(${email}, ${address}, ${windowSeconds}, ${pair}, ${fromAddress}, ${account}) as counted`.execute(
        database.query,
      )
      return rows[0]?.counted ? 0 : windowSeconds
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
