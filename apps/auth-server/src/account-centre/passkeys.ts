import { writeAudit } from '#src/audit/audit.ts'
import { passkeysPage } from '#src/pages/account/passkeys-page.ts'
import { text } from '#src/pages/texts.ts'
import { type CentrePages, type CentreParts, type CentreRequest, goTo } from './centre-page.ts'
import { firstCodes, removeUselessCodes, showCodes } from './two-step.ts'

type PasskeyParts = Pick<CentreParts, 'database' | 'secondFactors'>

/** The passkeys of the account: added, named, removed. */
export const passkeyPages = (parts: PasskeyParts): CentrePages => ({
  passkeys: {
    // Before the page already: an authenticator would keep a passkey that the server then does not take.
    sensitive: true,
    show: (request) => showPasskeys(request, parts),
    submit: (request) => add(request, parts),
  },
  'rename-passkey': { sensitive: true, back: 'passkeys', submit: (request) => rename(request, parts) },
  'remove-passkey': { sensitive: true, back: 'passkeys', submit: (request) => remove(request, parts) },
})

/** A challenge counts for this account in this session alone. */
const purposeOf = ({ person }: CentreRequest) => `new passkey of ${person.account.id} in ${person.sessionUid}`

const nameOf = (form: URLSearchParams) => (form.get('name') ?? '').trim().slice(0, 80)

async function showPasskeys(
  request: CentreRequest,
  { secondFactors: { passkeys } }: PasskeyParts,
  alert?: string,
): Promise<string> {
  const { account } = request.person
  const [known, asked] = await Promise.all([
    passkeys.list(account.id),
    passkeys.newOptions(purposeOf(request), account),
  ])
  return passkeysPage({ ...request.options, alert }, { passkeys: known, request: asked })
}

async function add(request: CentreRequest, parts: PasskeyParts): Promise<void> {
  const { form, context, options, person, address } = request
  const { database, secondFactors } = parts
  const { id } = person.account
  const name = nameOf(form) || text(options.language, 'passkey')
  const response = form.get('response') ?? ''
  const result = await database.transaction(async (tx) => {
    const answer = { response, purpose: purposeOf(request), accountId: id, name }
    if (!(await secondFactors.passkeys.add(tx, answer))) return undefined
    const entry = { actor: id, target: id, outcome: 'done', address, details: { name } } as const
    await writeAudit(tx, { action: 'add-passkey', ...entry })
    return { codes: await firstCodes(tx, request, secondFactors) }
  })
  if (result?.codes) return showCodes(request, result.codes)
  if (result) return goTo(request, 'passkeys', 'passkey-added')
  context.status = 400
  context.body = await showPasskeys(request, parts, text(options.language, 'passkeyRefused'))
}

async function rename(request: CentreRequest, { database, secondFactors }: PasskeyParts): Promise<void> {
  const { form, person, address } = request
  const { id } = person.account
  const name = nameOf(form)
  if (!name) return goTo(request, 'passkeys')
  await database.transaction(async (tx) => {
    if (!(await secondFactors.passkeys.rename(tx, id, form.get('id') ?? '', name))) return
    const entry = { actor: id, target: id, outcome: 'done', address, details: { name } } as const
    await writeAudit(tx, { action: 'rename-passkey', ...entry })
  })
  goTo(request, 'passkeys', 'passkey-renamed')
}

async function remove(request: CentreRequest, { database, secondFactors }: PasskeyParts): Promise<void> {
  const { form, person, address } = request
  const { id } = person.account
  await database.transaction(async (tx) => {
    if (!(await secondFactors.passkeys.remove(tx, id, form.get('id') ?? ''))) return
    await removeUselessCodes(tx, id, secondFactors)
    await writeAudit(tx, { action: 'remove-passkey', actor: id, target: id, outcome: 'done', address })
  })
  goTo(request, 'passkeys', 'passkey-removed')
}
