import type { Policy } from '@alicerce/access-tokens'
import type { Database, Transaction } from '@alicerce/database'
import {
  conflict,
  entityTag,
  type FastifyTyped,
  type IfMatch,
  ifMatch,
  notFound,
  notModified,
  problems,
} from '@alicerce/service-kit'
import { Type } from 'typebox'
import { type Account, AccountSchema, accountRoles } from '#src/accounts/account.ts'
import type { Accounts } from '#src/accounts/accounts.ts'
import { writeAudit } from '#src/audit/audit.ts'
import type { Tables } from '#src/schema.ts'
import type { Sessions } from '#src/sessions/sessions.ts'
import type { WhoAsks } from './who-asks.ts'

/** What the account API needs. */
export type AdministrationParts = {
  database: Database<Tables>
  accounts: Accounts
  sessions: Sessions
  whoAsks: WhoAsks
  /** How long after signing in an administrator may change what somebody may do. */
  recentSignInSeconds: number
}

const administrator: Policy = { scopes: ['accounts:manage'], roles: ['administrator'], user: true }
const params = Type.Object({ id: Type.String({ format: 'uuid' }) })
const tags = ['accounts']

/** The account API: where roles and status live. */
export function addAdministrationRoutes(app: FastifyTyped, parts: AdministrationParts): void {
  const { accounts, database, sessions, whoAsks, recentSignInSeconds } = parts
  const recentAdministrator = { ...administrator, maximumAuthenticationAgeSeconds: recentSignInSeconds }

  app.get(
    '/accounts/:id',
    {
      config: { policy: administrator },
      schema: {
        operationId: 'getAccount',
        tags,
        params,
        response: { 200: AccountSchema, 304: Type.Null(), ...problems(404) },
      },
    },
    async (request, reply) => {
      const account = await accounts.find(request.params.id)
      if (!account) throw noAccount()
      if (notModified(request, reply, account.version)) return reply.code(304).send(null)
      return present(account)
    },
  )

  app.put(
    '/accounts/:id/roles',
    {
      config: { policy: recentAdministrator, ifMatch: true },
      schema: {
        operationId: 'changeRoles',
        tags,
        params,
        body: Type.Object(
          { roles: Type.Array(Type.Enum([...accountRoles]), { uniqueItems: true }) },
          { additionalProperties: false },
        ),
        response: { 200: AccountSchema, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { roles } = request.body
      const actor = request.caller.sub
      const account = await change(request.params.id, ifMatch(request), async (tx, current) => {
        if (current.id === actor && !roles.includes('administrator'))
          throw conflict('You cannot take the administrator role from yourself. Ask another administrator.', {
            code: 'own-role',
          })
        await writeAudit(tx, {
          ...whoAsks(request),
          action: 'change-roles',
          target: current.id,
          outcome: 'done',
          details: { from: current.roles, to: roles },
        })
        return accounts.change(tx, current.id, { roles })
      })
      reply.header('etag', entityTag(account.version))
      return present(account)
    },
  )

  app.put(
    '/accounts/:id/status',
    {
      config: { policy: recentAdministrator, ifMatch: true },
      schema: {
        operationId: 'changeStatus',
        tags,
        params,
        body: Type.Object(
          {
            status: Type.Enum(['active', 'disabled'], { type: 'string' }),
            reason: Type.Optional(Type.String({ maxLength: 500 })),
          },
          { additionalProperties: false },
        ),
        response: { 200: AccountSchema, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { status, reason } = request.body
      const actor = request.caller.sub
      const account = await change(request.params.id, ifMatch(request), async (tx, current) => {
        if (current.id === actor)
          throw conflict('You cannot disable your own account.', { code: 'own-account' })
        await writeAudit(tx, {
          ...whoAsks(request),
          action: 'change-status',
          target: current.id,
          outcome: 'done',
          details: { from: current.status, to: status, ...(reason && { reason }) },
        })
        if (status === 'disabled') await sessions.endAll(tx, current.id)
        return accounts.change(tx, current.id, { status })
      })
      reply.header('etag', entityTag(account.version))
      return present(account)
    },
  )

  /** Changes an account in a transaction that has locked it, if it is still the version that the caller means. */
  function change(
    id: string,
    condition: IfMatch,
    work: (tx: Transaction<Tables>, current: Account) => Promise<Account>,
  ): Promise<Account> {
    return database.transaction(async (tx) => {
      const current = await accounts.lock(tx, id)
      if (!current) throw noAccount()
      condition.verify(current.version)
      return work(tx, current)
    })
  }
}

const noAccount = () => notFound('There is no account with this id.')

const present = ({ locale: _locale, ...account }: Account) => account
