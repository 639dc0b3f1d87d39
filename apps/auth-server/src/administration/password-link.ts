import type { Policy } from '@alicerce/access-tokens'
import { conflict, type FastifyTyped, notFound, problems } from '@alicerce/service-kit'
import { Type } from 'typebox'
import type { Accounts } from '#src/accounts/accounts.ts'
import type { Language } from '#src/pages/language.ts'
import type { ResetRequests } from '#src/password-reset/reset-requests.ts'
import type { WhoAsks } from './who-asks.ts'

/** What it takes to help somebody who cannot sign in. */
export type PasswordLinkParts = { accounts: Accounts; resetRequests: ResetRequests; whoAsks: WhoAsks }

const policy: Policy = { scopes: ['accounts:manage'], roles: ['administrator'], user: true }

/** Has a link sent by which a person chooses another password. The administrator never sees it, and the old password stays until it is used. */
export function addPasswordLinkRoute(app: FastifyTyped, parts: PasswordLinkParts): void {
  const { accounts, resetRequests, whoAsks } = parts
  app.post(
    '/accounts/:id/password-link',
    {
      config: { policy },
      schema: {
        operationId: 'sendPasswordLink',
        summary: 'Sends a person a link by which he chooses another password',
        tags: ['accounts'],
        params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
        response: { 204: Type.Null(), ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const account = await accounts.find(request.params.id)
      if (!account) throw notFound('There is no account with this id.')
      if (account.status !== 'active')
        throw conflict('The account is disabled: enable it first.', { code: 'account-disabled' })
      const { email, locale } = account
      await resetRequests.leave({ email, language: locale as Language, ...whoAsks(request) })
      return reply.code(204).send(null)
    },
  )
}
