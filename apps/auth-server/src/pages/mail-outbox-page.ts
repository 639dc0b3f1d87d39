import type { Mail } from '#src/mail/mail.ts'
import { momentOf } from './account/centre-layout.ts'
import { type Html, html } from './html.ts'
import type { Language } from './language.ts'
import { page } from './layout.ts'
import { text } from './texts.ts'

/** The mails that would have been sent, with links that can be followed. */
export function mailOutboxPage(options: {
  language: Language
  mails: readonly (Mail & { at: Date })[]
}): string {
  const { language, mails } = options
  return page({
    language,
    wide: true,
    title: text(language, 'outboxTitle'),
    body: html`<p class="lead">${text(language, 'outboxLead')}</p>
    ${mails.length === 0 ? html`<p class="hint">${text(language, 'outboxEmpty')}</p>` : undefined}
    ${mails.map(
      ({ to, subject, text: body, at }) => html`<article class="mail">
        <h2>${subject}</h2>
        <p class="hint">${to} · ${momentOf(language, at.toISOString())}</p>
        <p class="body">${withLinks(body)}</p>
      </article>`,
    )}`,
  })
}

const address = /(https?:\/\/\S+)/

/** Every second part is an address. */
const withLinks = (body: string): Html[] =>
  body
    .split(address)
    .map((part, index) => (index % 2 === 1 ? html`<a href="${part}">${part}</a>` : html`${part}`))
