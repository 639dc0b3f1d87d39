import { alertOf, csrf, type FormOptions, field } from './form.ts'
import { html } from './html.ts'
import { page } from './layout.ts'
import { type TextKey, text } from './texts.ts'

/** What the pages that ask for a code need. */
export type CodePageOptions = FormOptions

/** Asks for the code that the app shows. */
export const totpPage = (options: CodePageOptions): string =>
  codePage(options, {
    step: 'second-factor',
    texts: { title: 'totpTitle', lead: 'totpLead', label: 'totpCode' },
    inputmode: 'numeric',
    other: { step: 'recovery-code', label: 'useRecoveryCode' },
  })

/** Asks for one of the codes that were printed once. */
export const recoveryCodePage = (options: CodePageOptions): string =>
  codePage(options, {
    step: 'recovery-code',
    texts: { title: 'recoveryCodeTitle', lead: 'recoveryCodeLead', label: 'recoveryCode' },
    other: { step: 'second-factor', label: 'useTotp' },
  })

type CodePage = {
  step: string
  texts: { title: TextKey; lead: TextKey; label: TextKey }
  inputmode?: 'numeric'
  other: { step: string; label: TextKey }
}

function codePage(options: FormOptions, { step, texts, inputmode, other }: CodePage): string {
  const { language, base } = options
  const t = (key: TextKey) => text(language, key)
  return page({
    language,
    title: t(texts.title),
    languageForm: { action: `${base}/language?to=${step}`, csrfToken: options.csrfToken },
    body: html`<p class="lead">${t(texts.lead)}</p>
    ${alertOf(options)}
    <form method="post" action="${base}/${step}">
      ${csrf(options)}
      ${field(options, {
        name: 'code',
        label: t(texts.label),
        type: 'text',
        autocomplete: inputmode ? 'one-time-code' : 'off',
        inputmode,
        autofocus: true,
      })}
      <button id="submit" class="primary" type="submit">${t('continue')}</button>
    </form>
    <p class="aside"><a href="${base}/${other.step}">${t(other.label)}</a></p>
    <p class="aside"><a href="${base}">${t('otherAccount')}</a></p>`,
  })
}
