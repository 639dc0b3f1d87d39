import type { InteractionRequest } from './steps.ts'

/** Whoever signs in has shown one thing: what he knows, or has. */
export type FirstFactor = {
  accountId: string
  /** How (RFC 8176): `pwd`, `otp`, … */
  amr: string[]
}

/** Tells the provider who it is; it goes on with a 303 (AS-13). */
export async function firstFactorPassed(
  { provider, context }: InteractionRequest,
  { accountId, amr }: FirstFactor,
): Promise<void> {
  context.respond = false
  await provider.interactionFinished(
    context.req,
    context.res,
    { login: { accountId, amr } },
    { mergeWithLastSubmission: false },
  )
}
