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

const person = {
  email: 'Nova@Alicerce.test',
  name: ' Nova Nunes ',
  locale: 'pt-BR',
  roles: ['customer', 'support'],
  password: 'three words in a row',
}
const create = (body: object = person, token?: string) =>
  api.call('/accounts', { method: 'POST', body, ...(token && { token }) })

test('UX-17 an administrator makes an account, and its person signs in', async () => {
  const { status, body, headers, text } = await create()
  expect([status, headers.get('location'), headers.get('etag')]).toEqual([201, `/accounts/${body.id}`, '"1"'])
  expect(body).toMatchObject({
    email: 'nova@alicerce.test',
    name: 'Nova Nunes',
    roles: ['customer', 'support'],
  })
  expect(text).not.toMatch(/password|hash/)
  const party = createParty(cluster)
  const page = await party.enter(
    await party.browser.open((await party.attempt()).url),
    'nova@alicerce.test',
    person.password,
  )
  expect(page.location?.searchParams.get('code')).toBeTruthy()
  const rows = await cluster.sql(
    `select actor, details from audit_event where action = 'create-account' and target = $1`,
    [body.id],
  )
  expect(rows).toEqual([{ actor: ids.administrator, details: { roles: ['customer', 'support'] } }])
})

test('an address that is taken, unknown roles, a short password and a customer are refused', async () => {
  const other = { ...person, email: 'other@alicerce.test' }
  const taken = await create({ ...person, email: 'CUSTOMER@alicerce.test' })
  expect([taken.status, taken.body.code]).toEqual([409, 'email-taken'])
  expect((await create({ ...other, roles: ['emperor'] })).status).toBe(400)
  expect((await create({ ...other, password: 'short' })).body.errors).toEqual([
    expect.objectContaining({ pointer: '#/password' }),
  ])
  expect((await create({ ...other, status: 'disabled' })).status).toBe(400)
  expect((await create(other, api.customer)).status).toBe(403)
  expect(await cluster.sql(`select 1 from account where email = 'other@alicerce.test'`)).toEqual([])
})

test('UX-18 AS-22 ending the sessions of a person refuses every token of hers, and lets her sign in again', async () => {
  const one = createParty(cluster)
  const tokens = [
    await one.signIn('support@alicerce.test'),
    await createParty(cluster).signIn('support@alicerce.test'),
  ]
  const path = `/accounts/${ids.support}/sessions`
  const listed = await api.call(path)
  expect(listed.body.items).toHaveLength(2)
  expect(listed.body.items[0]).toMatchObject({ clients: ['web'] })
  const uids = await cluster.sql<{ uid: string }>(`select uid from oidc_artifact where model = 'Session'`)
  for (const { uid } of uids) expect(listed.text).not.toContain(uid)

  expect((await api.call(path, { method: 'DELETE' })).status).toBe(204)
  expect((await api.call(path)).body.items).toEqual([])
  await expect.poll(() => isAlive(cluster, tokens[0]?.access_token as string)).toBe(false)
  expect(await isAlive(cluster, tokens[1]?.access_token as string)).toBe(false)
  expect((await one.refresh(tokens[0]?.refresh_token as string)).body.error).toBe('invalid_grant')
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  expect(
    await isAlive(cluster, (await createParty(cluster).signIn('support@alicerce.test')).access_token),
  ).toBe(true)
})

test('a customer neither sees nor ends the sessions of others', async () => {
  const path = `/accounts/${ids.administrator}/sessions`
  expect((await api.call(path, { token: api.customer })).status).toBe(403)
  expect((await api.call(path, { token: api.customer, method: 'DELETE' })).status).toBe(403)
  expect((await api.call(path)).body.items).not.toEqual([])
  expect((await api.call('/accounts/00000000-0000-7000-8000-00000000ffff/sessions')).status).toBe(404)
})

test('a password that everybody knows is refused for others, too', async () => {
  const refused = await create({ ...person, email: 'known@alicerce.test', password: 'Password2026!' })
  expect([refused.status, refused.body.code]).toEqual([422, 'password-common'])
})
