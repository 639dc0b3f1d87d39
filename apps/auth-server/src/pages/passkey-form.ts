import { csrf, type FormOptions } from './form.ts'
import { type Html, html } from './html.ts'
import { text } from './texts.ts'

/** A form that the browser's authenticator fills in. */
export type PasskeyForm = {
  action: string
  /** Whether the authenticator shows a passkey or makes one. */
  does: 'get' | 'create'
  /** What the browser asks it for. */
  request: object
  label: string
  /** Whether the e-mail field offers passkeys, too. */
  autofill?: boolean
  primary?: boolean
  fields?: Html
}

/** Hidden until the script has seen that the browser can do it. */
export function passkeyForm(options: FormOptions, form: PasskeyForm): Html {
  const { language } = options
  return html`<form class="passkey" method="post" action="${form.action}" data-passkey="${form.does}" data-request="${JSON.stringify(form.request)}"
      ${form.autofill ? html`data-autofill` : undefined} hidden>
      ${csrf(options)}
      <input type="hidden" name="response">
      ${form.fields}
      <button class="${form.primary ? 'primary' : 'secondary'}" type="submit">${form.label}</button>
      <p class="fault" role="alert" hidden>${text(language, 'passkeyFailed')}</p>
    </form>
    <script src="/assets/webauthn.js" defer></script>
    <script src="/assets/passkey.js" defer></script>`
}
