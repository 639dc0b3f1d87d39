import { choosePassword } from '#src/accounts/chosen-password.ts'
import { writeAudit } from '#src/audit/audit.ts'
import { passwordPage } from '#src/pages/account/password-page.ts'
import { text } from '#src/pages/texts.ts'
import { type CentrePages, type CentreParts, type CentreRequest, goTo } from './centre-page.ts'

type PasswordParts = Pick<CentreParts, 'database' | 'accounts' | 'passwords' | 'sessions'>

/** Another password. Whoever came in by the old one is out. */
export const passwordPages = (parts: PasswordParts): CentrePages => ({
  password: {
    sensitive: true,
    show: ({ options, person }) => passwordPage(options, person.account.email),
    submit: (request) => changePassword(request, parts),
  },
})

async function changePassword(
  request: CentreRequest,
  { database, accounts, passwords, sessions }: PasswordParts,
): Promise<void> {
  const { form, context, options, person, address } = request
  const { id, email } = person.account
  const password = form.get('password') ?? ''
  const chosen = await choosePassword(passwords, password, { email })
  if (chosen.fault) {
    const faults = { password: text(options.language, chosen.fault) }
    context.status = chosen.status
    context.body = passwordPage({ ...options, faults }, email)
    return
  }
  await database.transaction(async (tx) => {
    await accounts.replacePasswordHash(id, chosen.hash, tx)
    await sessions.endAll(tx, id, { except: person.sessionId })
    await writeAudit(tx, { action: 'change-password', actor: id, target: id, outcome: 'done', address })
  })
  goTo(request, '', 'password')
}
