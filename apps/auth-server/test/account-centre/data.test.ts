import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApi, signInToApi } from '../harness/api.ts'
import type { Page } from '../harness/browser.ts'
import { type Cluster, startCluster } from '../harness/cluster.ts'
import { createParty, isAlive } from '../harness/party.ts'
import { createAuthenticator } from '../second-factors/authenticator.ts'
import { createPeople } from '../second-factors/people.ts'
import { createVisitor } from './visitor.ts'

let cluster: Cluster
let people: ReturnType<typeof createPeople>
beforeAll(async () => {
  cluster = await startCluster({ instances: 2 })
  people = createPeople(cluster)
})
afterAll(async () => {
  await people.close()
  await cluster.close()
})

type Visitor = ReturnType<typeof createVisitor>

/** Lets a client in that is not ours, in the visitor's browser. */
async function allowOtherShop({ browser, enter }: Visitor) {
  const client = { client: 'foreign', redirect: 'https://other.example/callback' }
  const party = createParty(cluster, client)
  const request = await party.attempt()
  const first = await browser.open(request.url)
  const asked = first.text.includes('name="email"') ? await enter(first) : first
  const done = await browser.submit(asked, '/consent', { decision: 'allow' })
  const { body } = await party.token(party.codeFields(request, done))
  return { ...party, tokens: body as { access_token: string; refresh_token: string } }
}

test('a connected app is listed in words, and is out at once when it is disconnected', async () => {
  const visitor = createVisitor(cluster, await people.person())
  const shop = await allowOtherShop(visitor)
  const page = await visitor.open('apps')
  expect(page.text).toContain('Other shop')
  const done = await visitor.browser.submit(page, '/disconnect-app')
  expect(done.text).not.toContain('Other shop')
  expect(await isAlive(cluster, shop.tokens.access_token)).toBe(false)
  expect((await shop.refresh(shop.tokens.refresh_token)).body).toMatchObject({ error: 'invalid_grant' })
  expect(await visitor.audited()).toContain('revoke-consent')
  const again = await visitor.browser.open((await shop.attempt()).url)
  expect(again.text).toContain('value="allow"')
})

test('disconnecting an app takes it from this person alone', async () => {
  const [mine, theirs] = [
    createVisitor(cluster, await people.person()),
    createVisitor(cluster, await people.person()),
  ]
  const shop = await allowOtherShop(theirs)
  await allowOtherShop(mine)
  await mine.browser.submit(await mine.open('apps'), '/disconnect-app')
  expect((await shop.refresh(shop.tokens.refresh_token)).status).toBe(200)
  expect((await theirs.open('apps')).text).toContain('Other shop')
})

test('the activity tells what happened and from where, and not where an administrator sits', async () => {
  const person = await people.person()
  const visitor = createVisitor(cluster, person)
  const stranger = createVisitor(cluster, { ...person, password: 'not the password' })
  await stranger.open()
  const { call } = await signInToApi(cluster)
  expect((await call(`/accounts/${person.id}/sessions`, { method: 'DELETE' })).status).toBe(204)
  const page = await visitor.open('activity')
  const items = [...page.text.matchAll(/<li><strong>([^<]*)<\/strong>([\s\S]*?)<\/li>/g)]
  const told = items.map(([, action, rest]) => ({ action, rest: rest as string }))
  expect(told.find(({ action, rest }) => action === 'Sign-in' && rest.includes('refused'))).toBeDefined()
  const ended = told.find(({ action }) => action === 'Sessions ended')
  expect(ended?.rest).toContain('by somebody else')
  expect(ended?.rest).not.toContain('<code>')
  expect(page.text).not.toContain('Ana Almeida')
})

test('the export is one file with everything and without a secret', async () => {
  const person = await people.personWithTotp()
  const visitor = createVisitor(cluster, person)
  const shop = await allowOtherShop(visitor)
  const page = await visitor.open('export')
  const file = await visitor.browser.submit(page, '/export')
  expect(file.headers.get('content-type')).toMatch(/^application\/json/)
  expect(file.headers.get('content-disposition')).toContain('attachment')
  expect(file.headers.get('cache-control')).toBe('no-store')
  const everything = JSON.parse(file.text)
  expect(everything).toMatchObject({
    account: { id: person.id, email: person.email },
    authenticatorApp: true,
    recoveryCodesLeft: 10,
    connectedApps: [{ clientId: 'foreign' }],
    sessions: [{ clients: expect.arrayContaining(['foreign']) }],
  })
  expect(everything.activity.map(({ action }: { action: string }) => action)).toContain('sign-in')
  const stored = await cluster.sql<{ password_hash: string; uid: string }>(
    `select password_hash, uid from account join oidc_artifact on account_id = account.id::text and model = 'Session' where account.id = $1`,
    [person.id],
  )
  const secrets = [person.secret, ...person.codes, shop.tokens.refresh_token, '$argon2']
  for (const secret of [...secrets, ...stored.map(({ uid }) => uid)]) expect(file.text).not.toContain(secret)
})

test('the export and the deletion ask for a fresh sign-in', async () => {
  const person = await people.person()
  const visitor = createVisitor(cluster, person)
  const [exporting, deleting] = [await visitor.open('export'), await visitor.open('delete')]
  await visitor.age(700)
  for (const [page, form] of [
    [exporting, '/export'],
    [deleting, '/delete'],
  ] as [Page, string][]) {
    const asked = await visitor.browser.submit(page, form, { email: person.email })
    expect(asked.url).toContain('/interaction/')
  }
  expect(await visitor.audited()).not.toContain('delete-account')
})

test('a deleted account is refused everywhere at once, and nothing is left that tells whose it was', async () => {
  const person = await people.personWithTotp()
  await people.addPasskey(person, createAuthenticator(cluster.issuer))
  const visitor = createVisitor(cluster, person)
  const elsewhere = createVisitor(cluster, person)
  const tokens = await elsewhere.tokens()
  await cluster.sql('update totp set last_counter = 0 where account_id = $1', [person.id])
  const shop = await allowOtherShop(visitor)
  const page = await visitor.open('delete')
  const wrong = await visitor.browser.submit(page, '/delete', { email: 'somebody@example.com' })
  expect([wrong.status, wrong.text.includes('aria-invalid="true"')]).toEqual([400, true])
  const done = await visitor.browser.submit(page, '/delete', { email: ` ${person.email.toUpperCase()}` })
  expect([done.status, done.text.includes('is deleted')]).toEqual([200, true])

  for (const token of [tokens.access_token, shop.tokens.access_token])
    expect(await isAlive(cluster, token)).toBe(false)
  expect((await elsewhere.refresh(tokens.refresh_token)).body).toMatchObject({ error: 'invalid_grant' })
  expect((await visitor.browser.open('/account')).url).toContain('/interaction/')
  expect((await createVisitor(cluster, person).open()).status).toBe(400)
  const [left] = await cluster.sql('select * from account where id = $1', [person.id])
  expect(left).toMatchObject({ status: 'disabled', password_hash: null, roles: [] })
  for (const table of [
    'account',
    'audit_event',
    'consent',
    'session_device',
    'totp',
    'passkey',
    'recovery_code',
  ]) {
    const rows = await cluster.sql(`select * from ${table}`)
    expect(JSON.stringify(rows), table).not.toContain(person.email)
  }
  for (const table of ['consent', 'session_device', 'totp', 'passkey', 'recovery_code'])
    expect(await cluster.sql(`select 1 from ${table} where account_id = $1`, [person.id]), table).toEqual([])
  expect(await visitor.audited()).toContain('delete-account')
  await expect
    .poll(() =>
      cluster.events.find(({ type, subject }) => type === 'account.deleted' && subject === person.id),
    )
    .toMatchObject({ data: { email: expect.stringContaining('@deleted.invalid'), status: 'disabled' } })
})

test('an administrator cannot delete his own account', async () => {
  const person = await people.person()
  await cluster.sql(`update account set roles = '{administrator}' where id = $1`, [person.id])
  const visitor = createVisitor(cluster, person)
  const page = await visitor.open('delete')
  expect(page.text).not.toContain('action="/account/delete"')
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] as string
  const refused = await visitor.browser.post('/account/delete', { csrf, email: person.email })
  expect(refused.status).toBe(400)
  const { access_token } = await visitor.tokens()
  expect((await createApi(cluster, access_token)(`/accounts/${person.id}`)).status).toBe(200)
})
