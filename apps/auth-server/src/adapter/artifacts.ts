import type { Database } from '@alicerce/database'
import type { Clock } from '@alicerce/service-kit'
import { type Adapter, type AdapterPayload, errors } from 'oidc-provider'
import type { Tables } from '#src/schema.ts'
import { currentContext } from './current-request.ts'
import type { GrantEnding } from './grant-ending.ts'
import { handleOf, hashOf, hashOfIdOrHandle, isHandle } from './hash-of.ts'
import type { Redemption } from './redemption.ts'

/** For how long a refresh token that was just used is «refused» rather than «stolen»: two requests may cross (F-02). Seconds. */
const graceSeconds = 10

/** What the token endpoint redeems, each time with its grant. */
const redeemed = new Set(['AuthorizationCode', 'RefreshToken'])

/** What the provider stores of every model but sessions, in PostgreSQL. */
export function createArtifactAdapter(
  model: string,
  parts: { database: Database<Tables>; endGrant: GrantEnding; redemption: Redemption; clock: Clock },
): Adapter {
  const { database, endGrant, redemption, clock } = parts
  const { query } = database
  const byId = (id: string) => ({ model, id_hash: hashOfIdOrHandle(id) })

  return {
    async upsert(id, payload, expiresIn) {
      const stored = withoutIds(payload)
      const row = {
        ...byId(id),
        uid: payload.uid ?? null,
        // A grant is found like what came of it.
        grant_id: model === 'Grant' ? id : (payload.grantId ?? null),
        client_id: payload.clientId ?? null,
        account_id: payload.accountId ?? null,
        user_code: payload.userCode ?? null,
        payload: JSON.stringify(stored),
        expires_at: expiresIn ? new Date(Date.now() + expiresIn * 1000) : null,
      }
      if (model === 'RefreshToken' && (await redemption.storeSuccessor(row, new Date(clock.now())))) return
      await query
        .insertInto('oidc_artifact')
        .values({ ...row, consumed_at: null })
        .onConflict((conflict) => conflict.columns(['model', 'id_hash']).doUpdateSet(row))
        .execute()
    },
    async find(id) {
      // A handle is known to this server alone; whoever has read a hash in the database must not redeem by it.
      if (isHandle(id) && currentContext()?.oidc?.route === 'token') return undefined
      const known = model === 'Grant' ? redemption.grant(id) : undefined
      if (known) return known
      const idHash = hashOfIdOrHandle(id)
      const row = redeemed.has(model)
        ? await redemption.find(model, idHash)
        : await query
            .selectFrom('oidc_artifact')
            .select(['payload', 'consumed_at'])
            .where('model', '=', model)
            .where('id_hash', '=', idHash)
            .executeTakeFirst()
      return row && payloadOf(id, row)
    },
    // Sessions have an adapter of their own, and nothing else is found by uid.
    findByUid: async () => undefined,
    async findByUserCode(userCode) {
      const row = await query
        .selectFrom('oidc_artifact')
        .select(['payload', 'consumed_at', 'id_hash'])
        .where('model', '=', model)
        .where('user_code', '=', userCode)
        .executeTakeFirst()
      // The device alone knows its code; the person's browser finds it by the other one, and saves his answer.
      return row && payloadOf(handleOf(row.id_hash), row)
    },
    /** One of several requests at once wins; the provider itself reads first and writes later (F-01). */
    async consume(id) {
      if (model === 'RefreshToken' && redemption.useUp(id)) return
      const { numUpdatedRows } = await query
        .updateTable('oidc_artifact')
        .set({ consumed_at: new Date(clock.now()) })
        .where('model', '=', model)
        .where('id_hash', '=', hashOf(id))
        .where('consumed_at', 'is', null)
        .executeTakeFirst()
      if (numUpdatedRows > 0n) return
      if (model === 'AuthorizationCode') await endGrantOf(id)
      if (model === 'PushedAuthorizationRequest')
        throw new errors.InvalidRequestUri('the pushed request was used already')
      throw new errors.InvalidGrant(`${model} already used`)
    },
    async destroy(id) {
      // A grant never goes without word to the resource servers: its access tokens are out there.
      if (model === 'Grant') return endGrant(id)
      // The provider ends its grant right after, and that takes the token too. Gone before, a second try after a failure would find nothing to end.
      if (model === 'RefreshToken') return
      await query
        .deleteFrom('oidc_artifact')
        .where('model', '=', model)
        .where('id_hash', '=', hashOf(id))
        .execute()
    },
    revokeByGrantId: endGrant,
  }

  /** A code used twice at the same time is a code used twice: what the winner gets ends too (AS-08). */
  async function endGrantOf(code: string): Promise<void> {
    const row = await query
      .selectFrom('oidc_artifact')
      .select('grant_id')
      .where('model', '=', model)
      .where('id_hash', '=', hashOf(code))
      .executeTakeFirst()
    const grantId = row?.grant_id
    if (grantId) await endGrant(grantId)
  }

  function payloadOf(
    id: string,
    { payload, consumed_at }: { payload: Record<string, unknown>; consumed_at: Date | null },
  ): AdapterPayload {
    const consumed = consumed_at && Math.floor(consumed_at.getTime() / 1000)
    const inGrace =
      model === 'RefreshToken' && consumed !== null && clock.now() / 1000 - consumed < graceSeconds
    return { ...payload, jti: id, ...(consumed && !inGrace && { consumed }) }
  }
}

/** What the presented id is not needed for: the row is found by its hash. An interaction holds the session's id too, for nothing. */
function withoutIds({ jti: _jti, session, ...payload }: AdapterPayload & { session?: object }): object {
  if (!session) return payload
  const { cookie: _cookie, ...known } = session as { cookie?: string }
  return { ...payload, session: known }
}

/** Remembers an assertion or proof once: of parallel repeats exactly one is new (F-05). */
export function createReplayDetection(database: Database<Tables>) {
  return async (issuer: string, jti: string, expiresAt: number): Promise<boolean> => {
    const { numInsertedOrUpdatedRows } = await database.query
      .insertInto('oidc_artifact')
      .values({
        model: 'ReplayDetection',
        id_hash: hashOf(`${issuer}\0${jti}`),
        uid: null,
        grant_id: null,
        account_id: null,
        user_code: null,
        client_id: null,
        payload: '{}',
        expires_at: new Date(expiresAt * 1000),
        consumed_at: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    return numInsertedOrUpdatedRows === 1n
  }
}
