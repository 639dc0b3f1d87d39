import { createDatabase } from '@alicerce/database'
import { fakeClock } from '@alicerce/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRoles } from '#src/roles/roles.ts'
import type { Tables } from '#src/schema.ts'
import { ids, signInToApi } from '../harness/api.ts'
import { type Cluster, startCluster } from '../harness/cluster.ts'
import { createParty } from '../harness/party.ts'

let cluster: Cluster
let api: Awaited<ReturnType<typeof signInToApi>>
beforeAll(async () => {
  cluster = await startCluster()
  api = await signInToApi(cluster)
})
afterAll(() => cluster.close())

const path = '/administration/roles/support'
const change = (body: unknown, tag?: string) => api.call(path, { method: 'PUT', body, ...(tag && { tag }) })
const tagOf = async (of = path) => (await api.call(of)).headers.get('etag') as string

test('UX-19 an administrator sees every role and every scope that one can grant', async () => {
  const { status, body } = await api.call('/administration/roles')
  expect(status).toBe(200)
  expect(body.items.map(({ name }: { name: string }) => name)).toEqual([
    'administrator',
    'customer',
    'support',
  ])
  expect(body.items[0].scopes.toSorted()).toEqual(body.scopes.toSorted())
  expect(body.scopes).toContain('roles:manage')
})

test('a customer, an administrator’s token without the scope, and nobody are refused', async () => {
  const narrow = await createParty(cluster).signIn('admin@alicerce.test', { scope: 'openid accounts:manage' })
  expect((await api.call(path, { token: api.customer })).status).toBe(403)
  expect((await api.call(path, { token: narrow.access_token })).body).toMatchObject({
    status: 403,
    code: 'insufficient-scope',
    scope: 'roles:manage',
  })
  expect((await api.call(path, { token: '' })).status).toBe(401)
})

test('SV-07 SV-08 SV-09 a change needs the version that it means, and of two with one tag one is done', async () => {
  const tag = await tagOf()
  const body = { description: 'Helps', scopes: ['orders:read'] }
  expect((await change(body)).status).toBe(428)
  const answers = await Promise.all([change(body, tag), change(body, tag)])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 412])
  expect((await change(body, tag)).headers.get('etag')).toBe(await tagOf())
  expect((await api.call(path)).body).toMatchObject({ description: 'Helps', scopes: ['orders:read'] })
})

test('SV-27 a change is audited with what it was before', async () => {
  const before = (await api.call(path)).body.scopes
  await change({ description: 'Helps', scopes: ['orders:write'] }, await tagOf())
  const [row] = await cluster.sql(
    `select actor, details from audit_event where action = 'change-role' order by at desc limit 1`,
  )
  expect(row).toEqual({ actor: ids.administrator, details: { from: before, to: ['orders:write'] } })
})

test('a scope that does not exist, an unknown member and an unknown role are refused', async () => {
  const tag = await tagOf()
  expect((await change({ description: 'x', scopes: ['orders:burn'] }, tag)).status).toBe(400)
  expect((await change({ description: 'x', scopes: [], name: 'emperor' }, tag)).status).toBe(400)
  expect((await api.call('/administration/roles/emperor')).status).toBe(404)
})

test('nobody can take from administrators what it takes to give it back', async () => {
  const administrator = '/administration/roles/administrator'
  const { status, body } = await api.call(administrator, {
    method: 'PUT',
    tag: await tagOf(administrator),
    body: { description: 'x', scopes: ['accounts:manage', 'audit:read'] },
  })
  expect([status, body.code, body.detail]).toEqual([409, 'own-role', expect.stringContaining('roles:manage')])
})

test('the scopes of roles are those of all of them, at most five seconds old', async () => {
  const clock = fakeClock()
  const database = createDatabase<Tables>({
    url: cluster.database.url,
    applicationName: 'test',
    log: cluster.log,
  })
  const roles = createRoles({ database, clock })
  await change({ description: 'Helps', scopes: ['orders:read'] }, await tagOf())
  expect(await roles.scopesOf(['support'])).toEqual(new Set(['orders:read']))
  await change({ description: 'Helps', scopes: ['audit:read'] }, await tagOf())
  expect(await roles.scopesOf(['support'])).toEqual(new Set(['orders:read']))
  clock.advance(5_000)
  expect(await roles.scopesOf(['support'])).toEqual(new Set(['audit:read']))
  expect(await roles.scopesOf(['support', 'customer', 'unheard-of'])).toEqual(
    new Set(['audit:read', 'orders:read', 'orders:write', 'users:read', 'users:write']),
  )
  expect(await roles.scopesOf([])).toEqual(new Set())
  await database.close()
})
