import { normalEmail } from '#src/accounts/accounts.ts'
import { demoAccounts, demoPassword } from '#src/accounts/demo-accounts.ts'
import { HashingBusyError } from '#src/accounts/passwords.ts'
import { writeAudit } from '#src/audit/audit.ts'
import { allowFormTarget } from '#src/http/security-headers.ts'
import type { FormOptions } from '#src/pages/form.ts'
import { signInPage } from '#src/pages/sign-in-page.ts'
import { text } from '#src/pages/texts.ts'
import { firstFactorPassed } from './first-factor.ts'
import type { InteractionParts } from './interactions.ts'
import type { InteractionRequest, Steps } from './steps.ts'

/** E-mail and password. */
export const signInSteps = (parts: InteractionParts): Steps => ({
  'sign-in': {
    prompt: 'login',
    show: (request) => showSignIn(request, parts),
    submit: (request) => signIn(request, parts),
  },
})

/** The sign-in page, with every way to sign in that there is. */
export async function showSignIn(
  request: InteractionRequest,
  {
    config,
    externalProviders,
    secondFactors,
  }: Pick<InteractionParts, 'config' | 'externalProviders' | 'secondFactors'>,
  shown: Pick<FormOptions, 'alert' | 'values'> = {},
): Promise<string> {
  for (const { origin } of externalProviders) allowFormTarget(request.context, origin)
  const passkey = await secondFactors.passkeys.signInOptions(passkeyPurpose(request))
  const ways = { demo: config.DEMO_ACCOUNTS, external: externalProviders, passkey }
  return signInPage({ ...request.options, ...shown, ...ways })
}

/** A challenge of the sign-in page counts for its interaction alone. */
export const passkeyPurpose = ({ details }: InteractionRequest) => `sign-in in ${details.uid}`

/** Checks e-mail and password. Whoever guesses learns nothing: every refusal looks and lasts the same (AS-27). */
export async function signIn(request: InteractionRequest, parts: InteractionParts): Promise<void> {
  const { form, address } = request
  const { accounts, passwords, throttle, database } = parts
  const { email, password } = credentialsOf(form, parts.config.DEMO_ACCOUNTS)
  const wait = await throttle.attempt(email, address)
  if (wait > 0) return refuse(request, parts, 429, { wait, email })
  const account = await accounts.findByEmail(email)
  let matches: boolean
  try {
    matches = await passwords.verify(password, account?.passwordHash)
  } catch (error) {
    if (!(error instanceof HashingBusyError)) throw error
    return refuse(request, parts, 503, { wait: 5, email })
  }
  if (!account || !matches || account.status !== 'active') {
    await writeAudit(database, { action: 'sign-in', target: account?.id, outcome: 'refused', address })
    return refuse(request, parts, 400, { email })
  }
  await renewHash(parts, account, password)
  const { id } = account
  if (!(await accounts.notePasswordSignIn({ id, email, address })))
    return refuse(request, parts, 400, { email })
  await firstFactorPassed(request, parts, { accountId: id, amr: ['pwd'] })
}

/** Hashes anew where the parameters have changed; at the next sign-in where too many are at it. */
async function renewHash(
  { accounts, passwords }: InteractionParts,
  { id, passwordHash }: { id: string; passwordHash: string | undefined },
  password: string,
): Promise<void> {
  if (!passwordHash || !passwords.isOutdated(passwordHash)) return
  try {
    await accounts.replacePasswordHash(id, await passwords.hash(password))
  } catch (error) {
    if (!(error instanceof HashingBusyError)) throw error
  }
}

function credentialsOf(form: URLSearchParams, demo: boolean): { email: string; password: string } {
  const chosen = demo && demoAccounts.find(({ email }) => email === form.get('demo'))
  if (chosen) return { email: chosen.email, password: demoPassword }
  return {
    email: normalEmail(form.get('email') ?? '').slice(0, 254),
    password: (form.get('password') ?? '').slice(0, 256),
  }
}

async function refuse(
  request: InteractionRequest,
  parts: InteractionParts,
  status: 400 | 429 | 503,
  { wait, email }: { wait?: number; email: string },
): Promise<void> {
  const { context, options } = request
  const { language } = options
  const alerts = {
    400: text(language, 'wrongCredentials'),
    429: text(language, 'tooMany', { minutes: Math.ceil((wait ?? 0) / 60) }),
    503: text(language, 'busy'),
  }
  context.status = status
  if (wait) context.set('retry-after', String(wait))
  context.body = await showSignIn(request, parts, { alert: alerts[status], values: { email } })
}
