import { afterAll, beforeAll, expect, test } from 'vitest'
import { audience, type Cluster, startCluster, webApp } from './harness/cluster.ts'
import { claimsOf, createParty, isAlive } from './harness/party.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await startCluster({ instances: 2 })
})
afterAll(() => cluster.close())

test('AS-28 gives an access token for one audience with the scopes granted, who it is and when he signed in', async () => {
  const { signIn } = createParty(cluster)
  const { access_token, expires_in, id_token } = await signIn('support@alicerce.test')
  const claims = claimsOf(access_token)
  expect(expires_in).toBe(300)
  expect(JSON.parse(Buffer.from(access_token.split('.')[0] as string, 'base64url').toString())).toMatchObject(
    {
      typ: 'at+jwt',
      alg: 'ES256',
    },
  )
  expect(claims).toMatchObject({
    iss: cluster.issuer,
    aud: audience,
    client_id: 'web',
    sub: '00000000-0000-7000-8000-000000000002',
    roles: ['customer', 'support'],
    sid: expect.stringMatching(/^[\w-]{43}$/),
    gid: expect.any(String),
    auth_time: expect.any(Number),
  })
  expect(Math.abs(Number(claims.auth_time) - Date.now() / 1000)).toBeLessThan(30)
  expect(claimsOf(id_token).aud).toBe('web')
})

test('AS-28 F-11 an API token does not open userinfo', async () => {
  const { access_token } = await createParty(cluster).signIn()
  const response = await fetch(`${cluster.issuer}/me`, {
    headers: { authorization: `Bearer ${access_token}` },
  })
  expect(response.status).toBe(401)
  expect(response.headers.get('cache-control')).toContain('no-store')
})

test('a client that asks for nothing of the API gets a token for userinfo, which the API refuses', async () => {
  const { code, token } = createParty(cluster)
  const { fields } = await code(undefined, { scope: 'openid profile email', resource: undefined })
  const { resource: _resource, ...sent } = fields
  const { body } = await token(sent)
  const userinfo = await fetch(`${cluster.issuer}/me`, {
    headers: { authorization: `Bearer ${body.access_token}` },
  })
  expect([userinfo.status, await userinfo.json()]).toEqual([
    200,
    expect.objectContaining({ sub: claimsOf(body.id_token as string).sub, email: 'customer@alicerce.test' }),
  ])
  expect(await isAlive(cluster, body.access_token as string)).toBe(false)
})

test.each([
  ['a wrong verifier', { code_verifier: 'w'.repeat(43) }, /^invalid_grant$/],
  ['no verifier', { code_verifier: '' }, /^invalid_grant$/],
  ['a short verifier', { code_verifier: 'short' }, /^invalid_(grant|request)$/],
  ['a verifier of odd signs', { code_verifier: 'é'.repeat(50) }, /^invalid_(grant|request)$/],
  ['another redirect URI', { redirect_uri: `${webApp}/other` }, /^invalid_grant$/],
  ['another client', { client_id: 'second' }, /^invalid_grant$/],
  ['another resource', { resource: 'urn:other' }, /^invalid_target$/],
])('AS-06 AS-07 AS-09 refuses a code with %s, and revokes nothing', async (_, changes, error) => {
  const { code, token } = createParty(cluster)
  const { fields } = await code()
  const refused = await token({ ...fields, ...changes })
  expect([refused.status, refused.body.error]).toEqual([400, expect.stringMatching(error)])
  expect(refused.headers.get('cache-control')).toContain('no-store')
})

test('AS-07 F-09 ends refresh and access tokens at a second valid use of a code, and nothing at an invalid one', async () => {
  const { code, token, refresh } = createParty(cluster)
  const { fields } = await code()
  const { body: first } = await token(fields)
  await token({ ...fields, code_verifier: 'w'.repeat(43) })
  await token({ ...fields, client_id: 'second' })
  await token({ ...fields, redirect_uri: `${webApp}/other` })
  expect(await isAlive(cluster, first.access_token as string)).toBe(true)
  const again = await token(fields)
  expect([again.status, again.body.error]).toEqual([400, 'invalid_grant'])
  expect(await isAlive(cluster, first.access_token as string)).toBe(false)
  expect((await refresh(first.refresh_token as string)).body.error).toBe('invalid_grant')
})

test('AS-08 F-01 redeems a code once among twenty at the same time, and ends what the winner got', async () => {
  for (let round = 0; round < 5; round++) {
    const { code, token, refresh } = createParty(cluster)
    const { fields } = await code()
    const answers = await Promise.all(Array.from({ length: 20 }, () => token(fields)))
    const won = answers.filter(({ status }) => status === 200)
    expect(won).toHaveLength(1)
    expect(answers.filter(({ body }) => body.error === 'invalid_grant')).toHaveLength(19)
    expect(await isAlive(cluster, won[0]?.body.access_token as string)).toBe(false)
    expect((await refresh(won[0]?.body.refresh_token as string)).status).toBe(400)
  }
})

test('AS-09 refuses a code after 60 seconds', async () => {
  const { code, token } = createParty(cluster)
  const { fields } = await code()
  await cluster.sql(
    `update oidc_artifact set payload = payload || jsonb_build_object('exp', extract(epoch from now())::int - 1)
     where model = 'AuthorizationCode' and consumed_at is null`,
  )
  expect((await token(fields)).body.error).toBe('invalid_grant')
  const other = createParty(cluster)
  await other.code()
  const rows = await cluster.sql<{ life: string }>(
    `select (payload->>'exp')::int - (payload->>'iat')::int as life from oidc_artifact where model = 'AuthorizationCode'
     order by expires_at desc limit 1`,
  )
  expect(Number(rows[0]?.life)).toBe(60)
})

test('AS-11 AS-24 has no password grant, and a public client no credentials of its own', async () => {
  const { token } = createParty(cluster)
  const password = await token({ grant_type: 'password', username: 'a', password: 'b' })
  expect(password.body.error).toBe('unsupported_grant_type')
  const machine = await token({ grant_type: 'client_credentials' })
  expect(machine.status).toBe(400)
  expect(machine.body.access_token).toBeUndefined()
})

test('AS-12 answers scripts of registered origins only', async () => {
  const { signIn, token } = createParty(cluster)
  let { refresh_token } = await signIn()
  const good = await token(
    { grant_type: 'refresh_token', refresh_token, resource: audience },
    { origin: webApp },
  )
  expect(good.headers.get('access-control-allow-origin')).toBe(webApp)
  expect(good.headers.get('access-control-allow-credentials')).toBeNull()
  refresh_token = good.body.refresh_token as string
  for (const origin of ['https://evil.example', 'null']) {
    const bad = await token({ grant_type: 'refresh_token', refresh_token, resource: audience }, { origin })
    expect(bad.status).toBe(400)
    expect(bad.body.access_token).toBeUndefined()
    expect(bad.headers.get('access-control-allow-origin')).not.toBe(webApp)
  }
})

test('AS-17 takes token requests by POST from the body only, each parameter once', async () => {
  const { code, server, token } = createParty(cluster)
  const { fields } = await code()
  const query = new URLSearchParams({ ...fields, client_id: 'web' })
  expect((await fetch(`${server()}/token?${query}`)).status).toBeGreaterThanOrEqual(400)
  const inQuery = await fetch(`${server()}/token?${query}`, { method: 'POST' })
  expect(inQuery.status).toBe(400)
  const twice = await fetch(`${server()}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `${query}&code=another`,
  })
  expect(((await twice.json()) as { error: string }).error).toBe('invalid_request')
  const unknown = await token({ ...fields, something: 'else', scope: '' })
  expect(unknown.status).toBe(200)
})

test('AS-33 revokes a family by its refresh token, knows no strangers, and leaves other clients alone', async () => {
  const { signIn, refresh, server } = createParty(cluster)
  const tokens = await signIn()
  const revoke = (token: string, client_id = 'web') =>
    fetch(`${server()}/token/revocation`, { method: 'POST', body: new URLSearchParams({ token, client_id }) })
  expect((await revoke('unknown')).status).toBe(200)
  expect([200, 400]).toContain((await revoke(tokens.refresh_token, 'second')).status)
  expect(await isAlive(cluster, tokens.access_token)).toBe(true)
  expect((await revoke(tokens.refresh_token)).status).toBe(200)
  expect(await isAlive(cluster, tokens.access_token)).toBe(false)
  expect((await refresh(tokens.refresh_token)).body.error).toBe('invalid_grant')
})
