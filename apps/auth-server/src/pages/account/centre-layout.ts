import { csrf, type FormOptions } from '../form.ts'
import { type Html, html } from '../html.ts'
import type { Language } from '../language.ts'
import { page } from '../layout.ts'
import { type TextKey, text } from '../texts.ts'

/** What the pages of the account centre have in common. */
export type CentreOptions = FormOptions & {
  /** The page's name; '' is the first page. */
  page: string
  /** What was done just before. */
  notice?: string | undefined
}

const doneTexts: Record<string, TextKey> = {
  password: 'passwordChanged',
  'authenticator-added': 'authenticatorAdded',
  'authenticator-removed': 'authenticatorRemoved',
  'passkey-added': 'passkeyAdded',
  'passkey-renamed': 'passkeyRenamed',
  'passkey-removed': 'passkeyRemoved',
  'session-ended': 'sessionEnded',
  'sessions-ended': 'sessionsEnded',
  'app-disconnected': 'appDisconnected',
  verification: 'verificationSent',
}

/** What a page says after a form, by the word in its address; nothing for any other word. */
export function doneText(language: Language, done: unknown): string | undefined {
  const key = typeof done === 'string' && Object.hasOwn(doneTexts, done) ? doneTexts[done] : undefined
  return key && text(language, key)
}

/** A page of the account centre, with the way back to the first one. */
export function centrePage(options: CentreOptions, { title, body }: { title: string; body: Html }): string {
  const { language, base, page: name, csrfToken, notice } = options
  return page({
    language,
    title,
    wide: true,
    languageForm: { action: `${base}/language?to=${name}`, csrfToken },
    body: html`${notice ? html`<p class="notice" role="status">${notice}</p>` : undefined}
    ${body}
    ${name ? html`<p class="aside"><a href="${base}">${text(language, 'centreBack')}</a></p>` : undefined}`,
  })
}

/** A form of one button, with what it needs to know hidden in it. */
export function buttonForm(
  options: CentreOptions,
  { action, label, fields = {} }: { action: string; label: string; fields?: Record<string, string> },
): Html {
  const hidden = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  return html`<form method="post" action="${options.base}/${action}">${csrf(options)}${hidden}<button class="secondary" type="submit">${label}</button></form>`
}

/** A day, as people of the language write it. */
export const dayOf = (language: Language, date: Date): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(date)

/** A moment in UTC: the server does not know where the person is. */
export const momentOf = (language: Language, moment: string): string =>
  `${new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  }).format(new Date(moment))} UTC`
