import type { Policy } from '@alicerce/access-tokens'
import type { Database } from '@alicerce/database'
import {
  conflict,
  entityTag,
  type FastifyTyped,
  problems,
  unavailable,
  unprocessable,
} from '@alicerce/service-kit'
import { Type } from 'typebox'
import { AccountSchema, accountRoles } from '#src/accounts/account.ts'
import type { Accounts } from '#src/accounts/accounts.ts'
import { passwordFault } from '#src/accounts/password-rules.ts'
import { HashingBusyError, type Passwords } from '#src/accounts/passwords.ts'
import { writeAudit } from '#src/audit/audit.ts'
import type { Language } from '#src/pages/language.ts'
import type { ResetRequests } from '#src/password-reset/reset-requests.ts'
import type { Tables } from '#src/schema.ts'
import type { WhoAsks } from './who-asks.ts'

/** What it takes to make an account for somebody. */
export type NewAccountParts = {
  database: Database<Tables>
  accounts: Accounts
  passwords: Passwords
  resetRequests: ResetRequests
  whoAsks: WhoAsks
}

const policy: Policy = { scopes: ['accounts:manage'], roles: ['administrator'], user: true }
const NewAccountSchema = Type.Object(
  {
    email: Type.String({ format: 'email', maxLength: 254 }),
    name: Type.String({ minLength: 1, maxLength: 120, pattern: '\\S' }),
    locale: Type.Enum(['en', 'pt-BR'], { type: 'string' }),
    roles: Type.Array(Type.Enum([...accountRoles]), { uniqueItems: true }),
    password: Type.Optional(
      Type.String({ minLength: 10, maxLength: 256, description: 'Without it the person is invited by mail' }),
    ),
  },
  { title: 'NewAccount', additionalProperties: false },
)

/**
 * Makes accounts. There is no `Idempotency-Key`: what is kept of a request for it would hold a fast hash of the password, and the e-mail address
 * already lets a repeat do nothing.
 */
export function addNewAccountRoute(app: FastifyTyped, parts: NewAccountParts): void {
  const { database, accounts, passwords, resetRequests, whoAsks } = parts
  app.post(
    '/accounts',
    {
      config: { policy },
      schema: {
        operationId: 'createAccount',
        summary:
          'Makes an account. Its person chooses a password by a link that comes by mail, or signs in with the one that you hand over',
        tags: ['accounts'],
        body: NewAccountSchema,
        response: { 201: AccountSchema, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const { password, ...wanted } = request.body
      if (password !== undefined && (await passwordFault(password, wanted)))
        throw unprocessable('This password is among those that are tried first. Use a few words in a row.', {
          code: 'password-common',
        })
      const passwordHash = password === undefined ? undefined : await hashed(password)
      const account = await database.transaction(async (tx) => {
        const created = await accounts.create(tx, {
          ...{ ...wanted, name: wanted.name.trim() },
          ...(passwordHash && { passwordHash }),
        })
        if (!created)
          throw conflict('There is an account with this e-mail address already.', { code: 'email-taken' })
        await writeAudit(tx, {
          ...whoAsks(request),
          action: 'create-account',
          target: created.id,
          outcome: 'done',
          details: { roles: created.roles },
        })
        if (passwordHash === undefined) {
          const { email, locale } = created
          const invitation = { email, language: locale as Language, isInvitation: true }
          await resetRequests.leave({ ...invitation, ...whoAsks(request) }, tx)
        }
        return created
      })
      const { locale: _locale, ...shown } = account
      reply.code(201).headers({ location: `/accounts/${account.id}`, etag: entityTag(account.version) })
      return shown
    },
  )

  async function hashed(password: string): Promise<string> {
    try {
      return await passwords.hash(password)
    } catch (error) {
      if (!(error instanceof HashingBusyError)) throw error
      throw unavailable('Many passwords are being checked right now. Try again in a moment.', error)
    }
  }
}
