import type { Database, Transaction } from '@alicerce/database'
import type { AdapterPayload } from 'oidc-provider'
import { endGrant } from '#src/adapter/grant-ending.ts'
import { sessionClaim } from '#src/adapter/sessions.ts'
import type { LogoutNotices } from '#src/backchannel-logout/logout-notices.ts'
import type { Revocations } from '#src/revocations/revocations.ts'
import type { Tables } from '#src/schema.ts'
import { devicesOf, forgetDevice, type SessionDevice } from './session-devices.ts'

/** A session as its owner, or an administrator, sees it. */
export type SessionDescription = {
  /** Names the session and opens nothing. */
  id: string
  signedInAt: string
  expiresAt: string
  /** The ids of the clients that it was used for. */
  clients: string[]
  device: SessionDevice | undefined
}

/**
 * The sessions of accounts. What is ended here is ended everywhere, in the transaction of the caller: the session, its grants with their tokens,
 * access tokens that are out there (F-09), and the clients that want to know are told.
 */
export type Sessions = {
  /** The newest first. */
  list(accountId: string): Promise<SessionDescription[]>
  /** Whether the account had such a session. */
  end(tx: Transaction<Tables>, accountId: string, id: string): Promise<boolean>
  /** All of the account, also grants that belong to no session any more; `except` is the id of the session that stays. */
  endAll(tx: Transaction<Tables>, accountId: string, options?: { except?: string }): Promise<void>
}

type SessionPayload = { loginTs: number; authorizations?: AdapterPayload['authorizations'] }
type Row = { uid: string; payload: SessionPayload }

/** Sessions where the provider's adapter keeps them. */
export function createSessions({ database, revocations, logoutNotices }: SessionParts): Sessions {
  async function endOne(tx: Transaction<Tables>, accountId: string, row: Row): Promise<void> {
    await tx.query
      .deleteFrom('oidc_artifact')
      .where('model', '=', 'Session')
      .where('uid', '=', row.uid)
      .execute()
    await forgetDevice(tx, row.uid)
    await revocations.revoke(tx, 'session', sessionClaim(row.uid))
    await logoutNotices.append(tx, { accountId, authorizations: row.payload.authorizations })
    for (const grant of grantsOf(row)) await endGrant(tx, grant, revocations)
  }

  return {
    async list(accountId) {
      const rows = await database.query
        .selectFrom('oidc_artifact')
        .select(['uid', 'payload', 'expires_at'])
        .where('model', '=', 'Session')
        .where('account_id', '=', accountId)
        .where('expires_at', '>', new Date())
        .execute()
      const devices = await devicesOf(database, accountId)
      return rows
        .map(({ uid, payload, expires_at }) => {
          const { loginTs, authorizations } = payload as SessionPayload
          return {
            id: sessionClaim(uid as string),
            signedInAt: new Date(loginTs * 1000).toISOString(),
            expiresAt: (expires_at as Date).toISOString(),
            clients: Object.keys(authorizations ?? {}),
            device: devices.get(uid as string),
          }
        })
        .toSorted((one, other) => other.signedInAt.localeCompare(one.signedInAt))
    },
    async end(tx, accountId, id) {
      const found = (await lockSessions(tx, accountId)).find(({ uid }) => sessionClaim(uid) === id)
      if (found) await endOne(tx, accountId, found)
      return found !== undefined
    },
    async endAll(tx, accountId, { except } = {}) {
      const rows = await lockSessions(tx, accountId)
      const stays = (row: Row) => sessionClaim(row.uid) === except
      for (const row of rows) if (!stays(row)) await endOne(tx, accountId, row)
      const kept = new Set(rows.filter(stays).flatMap(grantsOf))
      for (const grant of await grantsOfAccount(tx, accountId))
        if (!kept.has(grant)) await endGrant(tx, grant, revocations)
      if (except === undefined) await revocations.revoke(tx, 'subject', accountId)
    },
  }
}

type SessionParts = { database: Database<Tables>; revocations: Revocations; logoutNotices: LogoutNotices }

const grantsOf = ({ payload }: Row): string[] =>
  Object.values(payload.authorizations ?? {}).flatMap(({ grantId }) => grantId ?? [])

/** In one order, so that two who end the sessions of one account wait for each other. */
async function lockSessions(tx: Transaction<Tables>, accountId: string): Promise<Row[]> {
  const rows = await tx.query
    .selectFrom('oidc_artifact')
    .select(['uid', 'payload'])
    .where('model', '=', 'Session')
    .where('account_id', '=', accountId)
    .orderBy('uid')
    .forUpdate()
    .execute()
  return rows as unknown as Row[]
}

async function grantsOfAccount(tx: Transaction<Tables>, accountId: string): Promise<string[]> {
  const rows = await tx.query
    .selectFrom('oidc_artifact')
    .select('grant_id')
    .distinct()
    .where('account_id', '=', accountId)
    .where('grant_id', 'is not', null)
    .execute()
  return rows.map(({ grant_id }) => grant_id as string)
}
