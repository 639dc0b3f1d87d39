import { until } from '@alicerce/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cluster, startCluster } from './harness/cluster.ts'
import { claimsOf, createParty, isAlive } from './harness/party.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await startCluster({ instances: 2 })
})
afterAll(() => cluster.close())

test('AS-18 AS-21 gives another refresh token at each use, which never outlives the first', async () => {
  const { signIn, refresh } = createParty(cluster)
  let current = (await signIn()).refresh_token
  const seen = new Set([current])
  for (let use = 0; use < 3; use++) {
    const { body } = await refresh(current)
    current = body.refresh_token as string
    seen.add(current)
  }
  expect(seen.size).toBe(4)
  const rows = await cluster.sql<{ exp: string; life: string }>(
    `select payload->>'exp' as exp, (payload->>'exp')::bigint - (payload->>'iiat')::bigint as life from oidc_artifact
     where model = 'RefreshToken' and grant_id = (select grant_id from oidc_artifact where id_hash = sha256($1::bytea))`,
    [Buffer.from(current)],
  )
  expect(rows).toHaveLength(4)
  const first = Math.min(...rows.map(({ exp }) => Number(exp)))
  for (const { exp } of rows) expect(Number(exp) - first).toBeLessThanOrEqual(1)
  for (const { life } of rows) expect(Number(life)).toBeLessThanOrEqual(12 * 3600 + 1)
})

test('AS-19 F-02 refuses a used token within the grace, and revokes nothing', async () => {
  const { signIn, refresh } = createParty(cluster)
  const first = await signIn()
  const { body: second } = await refresh(first.refresh_token)
  cluster.advance(8_000)
  expect((await refresh(first.refresh_token)).body.error).toBe('invalid_grant')
  expect(await isAlive(cluster, second.access_token as string)).toBe(true)
  expect((await refresh(second.refresh_token as string)).status).toBe(200)
})

test('AS-19 F-02 F-09 ends the family and its access tokens when a used token comes back after the grace', async () => {
  const { signIn, refresh } = createParty(cluster)
  const first = await signIn()
  const { body: second } = await refresh(first.refresh_token)
  cluster.advance(11_000)
  expect((await refresh(first.refresh_token)).body.error).toBe('invalid_grant')
  for (const dead of [first.access_token, second.access_token as string])
    expect(await isAlive(cluster, dead)).toBe(false)
  expect((await refresh(second.refresh_token as string)).body.error).toBe('invalid_grant')
})

test('AS-18 does not use a token up whose successor cannot be stored', async () => {
  const { signIn, refresh } = createParty(cluster)
  const first = await signIn()
  const model = `(model <> 'RefreshToken' or (payload->>'rotations')::int = 0) not valid`
  await cluster.sql(`alter table oidc_artifact add constraint no_successor check ${model}`)
  const failed = await refresh(first.refresh_token)
  await cluster.sql('alter table oidc_artifact drop constraint no_successor')
  expect(failed.status).toBe(500)
  expect((await refresh(first.refresh_token)).status).toBe(200)
})

test('AS-20 F-01 lets exactly one of twenty refreshes at the same time through, over two instances', async () => {
  const { signIn, refresh } = createParty(cluster)
  let { refresh_token } = await signIn()
  for (let round = 0; round < 10; round++) {
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refresh_token)))
    const won = answers.filter(({ status }) => status === 200)
    expect(won).toHaveLength(1)
    expect(answers.filter(({ body }) => body.error === 'invalid_grant')).toHaveLength(19)
    refresh_token = won[0]?.body.refresh_token as string
  }
  const rows = await cluster.sql(
    `select from oidc_artifact where model = 'RefreshToken' and consumed_at is null
     and grant_id = (select grant_id from oidc_artifact where id_hash = sha256($1::bytea))`,
    [Buffer.from(refresh_token)],
  )
  expect(rows).toHaveLength(1)
})

test('AS-23 F-03 refuses the token of another client, more scopes and other resources, and the owner goes on', async () => {
  const party = createParty(cluster)
  const { refresh } = party
  const { refresh_token } = await party.signIn(undefined, { scope: 'openid orders:read' })
  expect((await refresh(refresh_token, { client_id: 'second' })).body.error).toBe('invalid_grant')
  expect((await refresh(refresh_token, { scope: 'openid orders:read orders:write' })).body.error).toBe(
    'invalid_scope',
  )
  expect((await refresh(refresh_token, { resource: 'urn:other' })).body.error).toBe('invalid_target')
  // Nothing of that has cost the owner his token (F-03).
  const { status, body } = await refresh(refresh_token)
  expect([status, claimsOf(body.access_token as string).scope]).toEqual([200, 'orders:read'])
})

test('AS-22 F-09 ends refresh and access tokens within a second of a sign-out', async () => {
  const { signIn, refresh, browser } = createParty(cluster)
  const tokens = await signIn()
  const page = await browser.open(`/session/end?id_token_hint=${tokens.id_token}`)
  await browser.submit(page, '/session/end/confirm', { logout: 'yes' })
  expect((await refresh(tokens.refresh_token)).body.error).toBe('invalid_grant')
  await until(async () => !(await isAlive(cluster, tokens.access_token)), { timeoutMilliseconds: 1_000 })
})

test('F-10 a sign-out on one device leaves the other signed in, and a second tab the first', async () => {
  const [phone, laptop] = [createParty(cluster), createParty(cluster)]
  const one = await phone.signIn()
  const two = await laptop.signIn()
  const tab = await laptop.signIn()
  const page = await phone.browser.open(`/session/end?id_token_hint=${one.id_token}`)
  await phone.browser.submit(page, '/session/end/confirm', { logout: 'yes' })
  expect((await laptop.refresh(two.refresh_token)).status).toBe(200)
  expect((await laptop.refresh(tab.refresh_token)).status).toBe(200)
})

test('F-04 recognises a used token after the clean-up too', async () => {
  const { removeExpired } = await import('#src/adapter/clean-up.ts')
  const { createDatabase } = await import('@alicerce/database')
  const { signIn, refresh } = createParty(cluster)
  const first = await signIn()
  const { body: second } = await refresh(first.refresh_token)
  const database = createDatabase<import('#src/schema.ts').Tables>({
    url: cluster.database.url,
    applicationName: 'test',
    log: cluster.log,
  })
  await removeExpired(database)
  await database.close()
  cluster.advance(11_000)
  expect((await refresh(first.refresh_token)).body.error).toBe('invalid_grant')
  expect((await refresh(second.refresh_token as string)).body.error).toBe('invalid_grant')
})

test('F-09 a grant goes only together with the revocation of its access tokens, and a second try finds it', async () => {
  const { signIn, server } = createParty(cluster)
  const { refresh_token, access_token } = await signIn()
  const gid = claimsOf(access_token).gid as string
  const revoke = () =>
    fetch(`${server()}/token/revocation`, {
      method: 'POST',
      body: new URLSearchParams({ token: refresh_token, client_id: 'web' }),
    })
  const grants = () =>
    cluster.sql(`select from oidc_artifact where model = 'Grant' and id_hash = sha256($1::bytea)`, [
      Buffer.from(gid),
    ])
  await cluster.sql('alter table revocation rename to away')
  const failed = await revoke()
  await cluster.sql('alter table away rename to revocation')
  expect(failed.status).toBe(500)
  expect(await grants()).toHaveLength(1)
  expect(await isAlive(cluster, access_token)).toBe(true)
  expect((await revoke()).status).toBe(200)
  expect(await grants()).toHaveLength(0)
  expect(await isAlive(cluster, access_token)).toBe(false)
})
