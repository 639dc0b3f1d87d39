import type { Database } from '@alicerce/database'
import { sql } from 'kysely'
import { type AdapterPayload, errors } from 'oidc-provider'
import { type AccountRow, accountColumns, accountOf } from '#src/accounts/accounts.ts'
import type { AccountsOfRequests } from '#src/provider/accounts-of-requests.ts'
import type { Tables } from '#src/schema.ts'
import { currentContext } from './current-request.ts'
import { hashOf } from './hash-of.ts'

/** A row of what the provider stores, as it is found. */
export type FoundArtifact = { payload: Record<string, unknown>; consumed_at: Date | null }

/** What is written of an artifact. */
export type NewArtifact = {
  model: string
  id_hash: Buffer
  uid: string | null
  grant_id: string | null
  client_id: string | null
  account_id: string | null
  user_code: string | null
  payload: string
  expires_at: Date | null
}

/**
 * What the token endpoint does with a code or refresh token, in as few statements as it takes: its grant, session and account are read together with it, and a
 * refresh token is used up in the statement that stores its successor.
 */
export type Redemption = {
  /** The code or token, with its grant, which {@link Redemption.grant} then gives to the same request. */
  find(model: string, idHash: Buffer): Promise<FoundArtifact | undefined>
  /** The grant that was read with the token, once. */
  grant(id: string): AdapterPayload | undefined
  /** The session that the token ends with, as it was read with the token, once. */
  session(uid: string): AdapterPayload | undefined
  /** Uses a refresh token up as soon as its successor is stored. False where no request is at work that would store one. */
  useUp(id: string): boolean
  /**
   * Stores the successor of the token that this request uses up: both or neither, so that a crash between them costs nobody his sign-in. Of several
   * requests with the same token one wins (F-01). False where this request uses none up. @throws {errors.InvalidGrant} for the others
   */
  storeSuccessor(row: NewArtifact, usedAt: Date): Promise<boolean>
}

type RedemptionParts = { database: Database<Tables>; accountsOfRequests: AccountsOfRequests }

/** What is read together; each of the others may be gone. */
type FoundWithAll = FoundArtifact & {
  grant_id: string | null
  granted: FoundArtifact['payload'] | null
  session: AdapterPayload | null
} & (AccountRow | { id: null })

const fieldsOfAccount = sql.join(accountColumns.map((column) => sql.ref(`account.${column}`)))

/** Makes it; what a request has read or uses up is forgotten with the request. */
export function createRedemption({ database: { query }, accountsOfRequests }: RedemptionParts): Redemption {
  const grants = new WeakMap<object, { id: string; payload: Record<string, unknown> }>()
  const sessions = new WeakMap<object, AdapterPayload>()
  const used = new WeakMap<object, Buffer>()

  return {
    async find(model, idHash) {
      const { rows } = await sql<FoundWithAll>`
        select token.payload, token.consumed_at, token.grant_id, given.payload as granted, session.payload as session,
          ${fieldsOfAccount}
        from oidc_artifact token
        left join oidc_artifact given
          on given.model = 'Grant' and given.id_hash = sha256(convert_to(token.grant_id, 'UTF8'))
        left join oidc_artifact session
          on session.model = 'Session' and session.uid = token.payload->>'sessionUid'
        left join account on account.id = token.account_id::uuid
        where token.model = ${model} and token.id_hash = ${idHash}`.execute(query)
      const [row] = rows
      const request = currentContext()
      if (!request || !row) return row
      if (row.grant_id && row.granted) grants.set(request, { id: row.grant_id, payload: row.granted })
      if (row.session) sessions.set(request, row.session)
      if (row.id) accountsOfRequests.remember(request, accountOf(row as AccountRow))
      return row
    },
    session(uid) {
      const request = currentContext()
      const known = request && sessions.get(request)
      if (!request || known?.uid !== uid) return undefined
      sessions.delete(request)
      return known
    },
    grant(id) {
      const request = currentContext()
      const known = request && grants.get(request)
      if (!request || known?.id !== id) return undefined
      grants.delete(request)
      return { ...known.payload, jti: id }
    },
    useUp(id) {
      const request = currentContext()
      if (request) used.set(request, hashOf(id))
      return request !== undefined
    },
    async storeSuccessor(row, usedAt) {
      const request = currentContext()
      const usedHash = request && used.get(request)
      if (!request || !usedHash) return false
      used.delete(request)
      const { numAffectedRows } = await sql`
        with used as (
          update oidc_artifact set consumed_at = ${usedAt}
          where model = ${row.model} and id_hash = ${usedHash} and consumed_at is null
          returning model
        )
        insert into oidc_artifact
          (model, id_hash, uid, grant_id, client_id, account_id, user_code, payload, expires_at)
        select model, ${row.id_hash}::bytea, ${row.uid}::text, ${row.grant_id}::text, ${row.client_id}::text,
          ${row.account_id}::text, ${row.user_code}::text, ${row.payload}::jsonb, ${row.expires_at}::timestamptz
        from used`.execute(query)
      if (numAffectedRows !== 1n) throw new errors.InvalidGrant(`${row.model} already used`)
      return true
    },
  }
}
