import { afterAll, beforeAll, expect, test } from 'vitest'
import { ids, signInToApi } from '../harness/api.ts'
import { type Cluster, startCluster } from '../harness/cluster.ts'
import { createParty, isAlive } from '../harness/party.ts'

let cluster: Cluster
let api: Awaited<ReturnType<typeof signInToApi>>
beforeAll(async () => {
  cluster = await startCluster()
  api = await signInToApi(cluster)
})
afterAll(() => cluster.close())

const path = '/administration/clients'
const settings = {
  name: 'Nightly report',
  applicationType: 'web',
  authentication: 'client_secret_basic',
  grantTypes: ['authorization_code', 'refresh_token', 'client_credentials'],
  redirectUris: ['https://report.example/callback'],
  postLogoutRedirectUris: [],
  scopes: ['openid', 'profile'],
  apiScopes: ['orders:read'],
  firstParty: true,
  profile: 'oauth2.1',
  dpopBound: false,
  requirePar: false,
  jwksUri: null,
  jwks: null,
  backchannelLogoutUri: null,
  homepage: null,
}
const create = (changes: object = {}, token?: string) =>
  api.call(path, { method: 'POST', body: { ...settings, ...changes }, ...(token && { token }) })
const change = (what: string, method: string, body?: unknown, tag?: string) =>
  api.call(`${path}/${what}`, { method, ...(body !== undefined && { body }), ...(tag && { tag }) })
const tagOf = async (id: string) => (await api.call(`${path}/${id}`)).headers.get('etag') as string

async function machineToken(id: string, secret: string) {
  const basic = Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')
  const response = await fetch(`${cluster.issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'orders:read' }),
  })
  return {
    status: response.status,
    body: (await response.json()) as { access_token: string; error?: string },
  }
}

test('UX-21 an administrator makes a client, which signs people in; its secret is shown once and kept nowhere', async () => {
  const { status, body, headers } = await create()
  const { id } = body.client
  expect([status, headers.get('location')]).toEqual([201, `${path}/${id}`])
  expect(body.secret).toMatch(/^[\w-]{43}$/)
  expect((await machineToken(id, body.secret)).status).toBe(200)
  expect((await machineToken(id, `${body.secret}x`)).body.error).toBe('invalid_client')
  const shown = await api.call(`${path}/${id}`)
  expect(shown.body).toMatchObject({ id, settings, disabled: false, configured: false })
  const audit = await cluster.sql(`select * from audit_event where target = $1`, [id])
  const rows = await cluster.sql(`select * from oauth_client where client_id = $1`, [id])
  for (const text of [shown.text, JSON.stringify(audit), JSON.stringify(rows), cluster.log.text()])
    expect(text).not.toContain(body.secret)
  expect(audit).toMatchObject([{ action: 'create-client', actor: ids.administrator }])
})

test('a customer, and somebody without the scope, neither see nor change clients', async () => {
  expect((await api.call(path, { token: api.customer })).status).toBe(403)
  expect((await create({}, api.customer)).status).toBe(403)
  const { access_token } = await createParty(cluster).signIn('admin@alicerce.test', {
    scope: 'openid accounts:manage',
  })
  expect((await create({}, access_token)).body).toMatchObject({ status: 403, scope: 'clients:manage' })
})

test('unsafe settings are refused, all of them and each at its field', async () => {
  const { status, body } = await create({
    redirectUris: [
      'https://good.example/',
      'http://evil.example/',
      'https://good.example/#f',
      'https://a:b@good.example/',
    ],
    postLogoutRedirectUris: ['javascript:alert(1)'],
    jwks: { keys: [{ kty: 'EC', d: 'private' }] },
  })
  expect(status).toBe(400)
  expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
    '#/redirectUris/1',
    '#/redirectUris/2',
    '#/redirectUris/3',
    '#/postLogoutRedirectUris/0',
    '#/jwks',
  ])
  const unfit = await create({ authentication: 'private_key_jwt' })
  expect([unfit.status, unfit.body.detail]).toEqual([400, expect.stringContaining('jwks')])
  expect((await create({ client_id: 'web' })).status).toBe(400)
  expect((await create({ grantTypes: ['implicit'] })).status).toBe(400)
})

test('SV-07 SV-08 SV-09 each change needs the version that it means, and of several at once one is done', async () => {
  const { id } = (await create()).body.client
  const body = { ...settings, name: 'Daily report' }
  for (const [what, method, sent] of [
    [id, 'PUT', body],
    [`${id}/status`, 'PUT', { disabled: true }],
    [`${id}/secret`, 'POST', undefined],
    [id, 'DELETE', undefined],
  ]) {
    expect((await change(what, method, sent)).status).toBe(428)
    expect((await change(what, method, sent, '"99"')).status).toBe(412)
  }
  const tag = await tagOf(id)
  const answers = await Promise.all([1, 2, 3].map(() => change(id, 'PUT', body, tag)))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412])
  expect((await api.call(`${path}/${id}`)).body).toMatchObject({
    settings: body,
    disabled: false,
    version: 2,
  })
})

test('a new secret counts at once, and the old one for a day more', async () => {
  const { client, secret } = (await create()).body
  const rotated = await change(`${client.id}/secret`, 'POST', undefined, await tagOf(client.id))
  expect(rotated.body.secret).not.toBe(secret)
  expect((await machineToken(client.id, rotated.body.secret)).status).toBe(200)
  expect((await machineToken(client.id, secret)).status).toBe(200)
  expect((await api.call(`${path}/${client.id}`)).body.secrets).toEqual([
    expect.objectContaining({ expiresAt: null }),
    expect.objectContaining({ expiresAt: expect.any(String) }),
  ])
  cluster.advance(25 * 3_600_000)
  expect((await machineToken(client.id, secret)).body.error).toBe('invalid_client')
  cluster.advance(-25 * 3_600_000)
  const publicClient = (await create({ authentication: 'none', grantTypes: ['authorization_code'] })).body
  expect(publicClient.secret).toBe(null)
  const none = await change(
    `${publicClient.client.id}/secret`,
    'POST',
    undefined,
    await tagOf(publicClient.client.id),
  )
  expect([none.status, none.body.code]).toEqual([409, 'no-secret'])
})

test('a disabled client gets nothing, what it had is refused, and enabled it gets tokens again', async () => {
  const { client, secret } = (await create({ authentication: 'client_secret_post' })).body
  const redirect = 'https://report.example/callback'
  const party = createParty(cluster, { client: client.id, redirect })
  const { fields } = await party.code('customer@alicerce.test', { scope: 'openid orders:read' })
  const tokens = (await party.token({ ...fields, client_secret: secret })).body
  expect(await isAlive(cluster, tokens.access_token as string)).toBe(true)
  const status = `${client.id}/status`
  expect((await change(status, 'PUT', { disabled: true }, await tagOf(client.id))).body.disabled).toBe(true)
  await expect.poll(() => isAlive(cluster, tokens.access_token as string)).toBe(false)
  const refused = await party.refresh(tokens.refresh_token as string, { client_secret: secret })
  expect(refused.body.error).toBe('invalid_client')
  await change(status, 'PUT', { disabled: false }, await tagOf(client.id))
  const dead = await party.refresh(tokens.refresh_token as string, { client_secret: secret })
  expect(dead.body.error).toBe('invalid_grant')
  expect((await change(client.id, 'DELETE', undefined, await tagOf(client.id))).status).toBe(204)
  expect((await api.call(`${path}/${client.id}`)).status).toBe(404)
})

test('a client of the configuration is shown and cannot be changed here', async () => {
  const shown = await api.call(`${path}/web`)
  expect(shown.body).toMatchObject({ id: 'web', configured: true, secrets: [] })
  const { status, body } = await change('web', 'PUT', settings, shown.headers.get('etag') as string)
  expect([status, body.code]).toEqual([409, 'configured-client'])
  expect((await api.call(`${path}/confidential`)).text).not.toContain('secretHashes')
})

test('SV-17 pages of clients neither skip nor repeat; a search looks into ids and names', async () => {
  for (let index = 0; index < 4; index++) await create({ name: `Paged ${index}` })
  const seen: string[] = []
  let cursor: string | null = null
  do {
    const query = new URLSearchParams({ search: 'paged', limit: '3', ...(cursor && { cursor }) })
    const { body } = await api.call(`${path}?${query}`)
    seen.push(...body.items.map(({ settings }: { settings: { name: string } }) => settings.name))
    cursor = body.nextCursor
  } while (cursor)
  expect(seen.toSorted()).toEqual(['Paged 0', 'Paged 1', 'Paged 2', 'Paged 3'])
  const { items } = (await api.call(`${path}?search=foreign`)).body
  expect(items.map(({ id }: { id: string }) => id)).toEqual(['foreign'])
})

test.each([
  ['https://report.example/callback', true, null],
  ['https://report.example/callback/', false, 'registered'],
  ['https://report.example/Callback', false, 'registered'],
  ['https://report.example/callback?x=1', false, 'registered'],
  ['https://report.example:443/callback', false, 'registered'],
  ['https://report.example.evil.example/callback', false, 'registered'],
  ['https://report.example/callback#x', false, 'fragment'],
  ['https://a:b@report.example/callback', false, 'userinfo'],
  ['http://report.example/callback', false, 'scheme'],
  ['javascript:alert(1)', false, 'scheme'],
  ['/callback', false, 'absolute'],
])('the test of a redirect URI says of %s what the server does with it', async (uri, accepted, rule) => {
  const { client } = (await create({ authentication: 'none', grantTypes: ['authorization_code'] })).body
  const { body } = await api.call(`${path}/${client.id}/redirect-uri-test`, { method: 'POST', body: { uri } })
  expect(body).toMatchObject({ accepted, rule })
  if (rule === 'registered') expect(body.nearest).toBe('https://report.example/callback')
  const party = createParty(cluster, { client: client.id, redirect: uri })
  const page = await party.browser.open((await party.attempt()).url)
  expect(page.status < 400).toBe(accepted)
})

test('a native client is reached on any loopback port', async () => {
  const native = {
    applicationType: 'native',
    authentication: 'none',
    grantTypes: ['authorization_code'],
    redirectUris: ['http://127.0.0.1/callback'],
  }
  const { client } = (await create(native)).body
  const uri = 'http://127.0.0.1:51234/callback'
  const { body } = await api.call(`${path}/${client.id}/redirect-uri-test`, { method: 'POST', body: { uri } })
  expect(body).toEqual({ accepted: true, rule: null, nearest: null })
  const party = createParty(cluster, { client: client.id, redirect: uri })
  expect((await party.browser.open((await party.attempt()).url)).status).toBeLessThan(400)
})

test('consents of a person are listed and taken back, which ends the tokens of that client', async () => {
  const party = createParty(cluster, { client: 'foreign', redirect: 'https://other.example/callback' })
  const first = await party.attempt()
  const asked = await party.enter(await party.browser.open(first.url))
  const page = await party.browser.submit(asked, '/consent', { decision: 'allow' })
  const tokens = (await party.token(party.codeFields(first, page))).body
  const list = `/accounts/${ids.customer}/consents`
  expect((await api.call(list)).body.items).toEqual([
    expect.objectContaining({
      clientId: 'foreign',
      clientName: 'Other shop',
      scopes: expect.arrayContaining(['orders:read']),
    }),
  ])
  expect((await api.call(list, { token: api.customer })).status).toBe(403)
  const revoke = () => api.call(`${list}/foreign`, { method: 'DELETE' })
  expect((await revoke()).status).toBe(204)
  expect((await revoke()).status).toBe(404)
  expect((await api.call(list)).body.items).toEqual([])
  await expect.poll(() => isAlive(cluster, tokens.access_token as string)).toBe(false)
  expect((await party.refresh(tokens.refresh_token as string)).body.error).toBe('invalid_grant')
})
