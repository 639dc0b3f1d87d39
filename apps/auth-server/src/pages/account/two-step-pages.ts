import { renderSVG } from 'uqr'
import type { FactorKind } from '#src/second-factors/second-factors.ts'
import { alertOf, csrf, field } from '../form.ts'
import { html, trusted } from '../html.ts'
import { text } from '../texts.ts'
import { buttonForm, type CentreOptions, centrePage } from './centre-layout.ts'

/** What the account asks for besides its password. `codes` is how many recovery codes are left. */
export function twoStepPage(
  options: CentreOptions,
  { kinds, codes }: { kinds: FactorKind[]; codes: number },
): string {
  const { language, base } = options
  const hasApp = kinds.includes('totp')
  return centrePage(options, {
    title: text(language, 'twoStepTitle'),
    body: html`<p class="lead">${text(language, kinds.length > 0 ? 'twoStepOn' : 'twoStepOff')}</p>
    <ul class="sections">
      <li><h2>${text(language, 'authenticator')}</h2>
        <p class="hint">${text(language, hasApp ? 'authenticatorOn' : 'authenticatorOff')}</p>
        ${
          hasApp
            ? buttonForm(options, {
                action: 'remove-authenticator',
                label: text(language, 'authenticatorRemove'),
              })
            : html`<a class="secondary" href="${base}/authenticator">${text(language, 'authenticatorAdd')}</a>`
        }</li>
      <li><h2>${text(language, 'passkeysTitle')}</h2>
        <p class="hint">${text(language, 'passkeysLead')}</p>
        <a class="secondary" href="${base}/passkeys">${text(language, 'passkeysManage')}</a></li>
      ${
        kinds.length > 0
          ? html`<li><h2>${text(language, 'recoveryCodes')}</h2>
        <p class="hint">${text(language, 'recoveryCodesLeft', { count: codes })}</p>
        ${buttonForm(options, { action: 'recovery-codes', label: text(language, 'recoveryCodesRenew') })}</li>`
          : undefined
      }
    </ul>`,
  })
}

/** The secret for the app, as a picture and as text, and the field for its first code. */
export function authenticatorPage(
  options: CentreOptions,
  { secret, address }: { secret: string; address: string },
): string {
  const { language, base } = options
  return centrePage(options, {
    title: text(language, 'authenticator'),
    body: html`<p class="lead">${text(language, 'authenticatorScan')}</p>
    ${alertOf(options)}
    <div class="qr" role="img" aria-label="${text(language, 'authenticatorPicture')}">${trusted(renderSVG(address, { border: 2 }))}</div>
    <p class="hint">${text(language, 'authenticatorSecret')}</p>
    <p><code id="secret" class="secret">${secret.match(/.{1,4}/g)?.join(' ')}</code></p>
    <form method="post" action="${base}/authenticator">
      ${csrf(options)}
      ${field(options, { name: 'code', label: text(language, 'totpCode'), type: 'text', autocomplete: 'one-time-code', inputmode: 'numeric' })}
      <button id="submit" class="primary" type="submit">${text(language, 'authenticatorConfirm')}</button>
    </form>`,
  })
}

/** The codes, this once. */
export function recoveryCodesPage(options: CentreOptions, codes: string[]): string {
  const { language, base } = options
  return centrePage(options, {
    title: text(language, 'recoveryCodes'),
    body: html`<p class="lead">${text(language, 'recoveryCodesKeep')}</p>
    <ul class="codes">${codes.map((code) => html`<li><code>${code}</code></li>`)}</ul>
    <p><a class="primary" href="${base}/two-step">${text(language, 'recoveryCodesKept')}</a></p>`,
  })
}
