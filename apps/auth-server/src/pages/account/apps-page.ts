import type { Consent } from '#src/consents/consents.ts'
import { html } from '../html.ts'
import { scopeText } from '../sign-in-page.ts'
import { text } from '../texts.ts'
import { buttonForm, type CentreOptions, centrePage, dayOf } from './centre-layout.ts'

/** The apps that the person has let in, and what each may do. */
export function appsPage(options: CentreOptions, apps: (Consent & { name: string })[]): string {
  const { language } = options
  return centrePage(options, {
    title: text(language, 'appsTitle'),
    body: html`<p class="lead">${text(language, apps.length > 0 ? 'appsEnds' : 'appsNone')}</p>
    <ul class="sections">${apps.map(
      ({ clientId, name, scopes, grantedAt }) => html`<li><h2>${name}</h2>
      <p class="hint">${text(language, 'appSince', { date: dayOf(language, new Date(grantedAt)) })}</p>
      <ul>${scopes.map((scope) => html`<li>${scopeText(language, scope)}</li>`)}</ul>
      ${buttonForm(options, { action: 'disconnect-app', label: text(language, 'appDisconnect', { name }), fields: { id: clientId } })}</li>`,
    )}</ul>`,
  })
}
