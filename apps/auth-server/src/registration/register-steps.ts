import { normalEmail } from '#src/accounts/accounts.ts'
import { passwordFault } from '#src/accounts/password-rules.ts'
import { HashingBusyError } from '#src/accounts/passwords.ts'
import { writeAudit } from '#src/audit/audit.ts'
import { firstFactorPassed } from '#src/interaction/first-factor.ts'
import type { InteractionParts } from '#src/interaction/interactions.ts'
import type { InteractionRequest, Steps } from '#src/interaction/steps.ts'
import { confirmAddressPage, registerPage } from '#src/pages/register-pages.ts'
import { type TextKey, text } from '#src/pages/texts.ts'
import type { Registrations } from './registrations.ts'

type RegisterParts = InteractionParts & { registrations: Registrations }

/** Lets people make an account: first what they type, then the code that comes to their address. */
export const registerSteps = (parts: RegisterParts): Steps => ({
  register: {
    prompt: 'login',
    show: ({ options }) => registerPage(options),
    submit: (request) => register(request, parts),
  },
  'confirm-address': {
    prompt: 'login',
    show: (request) => showConfirmation(request, parts),
    submit: (request) => confirm(request, parts),
  },
})

/** What waits in the interaction, of which only this browser has the cookie. */
type Waiting = { id: string; email: string }

/** Leaves a registration. The answer is the same whether or not the address has an account, and as fast (AS-27). */
async function register(request: InteractionRequest, parts: RegisterParts): Promise<void> {
  const { form, address, options, context, details } = request
  const { language } = options
  const email = normalEmail(form.get('email') ?? '')
  const name = (form.get('name') ?? '').trim()
  const password = form.get('password') ?? ''
  const faults = await faultsOf({ email, name, password })
  const again = (status: number, shown: Record<string, TextKey>, alert?: TextKey) => {
    const texts = Object.fromEntries(
      Object.entries(shown).map(([field, key]) => [field, text(language, key)]),
    )
    context.status = status
    context.body = registerPage({
      ...{ ...options, values: { email, name }, faults: texts, alert: alert && text(language, alert) },
    })
  }
  if (Object.keys(faults).length > 0) return again(400, faults)
  // Counted apart from the sign-ins: each brings a mail, and nobody's mailbox is to be filled.
  const wait = await parts.throttle.attempt(`register ${email}`, address)
  if (wait > 0) {
    context.set('retry-after', String(wait))
    return again(429, {}, 'busy')
  }
  let passwordHash: string
  try {
    passwordHash = await parts.passwords.hash(password)
  } catch (error) {
    if (!(error instanceof HashingBusyError)) throw error
    return again(503, {}, 'busy')
  }
  const id = await parts.registrations.leave({ email, name, passwordHash, language })
  details.result = { registration: { id, email } satisfies Waiting }
  await details.persist()
  context.status = 303
  context.redirect(`${options.base}/confirm-address`)
}

const waitingIn = ({ details }: InteractionRequest) => details.result?.registration as Waiting | undefined

function showConfirmation(request: InteractionRequest, { mail }: RegisterParts, fault?: TextKey): string {
  const { options } = request
  const waiting = waitingIn(request)
  if (!waiting) return registerPage(options)
  const faults = { code: fault && text(options.language, fault) }
  return confirmAddressPage({ ...options, faults }, { email: waiting.email, shown: mail.shown !== undefined })
}

/** Makes the account and signs it in. A new account is a customer. */
async function confirm(request: InteractionRequest, parts: RegisterParts): Promise<void> {
  const { form, address, options, context } = request
  const waiting = waitingIn(request)
  if (!waiting) {
    context.body = registerPage(options)
    return
  }
  const confirmation = await parts.registrations.confirm(waiting.id, form.get('code') ?? '', (tx, { id }) =>
    writeAudit(tx, { action: 'register', outcome: 'done', actor: id, target: id, address }),
  )
  if ('account' in confirmation)
    return firstFactorPassed(request, parts, { accountId: confirmation.account.id, amr: ['pwd'] })
  context.status = 400
  if (confirmation.fault === 'wrong') {
    context.body = showConfirmation(request, parts, 'codeWrong')
    return
  }
  const alert = text(options.language, confirmation.fault === 'taken' ? 'emailTaken' : 'registrationOver')
  context.body = registerPage({ ...options, values: { email: waiting.email }, alert })
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
