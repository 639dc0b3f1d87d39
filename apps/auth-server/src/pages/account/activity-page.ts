import type { Activity } from '#src/account-centre/activity.ts'
import { html } from '../html.ts'
import type { Language } from '../language.ts'
import { type TextKey, text } from '../texts.ts'
import { type CentreOptions, centrePage, momentOf } from './centre-layout.ts'

/** What happened to the account, newest first. */
export function activityPage(options: CentreOptions, activities: Activity[]): string {
  const { language } = options
  return centrePage(options, {
    title: text(language, 'activityTitle'),
    body: html`<p class="lead">${text(language, 'activityHint')}</p>
    <ul class="sections">${activities.map(
      ({ at, action, outcome, byOther, address }) => html`<li><strong>${actionText(language, action)}</strong>
      <p class="hint">${momentOf(language, at)}${outcome === 'refused' ? html` · ${text(language, 'activityRefused')}` : undefined}${byOther ? html` · ${text(language, 'activityByOther')}` : undefined}${address ? html` · <code>${address}</code>` : undefined}</p></li>`,
    )}</ul>`,
  })
}

const actionTexts: Record<string, TextKey> = {
  'sign-in': 'actionSignIn',
  'sign-out': 'actionSignOut',
  'second-factor': 'actionSecondFactor',
  register: 'actionRegister',
  'change-password': 'actionChangePassword',
  'send-password-link': 'actionSendPasswordLink',
  'reset-password': 'actionResetPassword',
  'verify-email': 'actionVerifyEmail',
  'add-authenticator': 'actionAddAuthenticator',
  'remove-authenticator': 'actionRemoveAuthenticator',
  'renew-recovery-codes': 'actionRenewRecoveryCodes',
  'add-passkey': 'actionAddPasskey',
  'rename-passkey': 'actionRenamePasskey',
  'remove-passkey': 'actionRemovePasskey',
  'end-session': 'actionEndSession',
  'end-other-sessions': 'actionEndSession',
  'end-sessions': 'actionEndSession',
  'allow-client': 'actionAllowClient',
  'revoke-consent': 'actionRevokeConsent',
  'change-roles': 'actionChangeRoles',
  'change-status': 'actionChangeStatus',
}

/** In words; what has none by its name in the audit log. */
function actionText(language: Language, action: string): string {
  const key = Object.hasOwn(actionTexts, action) ? actionTexts[action] : undefined
  return key ? text(language, key) : action
}
