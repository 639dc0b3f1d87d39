import { demoAccounts } from '#src/accounts/demo-accounts.ts'
import { alertOf, csrf, type FormOptions, field } from './form.ts'
import { type Html, html } from './html.ts'
import type { Language } from './language.ts'
import { page } from './layout.ts'
import { passkeyForm } from './passkey-form.ts'
import { type TextKey, text } from './texts.ts'

/** What else there is to sign in by. */
type SignInOptions = FormOptions & {
  demo: boolean
  external: readonly { id: string; name: string }[]
  /** What the browser asks an authenticator for. */
  passkey: object
}

/** E-mail and password, a passkey, one button for each other provider, and one for each demo account where there are any. */
export function signInPage(options: SignInOptions): string {
  const { language, base, client, demo, external, passkey } = options
  const t = (key: TextKey, values?: Record<string, string>) => text(language, key, values)
  return page({
    language,
    title: t('signInTitle'),
    languageForm: { action: `${base}/language`, csrfToken: options.csrfToken },
    body: html`<p class="lead">${t('signInLead', { client })}</p>
    ${alertOf(options)}
    <form method="post" action="${base}/sign-in">
      ${csrf(options)}
      ${field(options, { name: 'email', label: t('email'), type: 'email', autocomplete: 'username webauthn', autofocus: true })}
      ${field(options, { name: 'password', label: t('password'), type: 'password', autocomplete: 'current-password' })}
      <button id="submit" class="primary" type="submit">${t('signIn')}</button>
    </form>
    <p class="aside"><a href="${base}/forgotten">${t('forgotten')}</a></p>
    ${passkeyForm(options, { action: `${base}/passkey`, does: 'get', request: passkey, label: t('signInWithPasskey'), autofill: true })}
    ${external.length > 0 ? externalForm(options, t) : undefined}
    <p class="aside">${t('newHere')} <a href="${base}/register">${t('createAccount')}</a></p>
    ${demo ? demoForm(options, t) : undefined}`,
  })
}

/** The scopes that a client which is not ours asks for, in words. */
export function consentPage(options: FormOptions & { scopes: string[] }): string {
  const { language, base, client, scopes } = options
  const t = (key: TextKey, values?: Record<string, string>) => text(language, key, values)
  return page({
    language,
    title: t('consentTitle', { client }),
    languageForm: { action: `${base}/language`, csrfToken: options.csrfToken },
    body: html`<p class="lead">${t('consentLead', { client })}</p>
    <ul class="scopes">${scopes.map((scope) => html`<li>${scopeText(language, scope)}</li>`)}</ul>
    <form method="post" action="${base}/consent">
      ${csrf(options)}
      <button id="submit" class="primary" type="submit" name="decision" value="allow">${t('allow')}</button>
      <button class="secondary" type="submit" name="decision" value="deny">${t('deny')}</button>
    </form>`,
  })
}

const scopeKeys = new Set([
  'openid',
  'profile',
  'email',
  'offline_access',
  'orders:read',
  'orders:write',
  'users:read',
  'users:write',
  'accounts:manage',
])
/** What a scope lets a client do, in words; one that is not ours by its name. */
export const scopeText = (language: Language, scope: string) =>
  scopeKeys.has(scope) ? text(language, `scope.${scope}` as TextKey) : scope

function externalForm(
  options: SignInOptions,
  t: (key: TextKey, values?: Record<string, string>) => string,
): Html {
  return html`<form class="external" method="post" action="${options.base}/external">
      ${csrf(options)}
      ${options.external.map(({ id, name }) => html`<button class="secondary" type="submit" name="provider" value="${id}">${t('externalSignIn', { provider: name })}</button>`)}
    </form>`
}

function demoForm(options: FormOptions, t: (key: TextKey) => string): Html {
  const labels = [t('demoCustomer'), t('demoSupport'), t('demoAdmin')]
  return html`<section class="demo" aria-labelledby="demo-title">
    <h2 id="demo-title">${t('demoTitle')}</h2>
    <form method="post" action="${options.base}/sign-in">
      ${csrf(options)}
      ${demoAccounts.map(({ email, name }, index) => html`<button class="secondary" type="submit" name="demo" value="${email}"><strong>${labels[index]}</strong> <span>${name}</span></button>`)}
    </form>
  </section>`
}
