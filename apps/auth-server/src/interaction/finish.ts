import { oneFactor, twoFactors } from '#src/second-factors/authentication-levels.ts'
import type { InteractionRequest } from './steps.ts'

/** Tells the provider who it is, how that was shown and how sure it is; it goes on with a 303 (AS-13). `mfa` in `amr` makes it two factors. */
export async function finishSignIn(
  { provider, context }: InteractionRequest,
  { accountId, amr }: { accountId: string; amr: string[] },
): Promise<void> {
  context.respond = false
  const acr = amr.includes('mfa') ? twoFactors : oneFactor
  const result = { login: { accountId, amr, acr } }
  await provider.interactionFinished(context.req, context.res, result, { mergeWithLastSubmission: false })
}
