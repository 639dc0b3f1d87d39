import { type CodePageOptions, recoveryCodePage, totpPage } from '#src/pages/second-factor-pages.ts'
import { text } from '#src/pages/texts.ts'
import type { CodeKind, CodeResult } from '#src/second-factors/second-factors.ts'
import { finishSignIn } from './finish.ts'
import { firstFactorOf } from './first-factor.ts'
import type { InteractionParts } from './interactions.ts'
import { showSignIn } from './sign-in.ts'
import type { InteractionRequest, Steps } from './steps.ts'

/** What follows a password where the account has more than that (UX-08): a code from the app, or a recovery code. */
export const secondFactorSteps = (parts: InteractionParts): Steps => ({
  'second-factor': codeStep(parts, { kind: 'totp', page: totpPage, method: 'otp' }),
  'recovery-code': codeStep(parts, { kind: 'recovery-code', page: recoveryCodePage, method: 'rc' }),
})

type CodeStep = {
  kind: CodeKind
  page: (options: CodePageOptions) => string
  /** What it adds to `amr`. */
  method: string
}

function codeStep(parts: InteractionParts, { kind, page, method }: CodeStep): Steps[string] {
  return {
    prompt: 'login',
    show(request) {
      // Without a first factor there is nothing to add a second to.
      return firstFactorOf(request, parts) ? page(request.options) : showSignIn(request, parts)
    },
    async submit(request) {
      const { context, form, address, options } = request
      const first = firstFactorOf(request, parts)
      if (!first) {
        context.status = 400
        context.body = showSignIn(request, parts, { alert: text(options.language, 'firstFactorGone') })
        return
      }
      const { accountId } = first
      const code = (form.get('code') ?? '').slice(0, 100)
      const result = await parts.secondFactors.check({ accountId, kind, code, address })
      if (result.passed) return finishSignIn(request, { accountId, amr: [...first.amr, method, 'mfa'] })
      refuse(request, page, result)
    },
  }
}

/** A wrong code, one that was used and one of another account look alike. */
function refuse(
  { context, options }: InteractionRequest,
  page: CodeStep['page'],
  { wait }: Exclude<CodeResult, { passed: true }>,
): void {
  const { language } = options
  context.status = wait ? 429 : 400
  if (wait) context.set('retry-after', String(wait))
  const alert = wait
    ? text(language, 'tooMany', { minutes: Math.ceil(wait / 60) })
    : text(language, 'wrongCode')
  context.body = page({ ...options, alert })
}
