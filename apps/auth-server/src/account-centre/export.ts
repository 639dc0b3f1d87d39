import { externalIdentities } from '#src/external-sign-in/identities.ts'
import { exportPage } from '#src/pages/account/farewell-pages.ts'
import { wholeActivity } from './activity.ts'
import type { CentrePages, CentreParts, CentreRequest } from './centre-page.ts'

type ExportParts = Pick<CentreParts, 'database' | 'secondFactors' | 'sessions' | 'consents' | 'auditLog'>

/** Everything that this server holds about somebody, as one file. Secrets are not in it, not even as hashes. */
export const exportPages = (parts: ExportParts): CentrePages => ({
  export: {
    sensitive: true,
    show: ({ options }) => exportPage(options),
    async submit(request) {
      const { context } = request
      context.type = 'json'
      context.attachment('alicerce-account.json')
      context.body = `${JSON.stringify(await everythingOf(request, parts), null, 2)}\n`
    },
  },
})

async function everythingOf(
  { person }: CentreRequest,
  { database, secondFactors, sessions, consents, auditLog }: ExportParts,
) {
  const { version: _version, ...account } = person.account
  const { id } = account
  const [factors, passkeys, recoveryCodesLeft] = await Promise.all([
    secondFactors.of(id),
    secondFactors.passkeys.list(id),
    secondFactors.recoveryCodes.left(id),
  ])
  return {
    account,
    authenticatorApp: factors.includes('totp'),
    recoveryCodesLeft,
    passkeys: passkeys.map(({ id: _id, ...passkey }) => passkey),
    signInElsewhere: await externalIdentities.list(database, id),
    sessions: await sessions.list(id),
    connectedApps: await consents.list(id),
    activity: await wholeActivity(auditLog, id),
  }
}
