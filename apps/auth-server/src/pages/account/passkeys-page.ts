import type { PasskeyDescription } from '#src/second-factors/passkeys.ts'
import { alertOf, csrf } from '../form.ts'
import { type Html, html } from '../html.ts'
import { passkeyForm } from '../passkey-form.ts'
import { text } from '../texts.ts'
import { buttonForm, type CentreOptions, centrePage, dayOf } from './centre-layout.ts'

/** The passkeys of the account, and one more. `request` is what the browser asks an authenticator for. */
export function passkeysPage(
  options: CentreOptions,
  { passkeys, request }: { passkeys: PasskeyDescription[]; request: object },
): string {
  const { language, base } = options
  const name = html`<div class="field">
      <label for="new-name">${text(language, 'passkeyName')}</label>
      <input id="new-name" name="name" type="text" maxlength="80" autocomplete="off">
    </div>`
  return centrePage(options, {
    title: text(language, 'passkeysTitle'),
    body: html`<p class="lead">${text(language, 'passkeysLead')}</p>
    ${alertOf(options)}
    ${
      passkeys.length > 0
        ? html`<ul class="sections">${passkeys.map((passkey, index) => passkeyItem(options, passkey, index))}</ul>`
        : html`<p class="hint">${text(language, 'passkeysNone')}</p>`
    }
    ${passkeyForm(options, { action: `${base}/passkeys`, does: 'create', request, label: text(language, 'passkeyAdd'), primary: true, fields: name })}
    <noscript><p class="alert">${text(language, 'passkeyNeedsScript')}</p></noscript>`,
  })
}

function passkeyItem(
  options: CentreOptions,
  { id, name, createdAt, lastUsedAt }: PasskeyDescription,
  index: number,
): Html {
  const { language, base } = options
  const used = lastUsedAt
    ? text(language, 'passkeyUsed', { date: dayOf(language, lastUsedAt) })
    : text(language, 'passkeyNeverUsed')
  return html`<li><h2>${name}</h2>
      <p class="hint">${text(language, 'passkeySince', { date: dayOf(language, createdAt) })} · ${used}</p>
      <form method="post" action="${base}/rename-passkey">${csrf(options)}<input type="hidden" name="id" value="${id}">
        <div class="field"><label for="name-${index}">${text(language, 'passkeyName')}</label>
        <input id="name-${index}" name="name" type="text" value="${name}" maxlength="80" autocomplete="off" required></div>
        <button class="secondary" type="submit">${text(language, 'passkeyRename')}</button></form>
      ${buttonForm(options, { action: 'remove-passkey', label: text(language, 'passkeyRemove', { name }), fields: { id } })}</li>`
}
