import { type Html, html } from './html.ts'
import type { Language } from './language.ts'
import { page } from './layout.ts'
import { text } from './texts.ts'

/** Asks for the code that a device shows. `form` is the provider's, of which only the address and the hidden field are kept. */
export function deviceCodePage(options: { language: Language; form: string; wrong: boolean }): string {
  const { language, form, wrong } = options
  const typed = /<input\s+value="([^"]*)"/.exec(form)?.[1] ?? ''
  return page({
    language,
    title: text(language, 'deviceTitle'),
    body: html`<p class="lead">${text(language, 'deviceLead')}</p>
    ${wrong ? html`<p class="alert" role="alert">${text(language, 'deviceWrong')}</p>` : undefined}
    <form method="post" action="${actionOf(form)}">
      ${hiddenFieldsOf(form)}
      <div class="field">
        <label for="user_code">${text(language, 'deviceCode')}</label>
        <input id="user_code" name="user_code" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" value="${typed}" required autofocus>
      </div>
      <button id="submit" class="primary" type="submit">${text(language, 'continue')}</button>
    </form>`,
  })
}

/** Shows what asks, before anything is allowed: a code that somebody else sent must not be enough (RFC 8628 §5.4). */
export function confirmDevicePage(options: {
  language: Language
  form: string
  client: string
  userCode: string
}): string {
  const { language, form, client, userCode } = options
  return page({
    language,
    title: text(language, 'deviceConfirmTitle', { client }),
    body: html`<p class="lead">${text(language, 'deviceConfirmLead')}</p>
    <p class="device-code"><code>${userCode}</code></p>
    <p class="hint">${text(language, 'deviceConfirmHint')}</p>
    <form method="post" action="${actionOf(form)}">
      ${hiddenFieldsOf(form)}
      <button id="submit" class="primary" type="submit">${text(language, 'allow')}</button>
      <button class="secondary" type="submit" name="abort" value="yes">${text(language, 'deny')}</button>
    </form>`,
  })
}

/** The device goes on by itself. */
export function deviceDonePage({ language }: { language: Language }): string {
  return page({
    language,
    title: text(language, 'deviceDoneTitle'),
    body: html`<p class="lead">${text(language, 'deviceDoneLead')}</p>`,
  })
}

const actionOf = (form: string) => /action="([^"]*)"/.exec(form)?.[1] ?? ''

const hiddenFieldsOf = (form: string): Html[] =>
  [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(
    ([, name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
