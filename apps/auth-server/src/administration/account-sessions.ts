import type { Policy } from '@alicerce/access-tokens'
import type { Database } from '@alicerce/database'
import { type FastifyTyped, notFound, problems } from '@alicerce/service-kit'
import { Type } from 'typebox'
import type { Accounts } from '#src/accounts/accounts.ts'
import { writeAudit } from '#src/audit/audit.ts'
import type { Tables } from '#src/schema.ts'
import type { Sessions } from '#src/sessions/sessions.ts'
import type { WhoAsks } from './who-asks.ts'

/** What the API of an account's sessions needs. */
export type AccountSessionParts = {
  database: Database<Tables>
  accounts: Accounts
  sessions: Sessions
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
  const { database, accounts, sessions, whoAsks } = parts

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
      const items = await sessions.list(request.params.id)
      return { items: items.map(({ device: _device, ...session }) => session) }
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
        await sessions.endAll(tx, account.id)
      })
      return reply.code(204).send(null)
    },
  )
}

const noAccount = () => notFound('There is no account with this id.')
