import type { SessionDescription } from '#src/sessions/sessions.ts'
import { type Html, html } from '../html.ts'
import { text } from '../texts.ts'
import { buttonForm, type CentreOptions, centrePage, momentOf } from './centre-layout.ts'
import { deviceName } from './device-name.ts'

/** Where the person is signed in. `here` is the id of the session that asks. */
export function devicesPage(
  options: CentreOptions,
  { sessions, here }: { sessions: SessionDescription[]; here: string },
): string {
  const { language } = options
  return centrePage(options, {
    title: text(language, 'devicesTitle'),
    body: html`<p class="lead">${text(language, 'devicesEnds')}</p>
    <ul class="sections">${sessions.map((session) => sessionItem(options, session, session.id === here))}</ul>
    ${sessions.length > 1 ? buttonForm(options, { action: 'end-other-sessions', label: text(language, 'devicesEndOthers') }) : undefined}`,
  })
}

function sessionItem(
  options: CentreOptions,
  { id, signedInAt, device }: SessionDescription,
  isHere: boolean,
): Html {
  const { language } = options
  const name = deviceName(device?.userAgent ?? '') ?? text(language, 'deviceUnknown')
  const since = text(language, 'deviceSince', { moment: momentOf(language, signedInAt) })
  const seen = device && text(language, 'deviceSeen', { moment: momentOf(language, device.lastSeenAt) })
  return html`<li ${isHere ? html`aria-current="true"` : undefined}><h2>${name}${isHere ? html` · <strong>${text(language, 'deviceThis')}</strong>` : undefined}</h2>
      <p class="hint">${since}${seen ? html` · ${seen}` : undefined}${device ? html` · <code>${device.address}</code>` : undefined}</p>
      ${isHere ? undefined : buttonForm(options, { action: 'end-session', label: text(language, 'deviceEnd', { name }), fields: { id } })}</li>`
}
