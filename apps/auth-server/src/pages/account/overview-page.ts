import type { Account } from '#src/accounts/account.ts'
import { type Html, html } from '../html.ts'
import { type TextKey, text } from '../texts.ts'
import { buttonForm, type CentreOptions, centrePage } from './centre-layout.ts'

const sections: { name: string; title: TextKey; lead: TextKey }[] = [
  { name: 'password', title: 'passwordTitle', lead: 'passwordLead' },
  { name: 'two-step', title: 'twoStepTitle', lead: 'twoStepLead' },
  { name: 'passkeys', title: 'passkeysTitle', lead: 'passkeysLead' },
  { name: 'devices', title: 'devicesTitle', lead: 'devicesLead' },
  { name: 'apps', title: 'appsTitle', lead: 'appsLead' },
  { name: 'activity', title: 'activityTitle', lead: 'activityLead' },
  { name: 'export', title: 'exportTitle', lead: 'exportLead' },
  { name: 'delete', title: 'deleteTitle', lead: 'deleteLead' },
]

/** Who is signed in, and what he can see and change. */
export function overviewPage(
  options: CentreOptions,
  { name, email, emailVerified, home }: Pick<Account, 'name' | 'email' | 'emailVerified'> & { home: string },
): string {
  const { language, base } = options
  return centrePage(options, {
    title: text(language, 'centreTitle'),
    body: html`<p class="lead">${text(language, 'centreLead', { name, email })}</p>
    ${emailVerified ? undefined : verification(options, email)}
    <ul class="sections">${sections.map(
      (section) =>
        html`<li><a href="${base}/${section.name}">${text(language, section.title)}</a><p class="hint">${text(language, section.lead)}</p></li>`,
    )}</ul>
    <p class="aside"><a href="${home}">${text(language, 'goHome')}</a></p>`,
  })
}

function verification(options: CentreOptions, email: string): Html {
  const { language } = options
  return html`<p class="hint">${text(language, 'verificationMissing', { email })}</p>
    ${buttonForm(options, { action: 'verification', label: text(language, 'verificationSend') })}`
}
