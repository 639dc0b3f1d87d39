import type { Database } from '@alicerce/database'
import type { Clock } from '@alicerce/service-kit'
import type { Context, Next } from 'koa'
import { errors, type Provider } from 'oidc-provider'
import type { Accounts } from '#src/accounts/accounts.ts'
import type { Passwords } from '#src/accounts/passwords.ts'
import type { Throttle } from '#src/accounts/throttle.ts'
import type { AuthServerConfig } from '#src/config.ts'
import type { Consents } from '#src/consents/consents.ts'
import type { ExternalProvider } from '#src/external-sign-in/external-providers.ts'
import { allowFormTarget } from '#src/http/security-headers.ts'
import type { MailPort } from '#src/mail/mail.ts'
import { expiredPage } from '#src/pages/error-page.ts'
import type { FormOptions } from '#src/pages/form.ts'
import { keepLanguage, languageOf } from '#src/pages/language.ts'
import type { Tables } from '#src/schema.ts'
import type { SecondFactors } from '#src/second-factors/second-factors.ts'
import { csrfToken, isCsrfToken, readForm } from './form.ts'
import { firstSteps, type InteractionRequest, type PromptName, type Steps } from './steps.ts'

/** What the pages of an interaction need. */
export type InteractionParts = {
  config: AuthServerConfig
  database: Database<Tables>
  accounts: Accounts
  passwords: Passwords
  throttle: Throttle
  consents: Consents
  secondFactors: SecondFactors
  clock: Clock
  externalProviders: readonly ExternalProvider[]
  mail: MailPort
}

const path = /^\/interaction\/([\w-]+)(?:\/([a-z-]+))?$/

/** The pages between an authorization request and its answer, made of steps. Plain forms, which work without script. */
export function interactionPages(provider: () => Provider, { config }: InteractionParts, steps: Steps) {
  const csrfKey = config.COOKIE_KEYS[0] as string
  return async (context: Context, next: Next): Promise<void> => {
    const match = path.exec(context.path)
    if (!match) return next()
    const [, uid = '', action = ''] = match
    context.type = 'html'
    const details = await provider().interactionDetails(context.req, context.res).catch(ignoreUnknown)
    if (!details || details.uid !== uid) return expired(context)
    const form = context.method === 'POST' ? await readForm(context.req) : new URLSearchParams()
    if (!form) {
      context.status = 400
      return
    }
    if (context.method === 'POST' && !isCsrfToken(csrfKey, uid, form.get('csrf'))) return expired(context)
    if (context.method === 'POST' && action === 'language') return chooseLanguage(context, uid, form)
    allowFormTarget(context, details.params.redirect_uri)
    const options = await formOptions(context, details, uid)
    await answer({ provider: provider(), context, details, form, options, address: context.ip }, action)
  }

  async function formOptions(
    context: Context,
    { params }: InteractionRequest['details'],
    uid: string,
  ): Promise<FormOptions> {
    const client = await provider().Client.find(String(params.client_id))
    return {
      language: languageOf(context, params.ui_locales),
      base: `/interaction/${uid}`,
      csrfToken: csrfToken(csrfKey, uid),
      client: client?.clientName ?? String(params.client_id),
    }
  }

  async function answer(request: InteractionRequest, action: string): Promise<void> {
    const { context, details } = request
    const prompt = details.prompt.name as PromptName
    const step = steps[action]?.prompt === prompt ? steps[action] : undefined
    if (context.method === 'POST' && step?.submit) return step.submit(request)
    const first = steps[firstSteps[prompt]]
    const page = await (step?.show ?? first?.show)?.(request)
    if (page !== undefined) context.body = page
  }

  function expired(context: Context): void {
    context.status = 400
    context.body = expiredPage({ language: languageOf(context), home: config.WEB_APP_URL })
  }

  function chooseLanguage(context: Context, uid: string, form: URLSearchParams): void {
    keepLanguage(context, form.get('language'))
    const to = String(context.query.to ?? '')
    context.status = 303
    context.redirect(`/interaction/${uid}${Object.hasOwn(steps, to) ? `/${to}` : ''}`)
  }
}

/** The interaction's cookie is gone or names another interaction. */
function ignoreUnknown(error: unknown): undefined {
  if (error instanceof errors.SessionNotFound) return undefined
  throw error
}
