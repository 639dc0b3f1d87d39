import { writeAudit } from '#src/audit/audit.ts'
import { codePage, passkeyPage, type SecondFactorPage } from '#src/pages/second-factor-pages.ts'
import { text } from '#src/pages/texts.ts'
import type { CodeResult, FactorKind } from '#src/second-factors/second-factors.ts'
import { finishSignIn } from './finish.ts'
import { type FirstFactor, firstFactorOf, secondFactorStepOf } from './first-factor.ts'
import type { InteractionParts } from './interactions.ts'
import { showSignIn } from './sign-in.ts'
import type { InteractionRequest, Step, Steps } from './steps.ts'

/** How each shows in `amr` (RFC 8176, and ours for recovery codes and passkeys). */
const methods: Record<FactorKind, string> = { totp: 'otp', 'recovery-code': 'rc', passkey: 'webauthn' }

/** What follows a password where the account has more than that (UX-08): a code from the app, a recovery code, or a passkey. */
export const secondFactorSteps = (parts: InteractionParts): Steps => ({
  [secondFactorStepOf.totp]: secondFactorStep(parts, 'totp'),
  [secondFactorStepOf['recovery-code']]: secondFactorStep(parts, 'recovery-code'),
  [secondFactorStepOf.passkey]: secondFactorStep(parts, 'passkey'),
})

function secondFactorStep(parts: InteractionParts, kind: FactorKind): Step {
  return {
    prompt: 'login',
    show(request) {
      const first = firstFactorOf(request, parts)
      // Without a first factor there is nothing to add a second to.
      return first ? showPage(request, parts, { kind, first }) : showSignIn(request, parts)
    },
    async submit(request) {
      const { context, options } = request
      const first = firstFactorOf(request, parts)
      if (!first) {
        context.status = 400
        const alert = text(options.language, 'firstFactorGone')
        context.body = await showSignIn(request, parts, { alert })
        return
      }
      const result = await check(request, parts, { kind, first })
      if (!result.passed) return refuse(request, parts, { kind, first, result })
      const { accountId, amr } = first
      await finishSignIn(request, { accountId, amr: [...amr, methods[kind], 'mfa'] })
    },
  }
}

type Shown = { kind: FactorKind; first: FirstFactor }

async function check(
  request: InteractionRequest,
  { secondFactors, database }: InteractionParts,
  { kind, first: { accountId } }: Shown,
): Promise<CodeResult> {
  const { form, address } = request
  if (kind !== 'passkey') {
    const code = (form.get('code') ?? '').slice(0, 100)
    return secondFactors.check({ accountId, kind, code, address })
  }
  const response = form.get('response') ?? ''
  return database.transaction(async (tx) => {
    const purpose = purposeOf(request, accountId)
    const passed = Boolean(await secondFactors.passkeys.use(tx, { response, purpose, accountId }))
    const outcome = passed ? 'done' : 'refused'
    const entry = { actor: accountId, target: accountId, outcome, address, details: { kind } } as const
    await writeAudit(tx, { action: 'second-factor', ...entry })
    return { passed }
  })
}

async function showPage(
  request: InteractionRequest,
  { secondFactors }: InteractionParts,
  { kind, first: { accountId }, alert }: Shown & { alert?: string },
): Promise<string> {
  const others = (await secondFactors.of(accountId)).filter((other) => other !== kind)
  const page: SecondFactorPage = {
    ...request.options,
    alert,
    step: secondFactorStepOf[kind],
    others: others.map((other) => ({ kind: other, step: secondFactorStepOf[other] })),
  }
  if (kind !== 'passkey') return codePage(page, kind)
  const asked = await secondFactors.passkeys.signInOptions(purposeOf(request, accountId), accountId)
  return passkeyPage(page, asked)
}

/** A wrong code, one that was used and one of another account look alike. */
async function refuse(
  request: InteractionRequest,
  parts: InteractionParts,
  { result, ...shown }: Shown & { result: Exclude<CodeResult, { passed: true }> },
): Promise<void> {
  const { context, options } = request
  const { wait } = result
  const wrong = shown.kind === 'passkey' ? 'passkeyRefused' : 'wrongCode'
  const alert = wait
    ? text(options.language, 'tooMany', { minutes: Math.ceil(wait / 60) })
    : text(options.language, wrong)
  context.status = wait ? 429 : 400
  if (wait) context.set('retry-after', String(wait))
  context.body = await showPage(request, parts, { ...shown, alert })
}

/** A challenge counts for this interaction and this account alone. */
const purposeOf = ({ details }: InteractionRequest, accountId: string) =>
  `second factor of ${accountId} in ${details.uid}`
