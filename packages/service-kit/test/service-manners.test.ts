import { createTestDatabase } from '@alicerce/testing'
import { afterAll, beforeAll } from 'vitest'
import { serviceManners } from '#src/test-suite/service-manners.ts'
import { ask, startService, stopAll } from './fixtures.ts'
import { createNotes, migrations } from './reference-service.ts'

let service: Awaited<ReturnType<typeof startService>>
let notes: ReturnType<typeof createNotes>
const able = 'clara notes:read,notes:write -'

beforeAll(async () => {
  const { url } = await createTestDatabase({ migrations })
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  notes = createNotes({ url, log })
  service = await startService(notes.addRoutes, {
    telemetry: notes.telemetry,
    readiness: { database: notes.database.ping },
    close: notes.database.close,
  })
  for (const number of [1, 2, 3, 4, 5]) await create(number)
})
afterAll(stopAll)

async function create(number: number): Promise<string> {
  const headers = { authorization: `Bearer ${able}`, 'idempotency-key': `sample-${number}` }
  const answer = await ask(`${service.url}/notes`, {
    method: 'POST',
    headers,
    json: { text: `note ${number}` },
  })
  return answer.headers.get('location') ?? ''
}

serviceManners({
  service: () => service,
  tokens: {
    able: async () => able,
    other: async () => 'simon notes:read,notes:write -',
    powerless: async () => 'clara nothing -',
    refused: { signature: async () => 'forged' },
  },
  protectedPath: '/notes',
  logText: () => service.log.text(),
  change: { path: () => create(6), method: 'PUT', body: (number) => ({ text: `changed ${number}` }) },
  create: { path: '/notes', body: (number) => ({ text: `body ${number}` }) },
  list: { path: '/notes', filter: 'text=other' },
})
