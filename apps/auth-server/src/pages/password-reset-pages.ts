import { alertOf, csrf, type FormOptions, field } from './form.ts'
import { html } from './html.ts'
import type { Language } from './language.ts'
import { page } from './layout.ts'
import { text } from './texts.ts'

/** Asks for the address to which a link shall go. */
export function forgottenPage(options: FormOptions): string {
  const { language, base, csrfToken } = options
  return page({
    language,
    title: text(language, 'forgottenTitle'),
    languageForm: { action: `${base}/language?to=forgotten`, csrfToken },
    body: html`<p class="lead">${text(language, 'forgottenLead')}</p>
    ${alertOf(options)}
    <form method="post" action="${base}/forgotten">
      ${csrf(options)}
      ${field(options, { name: 'email', label: text(language, 'email'), type: 'email', autocomplete: 'username', autofocus: true })}
      <button id="submit" class="primary" type="submit">${text(language, 'forgottenSend')}</button>
    </form>
    <p class="aside"><a href="${base}">${text(language, 'backToSignIn')}</a></p>`,
  })
}

/** A mail is on its way, if the address belongs to an account. */
export function resetMailPage({ language, base }: FormOptions, email: string): string {
  return page({
    language,
    title: text(language, 'resetSentTitle'),
    body: html`<p class="lead" role="status">${text(language, 'resetSentLead', { email })}</p>
    <p class="aside"><a href="${base}">${text(language, 'backToSignIn')}</a></p>`,
  })
}

/** Somebody chooses another password, or his first. */
export type PasswordPurpose = 'reset-password' | 'invitation'

/** Asks for the password. */
export function resetPage({
  language,
  purpose,
  token,
  fault,
}: {
  language: Language
  purpose: PasswordPurpose
  token: string
  fault?: string
}): string {
  const options = { language, faults: { password: fault } }
  return page({
    language,
    title: text(language, purpose === 'invitation' ? 'invitationTitle' : 'resetTitle'),
    body: html`<p class="lead">${text(language, purpose === 'invitation' ? 'invitationLead' : 'resetEnds')}</p>
    <form method="post" action="/${purpose}">
      <input type="hidden" name="token" value="${token}">
      ${field(options, { name: 'password', label: text(language, 'newPassword'), type: 'password', autocomplete: 'new-password', hint: text(language, 'passwordHint'), autofocus: true })}
      <button id="submit" class="primary" type="submit">${text(language, purpose === 'invitation' ? 'continue' : 'passwordChange')}</button>
    </form>`,
  })
}

/** The password is chosen. */
export function resetDonePage({
  language,
  purpose,
  home,
}: {
  language: Language
  purpose: PasswordPurpose
  home: string
}): string {
  const isInvitation = purpose === 'invitation'
  return page({
    language,
    title: text(language, isInvitation ? 'invitationDoneTitle' : 'resetDoneTitle'),
    body: html`<p class="lead" role="status">${text(language, isInvitation ? 'invitationDoneLead' : 'resetDoneLead')}</p><p><a class="primary" href="${home}">${text(language, 'signIn')}</a></p>`,
  })
}
