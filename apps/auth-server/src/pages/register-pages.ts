import { alertOf, csrf, type FormOptions, field } from './form.ts'
import { html } from './html.ts'
import { page } from './layout.ts'
import { type TextKey, text } from './texts.ts'

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

/** Asks for the code that was sent to `email`. `shown`: mails are not sent, but shown in the outbox. */
export function confirmAddressPage(
  options: FormOptions,
  { email, shown }: { email: string; shown: boolean },
): string {
  const { language, base } = options
  const t = (key: TextKey, values?: Record<string, string>) => text(language, key, values)
  return page({
    language,
    title: t('codeTitle'),
    languageForm: { action: `${base}/language?to=confirm-address`, csrfToken: options.csrfToken },
    body: html`<p class="lead" role="status">${t('codeLead', { email })}</p>
    <form method="post" action="${base}/confirm-address" novalidate>
      ${csrf(options)}
      ${field(options, { name: 'code', label: t('codeLabel'), type: 'text', autocomplete: 'one-time-code', inputmode: 'numeric', autofocus: true })}
      <button id="submit" class="primary" type="submit">${t('continue')}</button>
    </form>
    ${shown ? html`<p class="aside">${t('codeShown')} <a href="/outbox" target="_blank">${t('outboxTitle')}</a></p>` : undefined}
    <p class="aside">${t('codeMissing')} <a href="${base}/register">${t('registerAgain')}</a></p>`,
  })
}
