import { html } from './html.ts'
import type { Language } from './language.ts'
import { page } from './layout.ts'
import { text } from './texts.ts'

/** Asks for one more click, which a mail program does not make. */
export function verificationPage({ language, token }: { language: Language; token: string }): string {
  return page({
    language,
    title: text(language, 'verifyTitle'),
    body: html`<p class="lead">${text(language, 'verifyLead')}</p>
    <form method="post" action="/verify-email">
      <input type="hidden" name="token" value="${token}">
      <button id="submit" class="primary" type="submit">${text(language, 'verifyConfirm')}</button>
    </form>`,
  })
}

/** The address is the account's. */
export function verifiedPage({ language, home }: { language: Language; home: string }): string {
  return page({
    language,
    title: text(language, 'verifiedTitle'),
    body: html`<p class="lead" role="status">${text(language, 'verifiedLead')}</p><p><a class="primary" href="${home}">${text(language, 'goHome')}</a></p>`,
  })
}
