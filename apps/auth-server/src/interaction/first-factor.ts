import type { Clock } from '@alicerce/service-kit'
import { twoFactors } from '#src/second-factors/authentication-levels.ts'
import type { FactorKind, SecondFactors } from '#src/second-factors/second-factors.ts'
import { finishSignIn } from './finish.ts'
import type { InteractionRequest } from './steps.ts'

/** Whoever signs in has shown one thing: what he knows, or has. */
export type FirstFactor = {
  accountId: string
  /** How (RFC 8176): `pwd`, `otp`, … */
  amr: string[]
}

/** What goes on after the first factor. */
export type FirstFactorParts = { secondFactors: SecondFactors; clock: Clock }

/** The step that asks for each kind of second factor. */
export const secondFactorStepOf: Record<FactorKind, string> = {
  totp: 'second-factor',
  'recovery-code': 'recovery-code',
  passkey: 'second-passkey',
}

/** For so long the second factor may follow the first. */
const lifetimeMilliseconds = 5 * 60_000

type Kept = FirstFactor & { at: number }

/**
 * Signs in, or goes on to the second factor: where the account has one, or where the client demands one. Until that is shown nobody is signed in:
 * what the first factor has shown waits in the interaction, of which only this browser has the cookie.
 */
export async function firstFactorPassed(
  request: InteractionRequest,
  { secondFactors, clock }: FirstFactorParts,
  { accountId, amr }: FirstFactor,
): Promise<void> {
  const { details, context, options } = request
  const [kind] = await secondFactors.of(accountId)
  if (!kind && !demandsTwoFactors(details)) return finishSignIn(request, { accountId, amr })
  if (!kind) return refuseLevel(request)
  details.result = { firstFactor: { accountId, amr, at: clock.now() } satisfies Kept }
  await details.persist()
  context.status = 303
  context.redirect(`${options.base}/${secondFactorStepOf[kind]}`)
}

/** What the first factor of this interaction has shown, while it counts. */
export function firstFactorOf(
  { details }: InteractionRequest,
  { clock }: FirstFactorParts,
): FirstFactor | undefined {
  const kept = details.result?.firstFactor as Kept | undefined
  if (!kept || clock.now() - kept.at > lifetimeMilliseconds) return undefined
  return kept
}

/** Whether the provider asks because the client wants two factors (`acr_values`, RFC 9470). */
const demandsTwoFactors = ({ prompt }: InteractionRequest['details']) => prompt.details.level === twoFactors

/** The account cannot give what the client demands. */
async function refuseLevel({ provider, context }: InteractionRequest): Promise<void> {
  context.respond = false
  const refusal = {
    error: 'unmet_authentication_requirements',
    error_description: 'The account has no second factor',
  }
  await provider.interactionFinished(context.req, context.res, refusal, { mergeWithLastSubmission: false })
}
