import { writeAudit } from '#src/audit/audit.ts'
import { appsPage } from '#src/pages/account/apps-page.ts'
import { type CentrePages, type CentreParts, type CentreRequest, goTo } from './centre-page.ts'

type AppParts = Pick<CentreParts, 'database' | 'consents' | 'clients'>

/** The apps that are not ours and that the person has let in. */
export const appPages = (parts: AppParts): CentrePages => ({
  apps: {
    async show({ options, person }) {
      const given = await parts.consents.list(person.account.id)
      const apps = await Promise.all(
        given.map(async (consent) => {
          const client = await parts.clients.find(consent.clientId)
          return { ...consent, name: client?.metadata.client_name ?? consent.clientId }
        }),
      )
      return appsPage(options, apps)
    },
  },
  'disconnect-app': { back: 'apps', submit: (request) => disconnect(request, parts) },
})

async function disconnect(request: CentreRequest, { database, consents }: AppParts): Promise<void> {
  const { form, person, address } = request
  const { id } = person.account
  const clientId = form.get('id') ?? ''
  if (!(await consents.find(id, clientId))) return goTo(request, 'apps')
  await database.transaction(async (tx) => {
    await consents.revoke(tx, id, clientId)
    const entry = { actor: id, target: id, outcome: 'done', address, details: { clientId } } as const
    await writeAudit(tx, { action: 'revoke-consent', ...entry })
  })
  goTo(request, 'apps', 'app-disconnected')
}
