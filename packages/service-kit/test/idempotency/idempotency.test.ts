import { setTimeout as sleep } from 'node:timers/promises'
import { createDatabase, type Database } from '@alicerce/database'
import { capturedLog, createTestDatabase, fakeClock } from '@alicerce/testing'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { conflict, createIdempotency, idempotencyMigration, problems } from '#src/index.ts'
import { ask, startService, stopAll, Thing } from '../fixtures.ts'

const clock = fakeClock(Date.now())
let database: Database<unknown>
let url = ''
let effects = 0
let failing = false

beforeAll(async () => {
  const test = await createTestDatabase({ migrations: { '1': idempotencyMigration } })
  database = createDatabase({ url: test.url, applicationName: 'test', log: capturedLog() })
  const idempotency = createIdempotency({ database, clock })
  const service = await startService(
    (app) => {
      const config = { policy: { user: true }, idempotencyKey: true }
      const schema = { body: Thing, response: { 201: Thing, ...problems(409) } }
      app.post('/things', { config, schema }, (request, reply) =>
        idempotency.run(request, reply, async () => {
          await sleep(request.body.size)
          effects += 1
          if (failing) throw conflict('Not now.')
          return { status: 201, headers: { location: `/things/${effects}` }, body: request.body }
        }),
      )
    },
    { close: database.close },
  )
  url = service.url
})
afterAll(stopAll)

function post(key: string, size = 1, sub = 'ana') {
  const headers = { authorization: `Bearer ${sub} - -`, 'idempotency-key': key }
  return ask(`${url}/things`, { method: 'POST', headers, json: { id: 'a', size } })
}

test('SV-12 a repeat gets the first answer without a second effect', async () => {
  const first = await post('once')
  const before = effects
  const again = await post('"once"')
  expect([again.status, again.body]).toEqual([201, first.body])
  expect(again.headers.get('location')).toBe(first.headers.get('location'))
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  expect(effects).toBe(before)
})

test('SV-14 while the first still runs → 409 with Retry-After', async () => {
  const first = post('slow', 500)
  await sleep(200)
  const early = await post('slow', 500)
  expect([early.status, early.body.code]).toEqual([409, 'idempotency-key-in-use'])
  expect(early.headers.get('retry-after')).toBe('1')
  expect((await first).status).toBe(201)
})

test('SV-16 a failed attempt leaves the key usable', async () => {
  failing = true
  expect((await post('again')).status).toBe(409)
  failing = false
  expect((await post('again')).status).toBe(201)
})

test('SV-11 SV-13 SV-15 no key, a useless key, another body, another caller', async () => {
  expect((await post('')).status).toBe(400)
  expect((await post('k'.repeat(256))).status).toBe(400)
  expect((await post('mine')).status).toBe(201)
  expect((await post('mine', 2)).status).toBe(422)
  expect((await post('mine', 2, 'simon')).status).toBe(201)
})

test('SV-16 a key is kept for 24 hours, then it is new again and its row is cleared away', async () => {
  const first = await post('daily')
  clock.advance(24 * 60 * 60 * 1000 + 1)
  const next = await post('daily', 3)
  expect([first.status, next.status]).toEqual([201, 201])
  const { rows } = await sql<{ count: number }>`
    select count(*)::int from idempotency_keys where expires_at <= ${new Date(clock.now())}`.execute(
    database.query,
  )
  expect(rows[0]?.count).toBe(0)
})
