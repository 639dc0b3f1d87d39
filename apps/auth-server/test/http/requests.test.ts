import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { formsOf } from '../harness/browser.ts'
import { type Cluster, startCluster } from '../harness/cluster.ts'
import { createParty } from '../harness/party.ts'

let plain: Cluster
let proxied: Cluster
beforeAll(async () => {
  ;[plain, proxied] = await Promise.all([startCluster(), startCluster({ env: { TRUST_PROXY: 'true' } })])
})
afterAll(() => Promise.all([plain.close(), proxied.close()]))

const traceId = /^[0-9a-f]{32}$/

/** What `fetch` does not let a test send: a Host of its own. */
function metadata(cluster: Cluster, headers: Record<string, string>): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const options = {
    host: '127.0.0.1',
    port: new URL(cluster.issuer).port,
    path: '/.well-known/openid-configuration',
  }
  const outgoing = request({ ...options, headers }, async (response) => {
    resolve(Buffer.concat(await response.toArray()).toString())
  })
  outgoing.on('error', reject).end()
  return promise
}

test.each([
  ['behind a proxy', true],
  ['alone', false],
])('AS-34 no header of a client changes a URL of the metadata, %s', async (_, behindProxy) => {
  const cluster = behindProxy ? proxied : plain
  const forged = {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'host=evil.example',
  }
  const document = await metadata(cluster, forged)
  expect(document).not.toMatch(/evil/)
  for (const [name, value] of Object.entries(JSON.parse(document)))
    if (name.endsWith('_endpoint') || name === 'jwks_uri') expect(value).toMatch(`${cluster.issuer}/`)
})

test('AS-34 behind a proxy the limit counts the address that the proxy saw, not those that a client claims', async () => {
  const { browser, attempt } = createParty(proxied)
  const form = await browser.open((await attempt()).url)
  const hidden = formsOf(form.text).find(({ action }) => action.endsWith('/sign-in'))?.hidden ?? {}
  for (const claimed of ['203.0.113.9', '203.0.113.10'])
    await browser.post(
      `${new URL(form.url).pathname}/sign-in`,
      { ...hidden, email: 'forged@example.com', password: 'wrong' },
      { 'x-forwarded-for': `${claimed}, 198.51.100.4` },
    )
  const rows = await proxied.sql<{ address: string }>(
    `select distinct address from sign_in_failure where account = 'forged@example.com'`,
  )
  expect(rows).toEqual([{ address: '198.51.100.4' }])
})

test('every answer continues its trace, which the audit trail and the log keep', async () => {
  const { browser, attempt, enter } = createParty(plain)
  const given = 'a'.repeat(32)
  const form = await browser.open((await attempt()).url, { traceparent: `00-${given}-${'b'.repeat(16)}-01` })
  expect(form.headers.get('trace-id')).toBe(given)
  const page = await enter(form, 'customer@alicerce.test', 'wrong')
  const own = page.headers.get('trace-id')
  expect(own).toMatch(traceId)
  expect(await plain.sql('select from audit_event where trace_id = $1', [own])).toHaveLength(1)
  const metrics = await (await fetch(`${plain.servers[0]?.adminUrl}/metrics`)).text()
  expect(metrics).toContain('http_route="/interaction/:uid/sign-in",http_request_method="POST"')
  expect(metrics).not.toContain(new URL(form.url).pathname)
})

test('AS-14 AS-16 AS-39 a failure of ours is a page with its headers and a trace id, and no word of the cause', async () => {
  const { browser, attempt, enter } = createParty(plain)
  const form = await browser.open((await attempt()).url)
  await plain.sql('alter table sign_in_failure rename to away')
  const page = await enter(form)
  await plain.sql('alter table away rename to sign_in_failure')
  expect(page.status).toBe(500)
  expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  expect(page.headers.get('cache-control')).toContain('no-store')
  expect(page.text).toContain('<h1>This did not work</h1>')
  expect(page.text).toContain(page.headers.get('trace-id') as string)
  expect(page.text).not.toMatch(/sign_in_failure|relation/)
  expect((await enter(form)).location).toBeTruthy()
})

test('a page that does not exist says so, to people and to programs', async () => {
  const { browser } = createParty(plain)
  const page = await browser.open('/nowhere')
  expect([page.status, page.text]).toEqual([404, expect.stringContaining('<h1>There is no such page</h1>')])
  const answer = await fetch(`${plain.issuer}/nowhere`, { headers: { accept: 'application/json' } })
  expect([answer.status, await answer.json()]).toEqual([404, { error: 'not_found' }])
})
