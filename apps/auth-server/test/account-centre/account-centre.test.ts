import { afterAll, beforeAll, expect, test } from 'vitest'
import { formsOf } from '../harness/browser.ts'
import { type Cluster, startCluster } from '../harness/cluster.ts'
import { isAlive } from '../harness/party.ts'
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

const another = 'a wholly different one'

test('whoever is not signed in signs in and comes back to the page', async () => {
  const visitor = createVisitor(cluster, await people.person())
  const form = await visitor.browser.open('/account/password')
  expect(new URL(form.url).pathname).toMatch(/^\/interaction\//)
  const page = await visitor.enter(form)
  expect(page.url).toBe(`${cluster.issuer}/account/password`)
  expect(page.text).toContain('name="password"')
  const headers = ['content-security-policy', 'x-frame-options', 'cache-control', 'referrer-policy']
  expect(headers.map((name) => page.headers.get(name))).toEqual([
    expect.stringContaining("default-src 'none'"),
    'DENY',
    'no-store',
    'no-referrer',
  ])
})

test('the session of the web app opens the centre, in the language that the person chooses', async () => {
  const person = await people.person()
  const visitor = createVisitor(cluster, person)
  await visitor.tokens()
  const page = await visitor.browser.open('/account')
  expect(page.hops).toEqual([])
  expect(page.text).toContain(person.email)
  const chosen = await visitor.browser.submit(page, '/account/language?to=', { language: 'pt-BR' })
  expect(chosen.text).toContain('Segurança e conta')
})

test('the way back from the sign-in leads to pages of the centre alone', async () => {
  const visitor = createVisitor(cluster, await people.person())
  await visitor.open()
  for (const state of [
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    '../evil',
    'constructor',
  ]) {
    const page = await visitor.browser.open(`/account/signed-in?${new URLSearchParams({ state })}`)
    expect(page.hops.map(({ location }) => location)).toEqual(['/account'])
  }
})

test('a sign-in that failed is told once, and not tried for ever', async () => {
  const visitor = createVisitor(cluster, await people.person())
  const page = await visitor.browser.open('/account/signed-in?error=%3Cscript%3E')
  expect(page.status).toBe(400)
  expect(page.text).not.toContain('<script>')
})

test('the code of the centre is of no use to anybody', async () => {
  const visitor = createVisitor(cluster, await people.person())
  const { hops } = await visitor.open()
  const back = hops.find(({ location }) => location.includes('/account/signed-in'))?.location as string
  const answer = await visitor.token({
    client_id: 'account-centre',
    grant_type: 'authorization_code',
    code: new URL(back).searchParams.get('code') as string,
    redirect_uri: `${cluster.issuer}/account/signed-in`,
    code_verifier: 'a'.repeat(43),
  })
  expect(answer.body).toMatchObject({ error: 'invalid_grant' })
})

test('AS-22 a new password ends every other session at once, and the old one opens nothing', async () => {
  const person = await people.person()
  const [here, there] = [createVisitor(cluster, person), createVisitor(cluster, person)]
  const [mine, theirs] = [await here.tokens(), await there.tokens()]
  const done = await here.browser.submit(await here.open('password'), '/password', { password: another })
  expect(done.url).toBe(`${cluster.issuer}/account?done=password`)
  expect(done.text).toContain('role="status"')
  expect(await isAlive(cluster, theirs.access_token)).toBe(false)
  expect((await there.refresh(theirs.refresh_token)).body).toMatchObject({ error: 'invalid_grant' })
  expect((await there.browser.open('/account')).url).toContain('/interaction/')
  expect(await isAlive(cluster, mine.access_token)).toBe(true)
  expect((await here.refresh(mine.refresh_token)).status).toBe(200)
  expect(await here.audited()).toContain('change-password')
  expect((await createVisitor(cluster, person).open()).status).toBe(400)
  const again = createVisitor(cluster, { ...person, password: another })
  expect((await again.open()).url).toBe(`${cluster.issuer}/account`)
})

test('a password that is too short or too long is refused', async () => {
  const visitor = createVisitor(cluster, await people.person())
  const page = await visitor.open('password')
  for (const password of ['short', 'x'.repeat(257)]) {
    const refused = await visitor.browser.submit(page, '/password', { password })
    expect(refused.status).toBe(400)
    expect(refused.text).toContain('aria-invalid="true"')
  }
  expect(await visitor.audited()).not.toContain('change-password')
})

test('AS-35 a form without our token, or with that of another session, changes nothing', async () => {
  const person = await people.person()
  const [victim, attacker] = [createVisitor(cluster, person), createVisitor(cluster, await people.person())]
  await victim.open('password')
  const foreign = formsOf((await attacker.open('password')).text).find(({ action }) =>
    action.endsWith('/password'),
  )?.hidden.csrf as string
  for (const csrf of ['', 'x', foreign]) {
    const page = await victim.browser.post('/account/password', { csrf, password: another })
    expect(page.status).toBe(400)
  }
  expect(await victim.audited()).not.toContain('change-password')
})

test('a form of somebody who has signed out leads to the sign-in and changes nothing', async () => {
  const visitor = createVisitor(cluster, await people.person())
  const page = await visitor.open('password')
  for (const name of [...visitor.browser.jar.keys()]) visitor.browser.jar.delete(name)
  const asked = await visitor.browser.submit(page, '/password', { password: another })
  expect(asked.url).toContain('/interaction/')
  expect(await visitor.audited()).not.toContain('change-password')
})

test('whoever signed in over ten minutes ago confirms that it is him, before the page and before the change', async () => {
  const visitor = createVisitor(cluster, await people.person())
  const page = await visitor.open('password')
  await visitor.age(700)
  const asked = await visitor.browser.submit(page, '/password', { password: another })
  expect(asked.url).toContain('/interaction/')
  expect(await visitor.audited()).not.toContain('change-password')
  expect((await visitor.browser.open('/account')).url).toBe(`${cluster.issuer}/account`)
  const confirmed = await visitor.enter(await visitor.browser.open('/account/password'))
  expect(confirmed.url).toBe(`${cluster.issuer}/account/password`)
  const done = await visitor.browser.submit(confirmed, '/password', { password: another })
  expect(done.text).toContain('role="status"')
})

test('a session from before the second step changes nothing without it', async () => {
  const person = await people.person()
  const visitor = createVisitor(cluster, person)
  await visitor.open('password')
  const secret = (await people.secondFactors.totp.begin(person.id)) as string
  await cluster.sql('update totp set confirmed_at = now() where account_id = $1', [person.id])
  const asked = await visitor.browser.open('/account/password')
  expect(asked.url).toContain('/interaction/')
  const owner = createVisitor(cluster, { ...person, secret })
  for (const [name, cookie] of visitor.browser.jar) owner.browser.jar.set(name, cookie)
  expect((await owner.open('password')).url).toBe(`${cluster.issuer}/account/password`)
})

test('a disabled account has no centre', async () => {
  const person = await people.person()
  const visitor = createVisitor(cluster, person)
  expect((await visitor.open()).text).toContain(person.email)
  await cluster.sql(`update account set status = 'disabled' where id = $1`, [person.id])
  expect((await visitor.browser.open('/account')).text).not.toContain(person.email)
})

test('a session of over a week opens nothing', async () => {
  const visitor = createVisitor(cluster, await people.person())
  await visitor.open()
  await visitor.age(8 * 24 * 3600)
  expect((await visitor.browser.open('/account')).url).toContain('/interaction/')
})

test('there is nothing behind names that are no pages', async () => {
  const visitor = createVisitor(cluster, await people.person())
  await visitor.open()
  for (const name of ['nothing', 'constructor', 'password/x'])
    expect((await visitor.browser.open(`/account/${name}`)).status).toBe(404)
})
