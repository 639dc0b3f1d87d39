import { writeAudit } from '#src/audit/audit.ts'
import { devicesPage } from '#src/pages/account/devices-page.ts'
import { type CentrePages, type CentreParts, type CentreRequest, goTo } from './centre-page.ts'

type DeviceParts = Pick<CentreParts, 'database' | 'sessions'>

/** Where the person is signed in. Whatever is ended here is refused everywhere at once. */
export const devicePages = (parts: DeviceParts): CentrePages => ({
  devices: {
    async show({ options, person }) {
      const sessions = await parts.sessions.list(person.account.id)
      return devicesPage(options, { sessions, here: person.sessionId })
    },
  },
  'end-session': { back: 'devices', submit: (request) => endOne(request, parts) },
  'end-other-sessions': { back: 'devices', submit: (request) => endOthers(request, parts) },
})

async function endOne(request: CentreRequest, { database, sessions }: DeviceParts): Promise<void> {
  const { form, person, address } = request
  const { id } = person.account
  const wasThere = await database.transaction(async (tx) => {
    if (!(await sessions.end(tx, id, form.get('id') ?? ''))) return false
    await writeAudit(tx, { action: 'end-session', actor: id, target: id, outcome: 'done', address })
    return true
  })
  goTo(request, 'devices', wasThere ? 'session-ended' : undefined)
}

async function endOthers(request: CentreRequest, { database, sessions }: DeviceParts): Promise<void> {
  const { person, address } = request
  const { id } = person.account
  await database.transaction(async (tx) => {
    await sessions.endAll(tx, id, { except: person.sessionId })
    await writeAudit(tx, { action: 'end-other-sessions', actor: id, target: id, outcome: 'done', address })
  })
  goTo(request, 'devices', 'sessions-ended')
}
