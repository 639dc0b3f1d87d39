import { normalEmail } from '#src/accounts/accounts.ts'
import { writeAudit } from '#src/audit/audit.ts'
import { externalIdentities } from '#src/external-sign-in/identities.ts'
import { deletedPage, deletionPage } from '#src/pages/account/farewell-pages.ts'
import { text } from '#src/pages/texts.ts'
import type { CentrePages, CentreParts, CentreRequest } from './centre-page.ts'

type DeletionParts = Pick<
  CentreParts,
  'config' | 'database' | 'accounts' | 'secondFactors' | 'sessions' | 'consents'
>

/**
 * The end of an account. Its row stays, without anything that tells whose it was: orders and the audit log name it by its id. An administrator
 * has to be one no more before: the last one would take the administration with him.
 */
export const deletionPages = (parts: DeletionParts): CentrePages => ({
  delete: {
    sensitive: true,
    show: ({ options, person }) => deletionPage(options, person.account),
    submit: (request) => deleteAccount(request, parts),
  },
})

async function deleteAccount(request: CentreRequest, parts: DeletionParts): Promise<void> {
  const { form, context, options, person, address } = request
  const { config, database, accounts, secondFactors, sessions, consents } = parts
  const { id, email } = person.account
  const given = await consents.list(id)
  const typed = normalEmail(form.get('email') ?? '')
  const done =
    typed === email &&
    (await database.transaction(async (tx) => {
      const account = await accounts.lock(tx, id)
      if (!account || account.roles.includes('administrator')) return false
      await writeAudit(tx, { action: 'delete-account', actor: id, target: id, outcome: 'done', address })
      await sessions.endAll(tx, id)
      for (const { clientId } of given) await consents.revoke(tx, id, clientId)
      await secondFactors.reset(tx, id)
      await externalIdentities.forget(tx, id)
      await accounts.forget(tx, id)
      return true
    }))
  if (done) {
    context.body = deletedPage({ language: options.language, home: config.WEB_APP_URL })
    return
  }
  context.status = 400
  const faults = { email: text(options.language, 'deleteWrong') }
  context.body = deletionPage({ ...options, faults }, person.account)
}
