import { type Html, html } from './html.ts'
import type { Language } from './language.ts'

/** What the forms of one interaction have in common. */
export type FormOptions = {
  language: Language
  /** The address of the interaction, without a slash at its end. */
  base: string
  csrfToken: string
  client: string
  /** What was typed before, and what is wrong with it. */
  values?: Record<string, string>
  faults?: Record<string, string | undefined>
  /** What is wrong with the whole. */
  alert?: string | undefined
}

/** The hidden field that shows that the form is ours (AS-35). */
export const csrf = ({ csrfToken }: FormOptions) =>
  html`<input type="hidden" name="csrf" value="${csrfToken}">`

/** What is wrong with the whole form. */
export const alertOf = ({ alert }: FormOptions) =>
  alert ? html`<p class="alert" role="alert">${alert}</p>` : undefined

/** One input of a form. */
export type Field = {
  name: string
  label: string
  type: string
  autocomplete: string
  hint?: string
  /** The keyboard that a phone shows. */
  inputmode?: 'numeric' | undefined
  autofocus?: boolean
}

/** An input with its label, its hint and what is wrong with it, told to screen readers too. */
export function field(
  { values, faults }: Pick<FormOptions, 'values' | 'faults'>,
  { name, label, type, autocomplete, hint, inputmode, autofocus }: Field,
): Html {
  const fault = faults?.[name]
  const described = [hint && `${name}-hint`, fault && `${name}-fault`].filter(Boolean).join(' ')
  return html`<div class="field">
    <label for="${name}">${label}</label>
    <input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" value="${values?.[name] ?? ''}" required
      ${described ? html`aria-describedby="${described}"` : undefined} ${fault ? html`aria-invalid="true"` : undefined} ${inputmode ? html`inputmode="${inputmode}"` : undefined} ${autofocus ? html`autofocus` : undefined}>
    ${hint ? html`<p class="hint" id="${name}-hint">${hint}</p>` : undefined}
    ${fault ? html`<p class="fault" id="${name}-fault">${fault}</p>` : undefined}
  </div>`
}
