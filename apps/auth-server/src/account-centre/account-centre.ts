import type { Context, Next } from 'koa'
import type { Provider } from 'oidc-provider'
import { csrfToken, isCsrfToken, readForm } from '#src/interaction/form.ts'
import { type CentreOptions, doneText } from '#src/pages/account/centre-layout.ts'
import { errorPage, expiredPage } from '#src/pages/error-page.ts'
import { keepLanguage, languageOf } from '#src/pages/language.ts'
import { activityPages } from './activity.ts'
import { appPages } from './apps.ts'
import { authenticatorPages } from './authenticator.ts'
import type { CentrePages, CentreParts } from './centre-page.ts'
import { signInAddress } from './client.ts'
import { deletionPages } from './deletion.ts'
import { devicePages } from './devices.ts'
import { exportPages } from './export.ts'
import { overviewPages } from './overview.ts'
import { passkeyPages } from './passkeys.ts'
import { passwordPages } from './password.ts'
import { isFresh, signedInOf } from './signed-in.ts'
import { twoStepPages } from './two-step.ts'
import { verificationPages } from './verification.ts'

const path = /^\/account(?:\/([a-z-]*))?$/

/**
 * The account centre: where people see and change what protects their account. It knows them by the session of the auth server. Plain forms,
 * which work without script.
 */
export function accountCentre(provider: () => Provider, parts: CentreParts) {
  const { config, accounts, secondFactors } = parts
  const csrfKey = config.COOKIE_KEYS[0] as string
  const maximumAgeSeconds = config.RECENT_SIGN_IN_SECONDS
  const pages: CentrePages = {
    ...overviewPages(parts),
    ...passwordPages(parts),
    ...twoStepPages(parts),
    ...authenticatorPages(parts),
    ...passkeyPages(parts),
    ...devicePages(parts),
    ...appPages(parts),
    ...activityPages(parts),
    ...exportPages(parts),
    ...deletionPages(parts),
    ...verificationPages(parts),
  }

  return async (context: Context, next: Next): Promise<void> => {
    const name = path.exec(context.path)?.[1] ?? (context.path === '/account' ? '' : undefined)
    if (name === undefined) return next()
    if (name === 'signed-in') return afterSignIn(context)
    const isPost = context.method === 'POST'
    const page = Object.hasOwn(pages, name) ? pages[name] : undefined
    if (!(isPost ? page?.submit || name === 'language' : page?.show)) return next()
    const person = await signedInOf(context, { provider: provider(), accounts })
    if (!person) return askToSignIn(context, { page: name, again: false })
    const form = isPost ? await readForm(context.req) : new URLSearchParams()
    const formName = `account centre of ${person.account.id} in ${person.sessionUid}`
    context.type = 'html'
    if (!form || (isPost && !isCsrfToken(csrfKey, formName, form.get('csrf')))) return expired(context)
    if (name === 'language') return choose(context, form)
    if (page?.sensitive && !(await isFresh(person, { secondFactors, maximumAgeSeconds })))
      return askToSignIn(context, { page: name, again: true })
    const options = optionsOf(context, name, csrfToken(csrfKey, formName))
    const request = { context, person, form, options, address: context.ip }
    if (isPost) return page?.submit?.(request)
    const body = await page?.show?.(request)
    if (body !== undefined) context.body = body
  }

  /** To the sign-in, and back to the page. What was typed into a form is not kept. */
  function askToSignIn(context: Context, { page, again }: { page: string; again: boolean }): void {
    context.status = 303
    context.redirect(signInAddress(config.ISSUER_URL, { page: pageToShow(page), again }))
  }

  /** Back from the sign-in. The session has begun already; the code is of no use to anybody. */
  function afterSignIn(context: Context): void {
    if (context.query.error) {
      context.status = 400
      context.type = 'html'
      const home = config.WEB_APP_URL
      context.body = errorPage({ language: languageOf(context), error: 'sign_in_failed', home })
      return
    }
    const page = pageToShow(String(context.query.state ?? ''))
    context.status = 303
    context.redirect(`/account${page && `/${page}`}`)
  }

  /** Only pages of the centre: nobody is sent anywhere else by an address that he was given. */
  function pageToShow(name: string): string {
    const page = Object.hasOwn(pages, name) ? pages[name] : undefined
    return page?.show ? name : (page?.back ?? '')
  }

  function choose(context: Context, form: URLSearchParams): void {
    keepLanguage(context, form.get('language'))
    const page = pageToShow(String(context.query.to ?? ''))
    context.status = 303
    context.redirect(`/account${page && `/${page}`}`)
  }

  function expired(context: Context): void {
    context.status = 400
    context.body = expiredPage({ language: languageOf(context), home: '/account' })
  }
}

function optionsOf(context: Context, page: string, token: string): CentreOptions {
  const language = languageOf(context)
  return {
    language,
    base: '/account',
    csrfToken: token,
    client: 'Alicerce',
    page,
    notice: doneText(language, context.query.done),
  }
}
