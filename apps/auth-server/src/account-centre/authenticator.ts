import { writeAudit } from '#src/audit/audit.ts'
import { authenticatorPage } from '#src/pages/account/two-step-pages.ts'
import { text } from '#src/pages/texts.ts'
import { totpAddress } from '#src/second-factors/totp.ts'
import { type CentrePages, type CentreParts, type CentreRequest, goTo } from './centre-page.ts'
import { firstCodes, removeUselessCodes, showCodes } from './two-step.ts'

type AuthenticatorParts = Pick<CentreParts, 'database' | 'secondFactors'>

/** An authenticator app: its secret is shown, and counts once a code has shown that the app has it. */
export const authenticatorPages = (parts: AuthenticatorParts): CentrePages => ({
  authenticator: {
    sensitive: true,
    show: (request) => showSecret(request, parts),
    submit: (request) => confirm(request, parts),
  },
  'remove-authenticator': {
    sensitive: true,
    back: 'two-step',
    submit: (request) => remove(request, parts),
  },
})

async function showSecret(
  request: CentreRequest,
  { secondFactors: { totp } }: AuthenticatorParts,
  alert?: string,
): Promise<string | undefined> {
  const { id, email } = request.person.account
  // The same one after a reload, or the app would have another secret than the server.
  const secret = (await totp.pending(id)) ?? (await totp.begin(id))
  if (!secret) return void goTo(request, 'two-step')
  const address = totpAddress({ secret, email })
  return authenticatorPage({ ...request.options, alert }, { secret, address })
}

async function confirm(request: CentreRequest, parts: AuthenticatorParts): Promise<void> {
  const { form, context, options, person, address } = request
  const { database, secondFactors } = parts
  const { id } = person.account
  const code = (form.get('code') ?? '').slice(0, 100)
  const result = await database.transaction(async (tx) => {
    if (!(await secondFactors.totp.confirm(tx, id, code))) return undefined
    await writeAudit(tx, { action: 'add-authenticator', actor: id, target: id, outcome: 'done', address })
    return { codes: await firstCodes(tx, request, secondFactors) }
  })
  if (result?.codes) return showCodes(request, result.codes)
  if (result) return goTo(request, 'two-step', 'authenticator-added')
  const page = await showSecret(request, parts, text(options.language, 'wrongCode'))
  if (page === undefined) return
  context.status = 400
  context.body = page
}

async function remove(
  request: CentreRequest,
  { database, secondFactors }: AuthenticatorParts,
): Promise<void> {
  const { person, address } = request
  const { id } = person.account
  await database.transaction(async (tx) => {
    if (!(await secondFactors.totp.remove(tx, id))) return
    await removeUselessCodes(tx, id, secondFactors)
    await writeAudit(tx, { action: 'remove-authenticator', actor: id, target: id, outcome: 'done', address })
  })
  goTo(request, 'two-step', 'authenticator-removed')
}
