import { normalEmail } from '#src/accounts/accounts.ts'
import type { InteractionParts } from '#src/interaction/interactions.ts'
import type { InteractionRequest, Steps } from '#src/interaction/steps.ts'
import { forgottenPage, resetMailPage } from '#src/pages/password-reset-pages.ts'
import { text } from '#src/pages/texts.ts'
import type { ResetRequests } from './reset-requests.ts'

type ForgottenParts = Pick<InteractionParts, 'throttle'> & { resetRequests: ResetRequests }

/** «Forgot your password?» on the sign-in page: asks for the address, and says the same whatever it is (AS-27). */
export const forgottenSteps = (parts: ForgottenParts): Steps => ({
  forgotten: {
    prompt: 'login',
    show: ({ options }) => forgottenPage(options),
    submit: (request) => askForReset(request, parts),
  },
})

async function askForReset(
  { form, context, options, address }: InteractionRequest,
  { throttle, resetRequests }: ForgottenParts,
): Promise<void> {
  const { language } = options
  const email = normalEmail(form.get('email') ?? '').slice(0, 254)
  // Counted apart from the sign-ins: whoever guessed too often may still get a mail.
  const wait = await throttle.attempt(`reset ${email}`, address)
  if (wait > 0) {
    context.status = 429
    context.set('retry-after', String(wait))
    const alert = text(language, 'tooMany', { minutes: Math.ceil(wait / 60) })
    context.body = forgottenPage({ ...options, alert, values: { email } })
    return
  }
  await resetRequests.leave({ email, language, address })
  context.body = resetMailPage(options, email)
}
