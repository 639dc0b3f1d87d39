import type { Account } from '#src/accounts/account.ts'
import { csrf, field } from '../form.ts'
import { html } from '../html.ts'
import type { Language } from '../language.ts'
import { page } from '../layout.ts'
import { text } from '../texts.ts'
import { buttonForm, type CentreOptions, centrePage } from './centre-layout.ts'

/** What the file holds, and the button that fetches it. */
export function exportPage(options: CentreOptions): string {
  const { language } = options
  return centrePage(options, {
    title: text(language, 'exportTitle'),
    body: html`<p class="lead">${text(language, 'exportHolds')}</p>
    ${buttonForm(options, { action: 'export', label: text(language, 'exportDownload') })}`,
  })
}

/** What goes and what stays, and the field that has to be typed into. */
export function deletionPage(
  options: CentreOptions,
  { email, roles }: Pick<Account, 'email' | 'roles'>,
): string {
  const { language, base } = options
  const form = html`<form method="post" action="${base}/delete">
      ${csrf(options)}
      ${field(options, { name: 'email', label: text(language, 'deleteType', { email }), type: 'email', autocomplete: 'off' })}
      <button id="submit" class="danger" type="submit">${text(language, 'deleteConfirm')}</button>
    </form>`
  return centrePage(options, {
    title: text(language, 'deleteTitle'),
    body: html`<p class="lead">${text(language, 'deleteGoes')}</p>
    <p>${text(language, 'deleteStays')}</p>
    ${roles.includes('administrator') ? html`<p class="alert">${text(language, 'deleteAdministrator')}</p>` : form}`,
  })
}

/** The account is no more. */
export function deletedPage({ language, home }: { language: Language; home: string }): string {
  return page({
    language,
    title: text(language, 'deletedTitle'),
    body: html`<p class="lead">${text(language, 'deletedLead')}</p><p><a class="primary" href="${home}">${text(language, 'goHome')}</a></p>`,
  })
}
