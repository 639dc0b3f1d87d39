import { writeAudit } from '#src/audit/audit.ts'
import { consentPage } from '#src/pages/sign-in-page.ts'
import type { InteractionParts } from './interactions.ts'
import type { InteractionRequest, Steps } from './steps.ts'

type ConsentParts = Pick<InteractionParts, 'database' | 'consents'>
type Details = InteractionRequest['details']
type MissingScopes = { missingOIDCScope?: string[]; missingResourceScopes?: Record<string, string[]> }

/** Asks what a client that is not ours may do. */
export const consentSteps = (parts: ConsentParts): Steps => ({
  consent: {
    prompt: 'consent',
    show: ({ options, details }) => consentPage({ ...options, scopes: askedScopes(details) }),
    submit: (request) => decideConsent(request, parts),
  },
})

/** The scopes that the person has not granted to this client yet. */
function missingScopes({ prompt }: Details): string[] {
  const { missingOIDCScope = [], missingResourceScopes = {} } = prompt.details as MissingScopes
  return [...missingOIDCScope, ...Object.values(missingResourceScopes).flat()]
}

/** An app on a device asks again each time, since another app could pose as it (RFC 8252 §8.6): then all scopes are shown. */
function askedScopes(details: Details): string[] {
  const missing = missingScopes(details)
  return missing.length > 0 ? missing : String(details.params.scope ?? '').split(' ')
}

/** Grants what was asked for, in the grant that the session has with the client (F-10), or tells the client «access_denied». */
async function decideConsent(
  { provider, context, details, form, address }: InteractionRequest,
  { database, consents }: ConsentParts,
): Promise<void> {
  context.respond = false
  if (form.get('decision') !== 'allow') {
    const refusal = { error: 'access_denied', error_description: 'The person did not allow it' }
    return provider.interactionFinished(context.req, context.res, refusal, { mergeWithLastSubmission: false })
  }
  const { params, session, grantId } = details
  const known = grantId ? await provider.Grant.find(grantId) : undefined
  const grant =
    known ??
    new provider.Grant({ clientId: String(params.client_id), accountId: session?.accountId as string })
  const { missingOIDCScope, missingResourceScopes = {} } = details.prompt.details as MissingScopes
  if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope.join(' '))
  for (const [resource, scopes] of Object.entries(missingResourceScopes))
    grant.addResourceScope(resource, scopes.join(' '))
  const actor = session?.accountId as string
  const target = String(params.client_id)
  const scopes = missingScopes(details)
  await database.transaction(async (tx) => {
    await consents.allow(tx, actor, target, scopes)
    await writeAudit(tx, {
      action: 'allow-client',
      actor,
      target,
      outcome: 'done',
      address,
      details: { scopes },
    })
  })
  const consent = { grantId: await grant.save() }
  await provider.interactionFinished(context.req, context.res, { consent }, { mergeWithLastSubmission: true })
}
