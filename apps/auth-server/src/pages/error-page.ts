import { html } from './html.ts'
import type { Language } from './language.ts'
import { page } from './layout.ts'
import { text } from './texts.ts'

/** Why an authorization request was refused without going back to the client. Says the code, never the cause: that is in the log. */
export function errorPage({
  language,
  error,
  home,
  traceId,
}: {
  language: Language
  error: string
  home: string
  /** What to tell whoever runs the server: its log has the cause under it. */
  traceId?: string | undefined
}): string {
  return page({
    language,
    title: text(language, 'errorTitle'),
    body: html`<p class="lead">${text(language, 'errorLead')}</p>
    <p class="hint">${text(language, 'errorCode')}: <code>${error}</code></p>
    ${traceId ? html`<p class="hint">${text(language, 'traceId')}: <code>${traceId}</code></p>` : undefined}
    <p><a class="primary" href="${home}">${text(language, 'restart')}</a></p>`,
  })
}

/** The interaction is over or was never there: back button, second tab, half an hour of thinking (AS-39). */
export function expiredPage({ language, home }: { language: Language; home: string }): string {
  return page({
    language,
    title: text(language, 'expiredTitle'),
    body: html`<p class="lead">${text(language, 'expiredLead')}</p><p><a class="primary" href="${home}">${text(language, 'restart')}</a></p>`,
  })
}

/** There is no such page. */
export function notFoundPage({ language, home }: { language: Language; home: string }): string {
  return page({
    language,
    title: text(language, 'notFoundTitle'),
    body: html`<p class="lead">${text(language, 'notFoundLead')}</p><p><a class="primary" href="${home}">${text(language, 'goHome')}</a></p>`,
  })
}
