import { normalEmail } from '#src/accounts/accounts.ts'
import { passwordFault } from '#src/accounts/password-rules.ts'
import { HashingBusyError } from '#src/accounts/passwords.ts'
import { writeAudit } from '#src/audit/audit.ts'
import { registerPage } from '#src/pages/sign-in-page.ts'
import { type TextKey, text } from '#src/pages/texts.ts'
import { firstFactorPassed } from './first-factor.ts'
import type { InteractionParts } from './interactions.ts'
import type { InteractionRequest, Steps } from './steps.ts'

/** Lets people make an account. */
export const registerSteps = (parts: InteractionParts): Steps => ({
  register: {
    prompt: 'login',
    show: ({ options }) => registerPage(options),
    submit: (request) => register(request, parts),
  },
})

/** Makes an account and signs it in. A new account is a customer. */
async function register(request: InteractionRequest, parts: InteractionParts): Promise<void> {
  const { form, address, options } = request
  const email = normalEmail(form.get('email') ?? '')
  const name = (form.get('name') ?? '').trim()
  const password = form.get('password') ?? ''
  const faults = await faultsOf({ email, name, password })
  const again = (status: number, shown: Record<string, TextKey>, alert?: TextKey) => {
    const texts = Object.fromEntries(
      Object.entries(shown).map(([field, key]) => [field, text(options.language, key)]),
    )
    request.context.status = status
    request.context.body = registerPage({
      ...options,
      values: { email, name },
      faults: texts,
      alert: alert && text(options.language, alert),
    })
  }
  if (Object.keys(faults).length > 0) return again(400, faults)
  // Counted, or the form would tell which addresses have accounts as fast as one likes.
  const wait = await parts.throttle.attempt(email, address)
  if (wait > 0) {
    request.context.set('retry-after', String(wait))
    return again(429, {}, 'busy')
  }
  let passwordHash: string
  try {
    passwordHash = await parts.passwords.hash(password)
  } catch (error) {
    if (!(error instanceof HashingBusyError)) throw error
    return again(503, {}, 'busy')
  }
  const account = await parts.database.transaction(async (tx) => {
    const created = await parts.accounts.create(tx, {
      email,
      name,
      passwordHash,
      locale: options.language,
      roles: ['customer'],
    })
    if (!created) return undefined
    const who = { actor: created.id, target: created.id, address }
    await writeAudit(tx, { action: 'register', outcome: 'done', ...who })
    await parts.verificationMails.leave(tx, { accountId: created.id, language: options.language })
    return created
  })
  if (!account) return again(400, { email: 'emailTaken' })
  await firstFactorPassed(request, parts, { accountId: account.id, amr: ['pwd'] })
}

async function faultsOf({
  email,
  name,
  password,
}: {
  email: string
  name: string
  password: string
}): Promise<Record<string, TextKey>> {
  const fault = await passwordFault(password, { email })
  return {
    ...((name === '' || name.length > 120) && { name: 'nameMissing' as const }),
    ...((!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) || email.length > 254) && {
      email: 'emailInvalid' as const,
    }),
    ...(fault && { password: fault }),
  }
}
