import { passwordFault } from '#src/accounts/password-rules.ts'
import { HashingBusyError } from '#src/accounts/passwords.ts'
import { writeAudit } from '#src/audit/audit.ts'
import { passwordPage } from '#src/pages/account/password-page.ts'
import { type TextKey, text } from '#src/pages/texts.ts'
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
  const again = (status: number, fault: TextKey) => {
    context.status = status
    context.body = passwordPage({ ...options, faults: { password: text(options.language, fault) } }, email)
  }
  const fault = await passwordFault(password, { email })
  if (fault) return again(400, fault)
  let passwordHash: string
  try {
    passwordHash = await passwords.hash(password)
  } catch (error) {
    if (!(error instanceof HashingBusyError)) throw error
    return again(503, 'busy')
  }
  await database.transaction(async (tx) => {
    await accounts.replacePasswordHash(id, passwordHash, tx)
    await sessions.endAll(tx, id, { except: person.sessionId })
    await writeAudit(tx, { action: 'change-password', actor: id, target: id, outcome: 'done', address })
  })
  goTo(request, '', 'password')
}
