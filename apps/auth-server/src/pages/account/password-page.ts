import { alertOf, csrf, field } from '../form.ts'
import { html } from '../html.ts'
import { text } from '../texts.ts'
import { type CentreOptions, centrePage } from './centre-layout.ts'

/** Asks for another password. */
export function passwordPage(options: CentreOptions, email: string): string {
  const { language, base } = options
  return centrePage(options, {
    title: text(language, 'passwordTitle'),
    body: html`<p class="lead">${text(language, 'passwordEnds')}</p>
    ${alertOf(options)}
    <form method="post" action="${base}/password">
      ${csrf(options)}
      <input name="username" type="text" value="${email}" autocomplete="username" readonly hidden>
      ${field(options, { name: 'password', label: text(language, 'newPassword'), type: 'password', autocomplete: 'new-password', hint: text(language, 'passwordHint'), autofocus: true })}
      <button id="submit" class="primary" type="submit">${text(language, 'passwordChange')}</button>
    </form>`,
  })
}
