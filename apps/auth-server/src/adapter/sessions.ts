import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Database, Transaction } from '@alicerce/database'
import type { Adapter, AdapterPayload } from 'oidc-provider'
import { writeAudit } from '#src/audit/audit.ts'
import type { LogoutNotices } from '#src/backchannel-logout/logout-notices.ts'
import type { Revocations } from '#src/revocations/revocations.ts'
import type { Tables } from '#src/schema.ts'
import { forgetDevice, noteDevice } from '#src/sessions/session-devices.ts'
import { currentContext as context, requestOf } from './current-request.ts'
import { hashOf } from './hash-of.ts'
import type { Redemption } from './redemption.ts'

const model = 'Session'

/** The `sid` of access tokens: a hash, so that a token does not tell the session's uid. */
export const sessionClaim = (uid: string) => createHash('sha256').update(uid).digest('base64url')

type Authorizations = NonNullable<AdapterPayload['authorizations']>

/**
 * Sessions. The provider saves the whole session at every authorization, so that of two tabs the later would undo the earlier, and a
 * request that was under way during a sign-out would bring the session back. Here a save applies what its own request changed, to the row as
 * it is now, and a request that has read a row can never make one (F-06, F-07, F-08).
 */
export function createSessionAdapter({
  database,
  revocations,
  logoutNotices,
  redemption,
}: {
  database: Database<Tables>
  redemption: Redemption
  revocations: Revocations
  logoutNotices: LogoutNotices
}): Adapter {
  /** What each request has read, by the request's context. */
  const read = new WeakMap<object, AdapterPayload>()

  async function insert(id: string, payload: AdapterPayload, expires_at: Date): Promise<void> {
    await database.query
      .insertInto('oidc_artifact')
      .values({
        model,
        id_hash: hashOf(id),
        uid: payload.uid as string,
        grant_id: null,
        account_id: payload.accountId ?? null,
        user_code: null,
        client_id: null,
        payload: JSON.stringify(withoutId(payload)),
        expires_at,
        consumed_at: null,
      })
      .onConflict((conflict) =>
        conflict.columns(['model', 'id_hash']).doUpdateSet({
          account_id: payload.accountId ?? null,
          payload: JSON.stringify(withoutId(payload)),
          expires_at,
        }),
      )
      .execute()
  }

  return {
    async upsert(id, payload, expiresIn) {
      const current = context()
      const base = current && read.get(current)
      const expires_at = new Date(Date.now() + (expiresIn ?? 0) * 1000)
      if (current) read.set(current, structuredClone(payload))
      if (base) await database.transaction((tx) => update(tx, { id, payload, base, expires_at }))
      else await insert(id, payload, expires_at)
      if (!current || !payload.accountId) return
      const userAgent = current.get('user-agent')
      await noteDevice(database, { uid: payload.uid as string, userAgent, address: current.ip })
    },
    async find(id) {
      const row = await database.query
        .selectFrom('oidc_artifact')
        .select('payload')
        .where('model', '=', model)
        .where('id_hash', '=', hashOf(id))
        .executeTakeFirst()
      if (!row) return undefined
      const payload = { ...row.payload, jti: id } as AdapterPayload
      const current = context()
      if (current) read.set(current, structuredClone(payload))
      return payload
    },
    async findByUid(uid) {
      const known = redemption.session(uid)
      if (known) return known
      const row = await database.query
        .selectFrom('oidc_artifact')
        .select('payload')
        .where('model', '=', model)
        .where('uid', '=', uid)
        .executeTakeFirst()
      return row?.payload as AdapterPayload | undefined
    },
    async destroy(id) {
      // The id is being changed, not the session ended: the row gets its new id in `upsert`, without a gap (F-08).
      if (context()?.oidc?.session?.oldId === id) return
      const current = context()
      const uid = current && read.get(current)?.uid
      await database.transaction(async (tx) => {
        // Another request may have changed the id meanwhile; the uid stays.
        const row = await tx.query
          .deleteFrom('oidc_artifact')
          .where('model', '=', model)
          .where((is) => (uid ? is('uid', '=', String(uid)) : is('id_hash', '=', hashOf(id))))
          .returning(['uid', 'account_id', 'payload'])
          .executeTakeFirst()
        if (!row?.uid) return
        await forgetDevice(tx, row.uid)
        await revocations.revoke(tx, 'session', sessionClaim(row.uid))
        await logoutNotices.append(tx, row.payload as AdapterPayload)
        const person = row.account_id
        if (person)
          await writeAudit(tx, {
            ...requestOf(),
            action: 'sign-out',
            actor: person,
            target: person,
            outcome: 'done',
          })
      })
    },
    consume: async () => undefined,
    findByUserCode: async () => undefined,
    revokeByGrantId: async () => undefined,
  }
}

type Change = { id: string; payload: AdapterPayload; base: AdapterPayload; expires_at: Date }

async function update(tx: Transaction<Tables>, { id, payload, base, expires_at }: Change): Promise<void> {
  const row = await tx.query
    .selectFrom('oidc_artifact')
    .select(['payload', 'id_hash'])
    .where('model', '=', model)
    .where('uid', '=', base.uid as string)
    .forUpdate()
    .executeTakeFirst()
  if (!row) return // ended meanwhile, and stays so
  const retired = ![base.jti as string, id].some((each) => hashOf(each).equals(row.id_hash))
  // Somebody signed in or out of it since this request read it: an id that was given up must never open a session again (fixation).
  if (retired && row.payload.accountId !== payload.accountId) return
  const next = mergedPayload(base, payload, row.payload as AdapterPayload)
  await tx.query
    .updateTable('oidc_artifact')
    .set({
      id_hash: retired ? row.id_hash : hashOf(id),
      uid: next.uid as string,
      account_id: next.accountId ?? null,
      payload: JSON.stringify(withoutId(next)),
      expires_at,
    })
    .where('model', '=', model)
    .where('id_hash', '=', row.id_hash)
    .execute()
}

/** The row as it is now, with what this request changed. */
function mergedPayload(base: AdapterPayload, mine: AdapterPayload, theirs: AdapterPayload): AdapterPayload {
  const result: Record<string, unknown> = { ...theirs }
  for (const name of new Set([...Object.keys(base), ...Object.keys(mine)])) {
    if (isDeepStrictEqual(base[name], mine[name])) continue
    if (mine[name] === undefined) delete result[name]
    else result[name] = mine[name]
  }
  const authorizations = merged(base.authorizations, mine.authorizations, theirs.authorizations)
  return { ...result, authorizations }
}

/** The clients of the row as it is now, with those that this request added, changed or removed. */
function merged(
  base: Authorizations = {},
  mine: Authorizations = {},
  theirs: Authorizations = {},
): Authorizations {
  const result: Authorizations = { ...theirs }
  for (const client of new Set([...Object.keys(base), ...Object.keys(mine)])) {
    if (isDeepStrictEqual(base[client], mine[client])) continue
    if (mine[client]) result[client] = mine[client]
    else delete result[client]
  }
  return result
}

const withoutId = ({ jti: _jti, ...payload }: AdapterPayload) => payload
