import type { Database } from '@alicerce/database'
import type { Context, Next } from 'koa'
import { errors, type Provider } from 'oidc-provider'
import type { Accounts } from '#src/accounts/accounts.ts'
import type { Passwords } from '#src/accounts/passwords.ts'
import type { Throttle } from '#src/accounts/throttle.ts'
import type { AuthServerConfig } from '#src/config.ts'
import { expiredPage } from '#src/pages/error-page.ts'
import { type Language, languageCookie, languageOf, languages } from '#src/pages/language.ts'
import { consentPage, type FormOptions, registerPage, signInPage } from '#src/pages/sign-in-page.ts'
import type { Tables } from '#src/schema.ts'
import { decideConsent, missingScopes } from './consent.ts'
import { csrfToken, isCsrfToken, readForm } from './form.ts'
import { register } from './register.ts'
import { signIn } from './sign-in.ts'

/** What the pages of an interaction need. */
export type InteractionParts = {
  config: AuthServerConfig
  database: Database<Tables>
  accounts: Accounts
  passwords: Passwords
  throttle: Throttle
}

type Details = Awaited<ReturnType<Provider['interactionDetails']>>
/** One request of an interaction that is under way. */
export type InteractionRequest = {
  context: Context
  details: Details
  /** The sent form; empty for a GET. */
  form: URLSearchParams
  options: FormOptions
  address: string
}

const path = /^\/interaction\/([\w-]+)(?:\/(sign-in|register|consent|language))?$/

/** The pages between an authorization request and its answer: sign in, register, consent. Plain forms, no script. */
export function interactionPages(provider: () => Provider, parts: InteractionParts) {
  const csrfKey = parts.config.COOKIE_KEYS[0] as string
  return async (context: Context, next: Next): Promise<void> => {
    const match = path.exec(context.path)
    if (!match) return next()
    const [, uid = '', action] = match
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
    const request: InteractionRequest = {
      context,
      details,
      form,
      address: context.ip,
      options: await formOptions(context, details, uid),
    }
    await answer(request, action)
  }

  async function formOptions(context: Context, { params }: Details, uid: string): Promise<FormOptions> {
    const client = await provider().Client.find(String(params.client_id))
    return {
      language: languageOf(context, params.ui_locales),
      base: `/interaction/${uid}`,
      csrfToken: csrfToken(csrfKey, uid),
      client: client?.clientName ?? String(params.client_id),
    }
  }

  async function answer(request: InteractionRequest, action: string | undefined): Promise<void> {
    const { context, details, options } = request
    const posted = context.method === 'POST'
    if (details.prompt.name === 'consent') {
      if (posted && action === 'consent') return decideConsent(provider(), request)
      context.body = consentPage({ ...options, scopes: missingScopes(details) })
    } else if (posted && action === 'sign-in') await signIn(provider(), request, parts)
    else if (posted && action === 'register') await register(provider(), request, parts)
    else if (action === 'register') context.body = registerPage(options)
    else context.body = signInPage({ ...options, demo: parts.config.DEMO_ACCOUNTS })
  }

  function expired(context: Context): void {
    context.status = 400
    context.body = expiredPage({ language: languageOf(context), home: parts.config.WEB_APP_URL })
  }

  function chooseLanguage(context: Context, uid: string, form: URLSearchParams): void {
    const chosen = languages.find((language: Language) => language === form.get('language')) ?? 'en'
    context.cookies.set(languageCookie, chosen, {
      signed: false,
      httpOnly: true,
      sameSite: 'lax',
      maxAge: 365 * 24 * 3_600_000,
    })
    context.status = 303
    context.redirect(`/interaction/${uid}${context.query.to === 'register' ? '/register' : ''}`)
  }
}

/** The interaction's cookie is gone or names another interaction. */
function ignoreUnknown(error: unknown): undefined {
  if (error instanceof errors.SessionNotFound) return undefined
  throw error
}
