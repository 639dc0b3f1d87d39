import { html } from './html.ts'
import type { Language } from './language.ts'
import { page } from './layout.ts'
import { text } from './texts.ts'

/** A link from a mail was used, has expired, was replaced by a later one, or was never made: nobody is told which. */
export function linkGonePage({ language, home }: { language: Language; home: string }): string {
  return page({
    language,
    title: text(language, 'linkGoneTitle'),
    body: html`<p class="lead">${text(language, 'linkGoneLead')}</p><p><a class="primary" href="${home}">${text(language, 'goHome')}</a></p>`,
  })
}
