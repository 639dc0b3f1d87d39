import type { FactorKind } from '#src/second-factors/second-factors.ts'
import { alertOf, csrf, type FormOptions, field } from './form.ts'
import { type Html, html } from './html.ts'
import { page } from './layout.ts'
import { passkeyForm } from './passkey-form.ts'
import { type TextKey, text } from './texts.ts'

/** What the pages of the second step of the sign-in have in common. */
export type SecondFactorPage = FormOptions & {
  step: string
  /** What else the account could show. */
  others: { kind: FactorKind; step: string }[]
}

const codeTexts = {
  totp: { title: 'totpTitle', lead: 'totpLead', label: 'totpCode' },
  'recovery-code': { title: 'recoveryCodeTitle', lead: 'recoveryCodeLead', label: 'recoveryCode' },
} as const

/** Asks for the code that the app shows, or for one of those that were kept. */
export function codePage(options: SecondFactorPage, kind: 'totp' | 'recovery-code'): string {
  const { language, base, step } = options
  const { title, lead, label } = codeTexts[kind]
  return secondFactorPage(options, {
    title,
    lead,
    form: html`<form method="post" action="${base}/${step}">
      ${csrf(options)}
      ${field(options, {
        name: 'code',
        label: text(language, label),
        type: 'text',
        autocomplete: kind === 'totp' ? 'one-time-code' : 'off',
        inputmode: kind === 'totp' ? 'numeric' : undefined,
        autofocus: true,
      })}
      <button id="submit" class="primary" type="submit">${text(language, 'continue')}</button>
    </form>`,
  })
}

/** Asks for one of the account's passkeys. */
export function passkeyPage(options: SecondFactorPage, request: object): string {
  const { language, base, step } = options
  return secondFactorPage(options, {
    title: 'passkeyTitle',
    lead: 'passkeyLead',
    form: html`${passkeyForm(options, { action: `${base}/${step}`, does: 'get', request, label: text(language, 'usePasskey'), primary: true })}
    <noscript><p class="alert">${text(language, 'passkeyNeedsScript')}</p></noscript>`,
  })
}

const otherTexts: Record<FactorKind, TextKey> = {
  totp: 'useTotp',
  'recovery-code': 'useRecoveryCode',
  passkey: 'usePasskeyInstead',
}

function secondFactorPage(
  options: SecondFactorPage,
  { title, lead, form }: { title: TextKey; lead: TextKey; form: Html },
): string {
  const { language, base, step, others, csrfToken } = options
  return page({
    language,
    title: text(language, title),
    languageForm: { action: `${base}/language?to=${step}`, csrfToken },
    body: html`<p class="lead">${text(language, lead)}</p>
    ${alertOf(options)}
    ${form}
    ${others.map((other) => html`<p class="aside"><a href="${base}/${other.step}">${text(language, otherTexts[other.kind])}</a></p>`)}
    <p class="aside"><a href="${base}/sign-in">${text(language, 'otherAccount')}</a></p>`,
  })
}
