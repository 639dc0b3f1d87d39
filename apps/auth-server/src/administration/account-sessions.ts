import type { Policy } from '@alicerce/access-tokens'
import type { Database, Transaction } from '@alicerce/database'
import { type FastifyTyped, notFound, problems } from '@alicerce/service-kit'
import { Type } from 'typebox'
import type { Accounts } from '#src/accounts/accounts.ts'
import { sessionClaim } from '#src/adapter/sessions.ts'
import { writeAudit } from '#src/audit/audit.ts'
import type { Revocations } from '#src/revocations/revocations.ts'
import type { Tables } from '#src/schema.ts'
import type { WhoAsks } from './who-asks.ts'

/** What the API of an account's sessions needs. */
export type AccountSessionParts = {
  database: Database<Tables>
  accounts: Accounts
  revocations: Revocations
  whoAsks: WhoAsks
}

const policy: Policy = { scopes: ['accounts:manage'], roles: ['administrator'], user: true }
const tags = ['accounts']
const params = Type.Object({ id: Type.String({ format: 'uuid' }) })
const SessionSchema = Type.Object(
  {
    id: Type.String({ description: 'Names the session and opens nothing' }),
    signedInAt: Type.String({ format: 'date-time' }),
    expiresAt: Type.String({ format: 'date-time' }),
    clients: Type.Array(Type.String(), { description: 'The ids of the clients that it was used for' }),
  },
  { title: 'AccountSession', additionalProperties: false },
)

/** Where somebody is signed in. */
export function addAccountSessionRoutes(app: FastifyTyped, parts: AccountSessionParts): void {
  const { database, accounts, revocations, whoAsks } = parts

  app.get(
    '/accounts/:id/sessions',
    {
      config: { policy },
      schema: {
        operationId: 'listAccountSessions',
        summary: 'The sessions of an account',
        tags,
        params,
        response: { 200: Type.Object({ items: Type.Array(SessionSchema) }), ...problems(404) },
      },
    },
    async (request) => {
      if (!(await accounts.find(request.params.id))) throw noAccount()
      return { items: await sessionsOf(database, request.params.id) }
    },
  )

  app.delete(
    '/accounts/:id/sessions',
    {
      config: { policy },
      schema: {
        operationId: 'endAccountSessions',
        summary:
          'Signs a person out everywhere: sessions, refresh tokens, and access tokens that are out there',
        tags,
        params,
        response: { 204: Type.Null(), ...problems(404) },
      },
    },
    async (request, reply) => {
      await database.transaction(async (tx) => {
        const account = await accounts.lock(tx, request.params.id)
        if (!account) throw noAccount()
        await writeAudit(tx, {
          ...whoAsks(request),
          action: 'end-sessions',
          target: account.id,
          outcome: 'done',
        })
        await endEverything(tx, account.id, revocations)
      })
      return reply.code(204).send(null)
    },
  )
}

async function sessionsOf({ query }: Database<Tables>, accountId: string) {
  const rows = await query
    .selectFrom('oidc_artifact')
    .select(['uid', 'payload', 'expires_at'])
    .where('model', '=', 'Session')
    .where('account_id', '=', accountId)
    .where('expires_at', '>', new Date())
    .execute()
  return rows
    .map(({ uid, payload, expires_at }) => {
      const { loginTs, authorizations } = payload as { loginTs: number; authorizations?: object }
      return {
        id: sessionClaim(uid as string),
        signedInAt: new Date(loginTs * 1000).toISOString(),
        expiresAt: (expires_at as Date).toISOString(),
        clients: Object.keys(authorizations ?? {}),
      }
    })
    .toSorted((one, other) => other.signedInAt.localeCompare(one.signedInAt))
}

/** Sessions, grants and tokens of the account, also the access tokens that are out there. */
export async function endEverything(
  tx: Transaction<Tables>,
  accountId: string,
  revocations: Revocations,
): Promise<void> {
  const ended = await tx.query
    .deleteFrom('oidc_artifact')
    .where('account_id', '=', accountId)
    .returning('grant_id')
    .execute()
  const grants = new Set(ended.flatMap(({ grant_id }) => grant_id ?? []))
  for (const grant of grants) await revocations.revoke(tx, 'grant', grant)
  await revocations.revoke(tx, 'subject', accountId)
}

const noAccount = () => notFound('There is no account with this id.')
