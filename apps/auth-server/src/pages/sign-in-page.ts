import { demoAccounts } from '#src/accounts/demo-accounts.ts'
import { type Html, html } from './html.ts'
import type { Language } from './language.ts'
import { page } from './layout.ts'
import { type TextKey, text } from './texts.ts'

/** What the forms of one interaction have in common. */
export type FormOptions = {
  language: Language
  /** The address of the interaction, without a slash at its end. */
  base: string
  csrfToken: string
  client: string
  /** What was typed before, and what is wrong with it. */
  values?: Record<string, string>
  faults?: Partial<Record<string, string>>
  /** What is wrong with the whole. */
  alert?: string | undefined
}

/** E-mail and password, and one button for each demo account where there are any. */
export function signInPage(options: FormOptions & { demo: boolean }): string {
  const { language, base, client, demo } = options
  const t = (key: TextKey, values?: Record<string, string>) => text(language, key, values)
  return page({
    language,
    title: t('signInTitle'),
    languageForm: { action: `${base}/language`, csrfToken: options.csrfToken },
    body: html`<p class="lead">${t('signInLead', { client })}</p>
    ${alertOf(options)}
    <form method="post" action="${base}/sign-in">
      ${csrf(options)}
      ${field(options, { name: 'email', label: t('email'), type: 'email', autocomplete: 'username', autofocus: true })}
      ${field(options, { name: 'password', label: t('password'), type: 'password', autocomplete: 'current-password' })}
      <button id="submit" class="primary" type="submit">${t('signIn')}</button>
    </form>
    <p class="aside">${t('newHere')} <a href="${base}/register">${t('createAccount')}</a></p>
    ${demo ? demoForm(options, t) : undefined}`,
  })
}

/** Name, e-mail and password of a new account. */
export function registerPage(options: FormOptions): string {
  const { language, base } = options
  const t = (key: TextKey) => text(language, key)
  return page({
    language,
    title: t('registerTitle'),
    languageForm: { action: `${base}/language?to=register`, csrfToken: options.csrfToken },
    body: html`<p class="lead">${t('registerLead')}</p>
    ${alertOf(options)}
    <form method="post" action="${base}/register" novalidate>
      ${csrf(options)}
      ${field(options, { name: 'name', label: t('name'), type: 'text', autocomplete: 'name', autofocus: true })}
      ${field(options, { name: 'email', label: t('email'), type: 'email', autocomplete: 'username' })}
      ${field(options, { name: 'password', label: t('password'), type: 'password', autocomplete: 'new-password', hint: t('passwordHint') })}
      <button id="submit" class="primary" type="submit">${t('createAccount')}</button>
    </form>
    <p class="aside">${t('haveAccount')} <a href="${base}">${t('signIn')}</a></p>`,
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
const scopeText = (language: Language, scope: string) =>
  scopeKeys.has(scope) ? text(language, `scope.${scope}` as TextKey) : scope

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

const csrf = ({ csrfToken }: FormOptions) => html`<input type="hidden" name="csrf" value="${csrfToken}">`

const alertOf = ({ alert }: FormOptions) =>
  alert ? html`<p class="alert" role="alert">${alert}</p>` : undefined

type Field = {
  name: string
  label: string
  type: string
  autocomplete: string
  hint?: string
  autofocus?: boolean
}

function field(
  { values, faults }: FormOptions,
  { name, label, type, autocomplete, hint, autofocus }: Field,
): Html {
  const fault = faults?.[name]
  const described = [hint && `${name}-hint`, fault && `${name}-fault`].filter(Boolean).join(' ')
  return html`<div class="field">
    <label for="${name}">${label}</label>
    <input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" value="${values?.[name] ?? ''}" required
      ${described ? html`aria-describedby="${described}"` : undefined} ${fault ? html`aria-invalid="true"` : undefined} ${autofocus ? html`autofocus` : undefined}>
    ${hint ? html`<p class="hint" id="${name}-hint">${hint}</p>` : undefined}
    ${fault ? html`<p class="fault" id="${name}-fault">${fault}</p>` : undefined}
  </div>`
}
