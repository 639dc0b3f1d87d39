import { createHash, randomBytes } from 'node:crypto'
import type { Database, Transaction } from '@alicerce/database'
import type { Clock } from '@alicerce/service-kit'
import { sql } from 'kysely'
import type { Tables } from '#src/schema.ts'

/** What a link is for; it counts for nothing else. */
export type LinkPurpose = 'reset-password' | 'invitation' | 'verify-email'

/** How long a link is good for. One that opens an account with something in it is good for half an hour. */
export const linkMinutes: Record<LinkPurpose, number> = {
  'reset-password': 30,
  invitation: 3 * 24 * 60,
  'verify-email': 3 * 24 * 60,
}
/** Nobody is sent the next one earlier: a form on the web must not fill somebody's mailbox. */
const pauseSeconds = 60
/** 256 bits. */
const tokenBytes = 32

/**
 * Tokens that are sent by mail: 256 random bits, kept as a hash, good for a while and for one use. An account has one for each purpose:
 * the next one takes the place of the last.
 */
export type OneTimeLinks = {
  /**
   * A new token; `undefined` where the account was sent one less than a minute ago. `request` names what asked for it: the same request may
   * ask again, where its mail was not taken or its process died.
   */
  create(link: { purpose: LinkPurpose; accountId: string; request: string }): Promise<string | undefined>
  /** Whose it is, and it can still be used: for showing a page. */
  ownerOf(purpose: LinkPurpose, token: string): Promise<string | undefined>
  /** Whose it was. Of all who try at once, one gets the account; it is used up if the transaction commits. */
  use(tx: Transaction<Tables>, purpose: LinkPurpose, token: string): Promise<string | undefined>
}

/** Links in PostgreSQL. */
export function createOneTimeLinks({
  database,
  clock,
}: {
  database: Database<Tables>
  clock: Clock
}): OneTimeLinks {
  return {
    async create({ purpose, accountId, request }) {
      const token = randomBytes(tokenBytes).toString('base64url')
      const now = new Date(clock.now())
      const expires = new Date(clock.now() + linkMinutes[purpose] * 60_000)
      const { rows } = await sql`
        insert into one_time_link as known (token_hash, purpose, account_id, request, created_at, expires_at)
        values (${hashOf(token)}, ${purpose}, ${accountId}, ${request}, ${now}, ${expires})
        on conflict (purpose, account_id) do update
          set token_hash = excluded.token_hash, request = excluded.request, created_at = excluded.created_at, expires_at = excluded.expires_at
          where known.request = excluded.request
            or known.created_at <= excluded.created_at - make_interval(secs => ${pauseSeconds})
        returning 1`.execute(database.query)
      return rows.length === 1 ? token : undefined
    },
    async ownerOf(purpose, token) {
      const row = await database.query
        .selectFrom('one_time_link')
        .select('account_id')
        .where('token_hash', '=', hashOf(token))
        .where('purpose', '=', purpose)
        .where('expires_at', '>', new Date(clock.now()))
        .executeTakeFirst()
      return row?.account_id
    },
    async use(tx, purpose, token) {
      const row = await tx.query
        .deleteFrom('one_time_link')
        .where('token_hash', '=', hashOf(token))
        .where('purpose', '=', purpose)
        .where('expires_at', '>', new Date(clock.now()))
        .returning('account_id')
        .executeTakeFirst()
      return row?.account_id
    },
  }
}

/** The tokens are as long as the hash: nothing slower is needed to keep them from being guessed. */
const hashOf = (token: string) => createHash('sha256').update(token).digest()
