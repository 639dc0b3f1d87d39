import { afterAll, beforeAll, expect, test } from 'vitest'
import { audience, type Cluster, clientsFile, otherClients, startCluster } from '../harness/cluster.ts'
import { createClientKey, createMachine } from '../harness/machine.ts'
import { claimsOf, createParty, isAlive } from '../harness/party.ts'

const secret = 'a-secret-of-a-machine-that-nobody-can-guess'
const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange'
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'
const common = { redirect_uris: [], response_types: [], client_secret: secret }
const clients = [
  ...otherClients,
  {
    ...common,
    client_id: 'machine',
    apiScopes: 'orders:read orders:write',
    grant_types: ['client_credentials'],
  },
  { ...common, client_id: 'api', grant_types: [], resourceServer: audience },
  { ...common, client_id: 'other-api', grant_types: [], resourceServer: 'urn:other' },
  { ...common, client_id: 'orders', apiScopes: 'users:read', grant_types: [exchange] },
  { ...common, client_id: 'stranger', apiScopes: 'users:read', grant_types: [exchange] },
]

let cluster: Cluster
let key: Awaited<ReturnType<typeof createClientKey>>
beforeAll(async () => {
  key = await createClientKey('unused', 'signed')
  const signed = {
    ...{ client_id: 'signed', redirect_uris: [], response_types: [], grant_types: ['client_credentials'] },
    ...{ apiScopes: 'orders:read', token_endpoint_auth_method: 'private_key_jwt', jwks: key.jwks },
  }
  cluster = await startCluster({
    instances: 2,
    env: { CLIENTS_FILE: clientsFile([...clients, signed]) },
  })
})
afterAll(() => cluster.close())

const machine = (id = 'machine') => createMachine(cluster, { id, secret })

test('a machine gets a token for itself, with no scope more than it may have, and nothing is stored', async () => {
  const before = await cluster.sql('select count(*) from oidc_artifact')
  const { status, body } = await machine().credentials({ scope: 'orders:read accounts:manage' })
  expect([status, body.scope, body.refresh_token]).toEqual([200, 'orders:read', undefined])
  expect(claimsOf(body.access_token as string)).toMatchObject({
    sub: 'machine',
    client_id: 'machine',
    roles: [],
  })
  expect(await cluster.sql('select count(*) from oidc_artifact')).toEqual(before)
})

test('F-12 AS-26 a wrong secret is refused, and the right one is nowhere in the database or the log', async () => {
  const wrong = createMachine(cluster, { id: 'machine', secret: `${secret}x` })
  const { status, body } = await wrong.credentials()
  expect([status, body.error]).toEqual([401, 'invalid_client'])
  expect(cluster.log.lines.join('\n')).not.toContain(secret)
})

test('AS-25 private_key_jwt works once with each assertion, made for this issuer and for a minute at most', async () => {
  const signed = createMachine(cluster, { id: 'signed' })
  const now = Math.floor(Date.now() / 1000)
  const attempt = async (changes: Record<string, unknown>) =>
    signed.credentials({
      scope: 'orders:read',
      ...(await key.assertion({ aud: cluster.issuer, ...changes })),
    })
  expect((await attempt({})).status).toBe(200)
  const jti = crypto.randomUUID()
  expect((await attempt({ jti })).status).toBe(200)
  for (const changes of [
    { jti },
    { aud: `${cluster.issuer}/token` },
    { aud: [cluster.issuer, 'https://elsewhere.example'] },
    { exp: undefined },
    { exp: now + 120 },
    { exp: now - 60 },
  ]) {
    const { status, body } = await attempt(changes)
    expect([status, body.error], JSON.stringify(changes)).toEqual([401, 'invalid_client'])
  }
  expect((await attempt({ sub: 'machine' })).body).toMatchObject({ error: 'invalid_request' })
})

test('F-05 AS-25 of twenty requests with one assertion at the same time one gets a token', async () => {
  const signed = createMachine(cluster, { id: 'signed' })
  const fields = await key.assertion({ aud: cluster.issuer })
  const answers = await Promise.all(Array.from({ length: 20 }, () => signed.credentials(fields)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(19)
})

test('AS-33 introspection tells resource servers and the owner about a JWT access token, and nobody else', async () => {
  const { access_token, refresh_token } = await createParty(cluster).signIn()
  const { body } = await machine('api').introspect(access_token)
  expect(body).toMatchObject({ active: true, client_id: 'web', token_type: 'Bearer', aud: audience })
  expect(body.scope).toContain('orders:read')
  const own = await machine().credentials({ scope: 'orders:read' })
  expect((await machine().introspect(own.body.access_token as string)).body.active).toBe(true)
  for (const asker of ['machine', 'other-api'])
    expect((await machine(asker).introspect(access_token)).body, asker).toEqual({ active: false })
  expect((await createMachine(cluster, { id: 'web' }).introspect(access_token)).body.active).not.toBe(true)
  expect((await machine('api').introspect(refresh_token)).body).toEqual({ active: false })
  for (const broken of [
    `${access_token}x`,
    access_token.replace(/\.[^.]+$/, '.AAAA'),
    'eyJhbGciOiJub25lIn0.e30.',
  ])
    expect((await machine('api').introspect(broken)).body).toEqual({ active: false })
})

test('AS-33 a revoked JWT access token is refused, its siblings and the refresh token go on', async () => {
  const party = createParty(cluster)
  const { access_token, refresh_token } = await party.signIn()
  const web = createMachine(cluster, { id: 'web' })
  expect((await machine().revoke(access_token)).status).toBe(200)
  expect(await isAlive(cluster, access_token)).toBe(true)
  expect((await web.revoke(access_token)).status).toBe(200)
  expect(await isAlive(cluster, access_token)).toBe(false)
  expect((await machine('api').introspect(access_token)).body).toEqual({ active: false })
  const { body } = await party.refresh(refresh_token)
  expect(await isAlive(cluster, body.access_token as string)).toBe(true)
})

test('AS-33 a token of an ended session or grant is not active', async () => {
  const party = createParty(cluster)
  const { access_token, refresh_token } = await party.signIn()
  await createMachine(cluster, { id: 'web' }).revoke(refresh_token)
  expect((await machine('api').introspect(access_token)).body).toEqual({ active: false })
})

const exchanged = (id: string, token: string, fields: Record<string, string> = {}) =>
  machine(id).token({
    ...{ grant_type: exchange, subject_token: token, subject_token_type: accessTokenType },
    ...fields,
  })

test('a service exchanges the token of a person for one of its own, that says who acts and no scope more', async () => {
  const { access_token } = await createParty(cluster).signIn()
  const { status, body } = await exchanged('orders', access_token)
  expect([status, body.scope, body.issued_token_type]).toEqual([200, 'users:read', accessTokenType])
  const [from, to] = [claimsOf(access_token), claimsOf(body.access_token as string)]
  expect(to).toMatchObject({ sub: from.sub, client_id: 'orders', act: { sub: 'orders' }, roles: from.roles })
  expect(to.exp).toBeLessThanOrEqual(from.exp as number)
  expect([to.gid, to.sid]).toEqual([from.gid, from.sid])
  const again = await exchanged('stranger', body.access_token as string)
  expect(claimsOf(again.body.access_token as string).act).toEqual({ sub: 'stranger', act: { sub: 'orders' } })
})

test('an exchanged token ends with the grant of the one it came from', async () => {
  const { access_token, refresh_token } = await createParty(cluster).signIn()
  const { body } = await exchanged('orders', access_token)
  expect(await isAlive(cluster, body.access_token as string)).toBe(true)
  await createMachine(cluster, { id: 'web' }).revoke(refresh_token)
  expect(await isAlive(cluster, body.access_token as string)).toBe(false)
  expect((await exchanged('orders', access_token)).body.error).toBe('invalid_grant')
})

test('nothing is exchanged for more scope, another resource, a made-up token, a machine’s token or by whoever may not', async () => {
  const { access_token } = await createParty(cluster).signIn()
  const { body: ofMachine } = await machine().credentials({ scope: 'orders:read' })
  const refused = async (...[id, token, fields]: Parameters<typeof exchanged>) =>
    (await exchanged(id, token, fields)).body.error
  expect(await refused('orders', access_token, { scope: 'orders:write' })).toBe('invalid_scope')
  expect(await refused('orders', access_token, { resource: 'urn:other' })).toBe('invalid_target')
  expect(await refused('orders', access_token, { subject_token_type: 'urn:x' })).toBe('invalid_request')
  expect(await refused('orders', access_token, { actor_token: access_token })).toBe('invalid_request')
  expect(await refused('orders', `${access_token}x`)).toBe('invalid_grant')
  expect(await refused('orders', ofMachine.access_token as string)).toBe('invalid_grant')
  expect(await refused('machine', access_token)).toBe('invalid_request')
})
