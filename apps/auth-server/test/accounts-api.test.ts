import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cluster, startCluster } from './harness/cluster.ts'
import { claimsOf, createParty, isAlive } from './harness/party.ts'

let cluster: Cluster
let admin: string
beforeAll(async () => {
  cluster = await startCluster({ instances: 2 })
  admin = (await createParty(cluster).signIn('admin@alicerce.test')).access_token
})
afterAll(() => cluster.close())

const customer = '00000000-0000-7000-8000-000000000001'
const support = '00000000-0000-7000-8000-000000000002'
const administrator = '00000000-0000-7000-8000-000000000003'

async function call(
  path: string,
  options: { token?: string; method?: string; body?: unknown; tag?: string } = {},
) {
  const { token = admin, method = 'GET', body, tag } = options
  const response = await fetch(`${cluster.issuer}${path}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(tag && { 'if-match': tag }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined }
}

const put = (id: string, what: 'roles' | 'status', body: unknown, tag?: string) =>
  call(`/accounts/${id}/${what}`, { method: 'PUT', body, ...(tag && { tag }) })
const tagOf = async (id: string) => (await call(`/accounts/${id}`)).headers.get('etag') as string

test('an administrator reads an account, with its version as entity tag', async () => {
  const { status, body, headers } = await call(`/accounts/${customer}`)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    id: customer,
    email: 'customer@alicerce.test',
    status: 'active',
    roles: ['customer'],
  })
  expect(headers.get('etag')).toBeTruthy()
  expect(headers.get('trace-id')).toMatch(/^[0-9a-f]{32}$/)
  expect(JSON.stringify(body)).not.toMatch(/password|hash/)
  expect((await call('/accounts/00000000-0000-7000-8000-00000000ffff')).status).toBe(404)
  expect((await call('/accounts/unreadable')).status).toBe(400)
})

test('the account API answers 401 without a token and 403 without role or scope', async () => {
  const none = await call(`/accounts/${customer}`, { token: '' })
  expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Bearer/)])
  const { access_token } = await createParty(cluster).signIn()
  expect((await call(`/accounts/${customer}`, { token: access_token })).status).toBe(403)
  const narrow = await createParty(cluster).signIn('admin@alicerce.test', { scope: 'openid orders:read' })
  const refused = await call(`/accounts/${customer}`, { token: narrow.access_token })
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
    403,
    expect.stringContaining('insufficient_scope'),
  ])
})

test('SV-08 a change needs the version that it means: 428 without, 412 with an old one', async () => {
  const tag = await tagOf(support)
  expect((await put(support, 'roles', { roles: ['customer'] })).status).toBe(428)
  const done = await put(support, 'roles', { roles: ['customer', 'support'] }, tag)
  expect(done.status).toBe(200)
  expect(done.headers.get('etag')).not.toBe(tag)
  const stale = await put(support, 'roles', { roles: ['customer'] }, tag)
  expect([stale.status, stale.headers.get('content-type')]).toEqual([
    412,
    expect.stringContaining('problem+json'),
  ])
  const [one, two] = await Promise.all([
    put(support, 'roles', { roles: ['customer'] }, done.headers.get('etag') as string),
    put(support, 'roles', { roles: ['support'] }, done.headers.get('etag') as string),
  ])
  expect([one.status, two.status].sort()).toEqual([200, 412])
})

test('an administrator keeps his own role and his own account', async () => {
  const tag = await tagOf(administrator)
  expect((await put(administrator, 'roles', { roles: ['customer'] }, tag)).status).toBe(409)
  expect((await put(administrator, 'status', { status: 'disabled' }, tag)).status).toBe(409)
})

test('a body with unknown roles or members is refused', async () => {
  const tag = await tagOf(support)
  expect((await put(support, 'roles', { roles: ['emperor'] }, tag)).status).toBe(400)
  expect((await put(support, 'roles', { roles: ['customer'], email: 'x@example.com' }, tag)).status).toBe(400)
})

test('a change of roles is in the next refreshed token, and announced', async () => {
  const { signIn, refresh } = createParty(cluster)
  const { refresh_token } = await signIn()
  const { body } = await put(customer, 'roles', { roles: ['customer', 'support'] }, await tagOf(customer))
  const next = await refresh(refresh_token)
  expect(claimsOf(next.body.access_token as string).roles).toEqual(['customer', 'support'])
  await expect
    .poll(() =>
      cluster.events.find(
        ({ subject, data }) => subject === customer && (data as { version: number }).version === body.version,
      ),
    )
    .toMatchObject({ type: 'account.changed', subject: customer, data: { roles: ['customer', 'support'] } })
})

test('AS-22 F-09 a disabled account is out at once, cannot sign in, and can when it is active again', async () => {
  const party = createParty(cluster)
  const tokens = await party.signIn('support@alicerce.test')
  const revocations: { kind: string; value: string }[] = []
  const feed = await cluster.backplane.revocations.subscribe((revocation) => revocations.push(revocation))
  expect(
    (await put(support, 'status', { status: 'disabled', reason: 'left' }, await tagOf(support))).status,
  ).toBe(200)
  await expect
    .poll(() => revocations)
    .toContainEqual(expect.objectContaining({ kind: 'subject', value: support }))
  await feed.close()
  expect(await isAlive(cluster, tokens.access_token)).toBe(false)
  expect((await party.refresh(tokens.refresh_token)).body.error).toBe('invalid_grant')
  const silent = await party.browser.open((await party.attempt({ prompt: 'none' })).url)
  expect(silent.location?.searchParams.get('error')).toBe('login_required')
  const refused = await party.enter(
    await party.browser.open((await party.attempt()).url),
    'support@alicerce.test',
  )
  expect([refused.status, refused.location]).toEqual([400, undefined])
  expect(refused.text).toContain('E-mail and password do not belong together.')
  await put(support, 'status', { status: 'active' }, await tagOf(support))
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  const back = await createParty(cluster).signIn('support@alicerce.test')
  expect(await isAlive(cluster, back.access_token)).toBe(true)
})

test('SV-27 SV-28 every change is in the audit trail, which the server cannot rewrite', async () => {
  await put(customer, 'roles', { roles: ['customer'] }, await tagOf(customer))
  const rows = await cluster.sql<{ action: string; actor: string; details: unknown }>(
    `select * from audit_event where target = $1 order by at desc`,
    [customer],
  )
  expect(rows[0]).toMatchObject({
    action: 'change-roles',
    actor: administrator,
    details: { to: ['customer'] },
  })
  const actions = await cluster.sql<{ action: string }>('select distinct action from audit_event')
  expect(actions.map(({ action }) => action)).toEqual(expect.arrayContaining(['sign-in', 'change-status']))
  const { default: pg } = await import('pg')
  const runtime = new pg.Client({ connectionString: cluster.database.url })
  await runtime.connect()
  for (const statement of [
    `update audit_event set actor = 'x'`,
    'delete from audit_event',
    'truncate audit_event',
  ])
    await expect(runtime.query(statement)).rejects.toThrow(/permission denied/)
  await expect(runtime.query('create table mine (id int)')).rejects.toThrow(/permission denied/)
  await runtime.end()
})

test('RS-17 whoever signed in too long ago cannot change roles or status until he signs in once more', async () => {
  const party = createParty(cluster)
  const { refresh_token: refreshToken } = await party.signIn('admin@alicerce.test')
  await cluster.sql(`update oidc_artifact set payload = jsonb_set(payload, '{authTime}', to_jsonb((payload->>'authTime')::int - 601))
    where account_id = '${administrator}' and payload ? 'authTime'`)
  const { body: refreshed } = await party.refresh(refreshToken)
  const token = refreshed.access_token as string
  const tag = await tagOf(customer)
  for (const [what, body] of [
    ['roles', { roles: ['customer'] }],
    ['status', { status: 'active' }],
  ] as const) {
    const answer = await call(`/accounts/${customer}/${what}`, { token, method: 'PUT', body, tag })
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer error="insufficient_user_authentication", max_age="600"',
    ])
    expect(answer.body).toMatchObject({ code: 'insufficient-user-authentication', maxAge: 600 })
  }
  expect((await call(`/accounts/${customer}`, { token })).status).toBe(200)
  const request = await party.attempt({ max_age: '0' })
  const done = await party.enter(await party.browser.open(request.url), 'admin@alicerce.test')
  const { body: risen } = await party.token(party.codeFields(request, done))
  const again = { token: risen.access_token as string, method: 'PUT', body: { roles: ['customer'] }, tag }
  expect((await call(`/accounts/${customer}/roles`, again)).status).toBe(200)
})
