import type { Log } from '@alicerce/service-kit'
import type { Context, Next } from 'koa'
import type { Account } from '#src/accounts/account.ts'
import { writeAudit } from '#src/audit/audit.ts'
import { firstFactorPassed } from '#src/interaction/first-factor.ts'
import type { InteractionParts } from '#src/interaction/interactions.ts'
import { showSignIn } from '#src/interaction/sign-in.ts'
import type { InteractionRequest, Steps } from '#src/interaction/steps.ts'
import { type TextKey, text } from '#src/pages/texts.ts'
import type { ExternalAttempts } from './attempts.ts'
import type { ExternalIdentity } from './external-providers.ts'
import type { ExternalIdentities } from './identities.ts'

/** What signing in elsewhere needs. */
export type ExternalSignInParts = Pick<
  InteractionParts,
  'config' | 'database' | 'accounts' | 'externalProviders' | 'secondFactors' | 'clock'
> & {
  attempts: ExternalAttempts
  identities: ExternalIdentities
  log: Log
}

/** Sign-in at another OpenID Provider: `external` leads there, `external-return` takes the answer. */
export function externalSignInSteps(parts: ExternalSignInParts): Steps {
  const { externalProviders: providers, attempts, log } = parts

  async function leave(request: InteractionRequest): Promise<void> {
    const provider = providers.find(({ id }) => id === request.form.get('provider'))
    if (!provider) return again(request, 'externalFailed')
    try {
      const secrets = await attempts.begin(request.details.uid, provider.id)
      const url = await provider.authorizationUrl(secrets)
      request.context.status = 303
      request.context.redirect(url.href)
    } catch (error) {
      log.warn({ error, provider: provider.id }, 'An external provider could not be asked')
      await again(request, 'externalFailed')
    }
  }

  async function comeBack(request: InteractionRequest): Promise<undefined> {
    const answer = new URLSearchParams(request.context.querystring)
    const provider = providers.find(({ id }) => id === answer.get('provider'))
    answer.delete('provider')
    const secrets =
      provider && (await attempts.take(request.details.uid, provider.id, answer.get('state') ?? ''))
    if (!provider || !secrets) return again(request, 'externalFailed')
    let identity: ExternalIdentity
    try {
      identity = await provider.identify(answer, secrets)
    } catch (error) {
      log.warn({ error, provider: provider.id }, 'The answer of an external provider was refused')
      return again(request, 'externalFailed')
    }
    const account = await accountOf(identity, request)
    if (typeof account === 'string') return again(request, account)
    await firstFactorPassed(request, parts, { accountId: account.id, amr: ['external'] })
  }

  /** The person's account, made at the first time; or why there is none. */
  async function accountOf(
    identity: ExternalIdentity,
    { address, options }: InteractionRequest,
  ): Promise<Account | TextKey> {
    const { accounts, identities, database } = parts
    return database.transaction(async (tx) => {
      const known = await identities.find(tx, identity)
      const account = known
        ? await accounts.lock(tx, known)
        : identity.email && identity.emailVerified
          ? await accounts.create(tx, {
              email: identity.email,
              name: identity.name ?? identity.email,
              locale: options.language,
              roles: ['customer'],
              emailVerified: true,
            })
          : undefined
      // Never joined by the address alone: whoever runs the other provider could take over any account here.
      if (!account) return identity.email && identity.emailVerified ? 'externalTaken' : 'externalUnverified'
      if (account.status !== 'active' || !(await accounts.noteSignIn(tx, account.id))) return 'externalFailed'
      if (!known) await identities.keep(tx, identity, account.id)
      const action = known ? 'sign-in' : 'register'
      const details = { issuer: identity.issuer }
      await writeAudit(tx, {
        action,
        actor: account.id,
        target: account.id,
        outcome: 'done',
        address,
        details,
      })
      return account
    })
  }

  async function again(request: InteractionRequest, alert: TextKey): Promise<undefined> {
    request.context.status = 400
    request.context.body = await showSignIn(request, parts, { alert: text(request.options.language, alert) })
  }

  return {
    external: { prompt: 'login', submit: leave },
    'external-return': { prompt: 'login', show: comeBack },
  }
}

const path = /^\/external\/([a-z0-9-]+)$/

/** Other providers answer to one address; the browser is sent on to the interaction that asked, whose cookie goes only there. */
export async function externalAnswer(context: Context, next: Next): Promise<void> {
  const provider = path.exec(context.path)?.[1]
  if (!provider || context.method !== 'GET') return next()
  const answer = new URLSearchParams(context.querystring)
  const interaction = /^([\w-]+)\./.exec(answer.get('state') ?? '')?.[1]
  if (!interaction) return next()
  answer.set('provider', provider)
  context.status = 303
  context.redirect(`/interaction/${interaction}/external-return?${answer}`)
}
