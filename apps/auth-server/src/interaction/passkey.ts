import { writeAudit } from '#src/audit/audit.ts'
import { text } from '#src/pages/texts.ts'
import { finishSignIn } from './finish.ts'
import type { InteractionParts } from './interactions.ts'
import { passkeyPurpose, showSignIn } from './sign-in.ts'
import type { InteractionRequest, Steps } from './steps.ts'

/** Signs in with a passkey alone: the authenticator has recognised its owner, so that it is two factors. */
export const passkeySteps = (parts: InteractionParts): Steps => ({
  passkey: { prompt: 'login', submit: (request) => signInWithPasskey(request, parts) },
})

async function signInWithPasskey(request: InteractionRequest, parts: InteractionParts): Promise<void> {
  const { form, context, address, options } = request
  const { database, secondFactors, accounts } = parts
  const response = form.get('response') ?? ''
  const accountId = await database.transaction(async (tx) => {
    const owner = await secondFactors.passkeys.use(tx, { response, purpose: passkeyPurpose(request) })
    if (!owner || !(await accounts.noteSignIn(tx, owner))) return undefined
    const entry = {
      actor: owner,
      target: owner,
      outcome: 'done',
      address,
      details: { kind: 'passkey' },
    } as const
    await writeAudit(tx, { action: 'sign-in', ...entry })
    return owner
  })
  if (accountId) return finishSignIn(request, { accountId, amr: ['webauthn', 'mfa'] })
  context.status = 400
  context.body = await showSignIn(request, parts, { alert: text(options.language, 'passkeyRefused') })
}
