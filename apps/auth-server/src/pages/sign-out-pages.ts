import { html, trusted } from './html.ts'
import type { Language } from './language.ts'
import { page } from './layout.ts'
import { text } from './texts.ts'

/**
 * Asks before a sign-out, or, where an ID token has shown who asks, goes on by itself. The provider's form has the id `op.logoutForm`; both
 * buttons work without script.
 */
export function confirmSignOutPage(options: {
  language: Language
  form: string
  automatic: boolean
}): string {
  const { language, form, automatic } = options
  return page({
    language,
    title: text(language, 'signOutTitle'),
    body: html`<p class="lead">${text(language, 'signOutLead')}</p>
    ${trusted(form)}
    <div class="buttons">
      <button class="primary" type="submit" form="op.logoutForm" name="logout" value="yes">${text(language, 'signOut')}</button>
      <button class="secondary" type="submit" form="op.logoutForm">${text(language, 'stay')}</button>
    </div>
    ${automatic ? html`<script src="/assets/sign-out.js" defer></script>` : undefined}`,
  })
}

/** Where a sign-out ends that no client asked for. */
export function signedOutPage({ language, home }: { language: Language; home: string }): string {
  return page({
    language,
    title: text(language, 'signedOutTitle'),
    body: html`<p class="lead">${text(language, 'signedOutLead')}</p><p><a class="primary" href="${home}">${text(language, 'goHome')}</a></p>`,
  })
}
