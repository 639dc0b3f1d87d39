import type { Log } from '@alicerce/service-kit'
import type { Provider } from 'oidc-provider'
import { accountCentre } from '#src/account-centre/account-centre.ts'
import type { CentreParts } from '#src/account-centre/centre-page.ts'
import { emailVerificationPage } from '#src/email-verification/verification-page.ts'
import type { ExternalAttempts } from '#src/external-sign-in/attempts.ts'
import { externalIdentities } from '#src/external-sign-in/identities.ts'
import { externalAnswer, externalSignInSteps } from '#src/external-sign-in/steps.ts'
import { securityHeaders } from '#src/http/security-headers.ts'
import { mailOutbox } from '#src/mail/outbox-page.ts'
import { serveAssets } from '#src/pages/assets.ts'
import { forgottenSteps } from '#src/password-reset/forgotten-step.ts'
import { passwordResetPage, type ResetPageParts } from '#src/password-reset/reset-page.ts'
import type { ResetRequests } from '#src/password-reset/reset-requests.ts'
import { registerSteps } from '#src/registration/register-steps.ts'
import type { Registrations } from '#src/registration/registrations.ts'
import { consentSteps } from './consent.ts'
import { type InteractionParts, interactionPages } from './interactions.ts'
import { passkeySteps } from './passkey.ts'
import { secondFactorSteps } from './second-factor.ts'
import { signInSteps } from './sign-in.ts'
import type { Steps } from './steps.ts'

/** Adds the pages around a provider: security headers on every answer, what the pages load, every step of an interaction, and the account centre. */
export function createPages(
  parts: InteractionParts &
    CentreParts &
    ResetPageParts & {
      attempts: ExternalAttempts
      resetRequests: ResetRequests
      registrations: Registrations
      log: Log
    },
) {
  const steps: Steps = {
    ...signInSteps(parts),
    ...forgottenSteps(parts),
    ...registerSteps(parts),
    ...passkeySteps(parts),
    ...secondFactorSteps(parts),
    ...consentSteps(parts),
    ...externalSignInSteps({ ...parts, identities: externalIdentities }),
  }
  return (provider: Provider): void => {
    provider.use(securityHeaders(parts.config.ISSUER_URL.startsWith('https:')))
    provider.use(serveAssets)
    provider.use(externalAnswer)
    provider.use(interactionPages(() => provider, parts, steps))
    provider.use(passwordResetPage(parts))
    provider.use(emailVerificationPage(parts))
    provider.use(mailOutbox(parts))
    provider.use(accountCentre(() => provider, parts))
  }
}
