import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cluster, startCluster } from '../harness/cluster.ts'
import { createAuthenticator } from '../second-factors/authenticator.ts'
import { codeAt, createPeople, step } from '../second-factors/people.ts'
import { askedBy, createVisitor } from './visitor.ts'

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

const secretOn = (text: string) => (/id="secret"[^>]*>([^<]*)</.exec(text)?.[1] ?? '').replaceAll(' ', '')
const codesOn = (text: string) => [...text.matchAll(/<li><code>([^<]*)</g)].map(([, code]) => code as string)
const address = (path: string) => `${cluster.issuer}/account${path}`

test('UX-08 an app counts once its code was seen, is asked for from then on, and brings recovery codes', async () => {
  const person = await people.person()
  const visitor = createVisitor(cluster, person)
  const shown = await visitor.open('authenticator')
  expect(shown.text).toContain('<svg')
  expect(shown.text).not.toMatch(/<(?:img|script)[^>]*src="(?!\/assets\/)/)
  const secret = secretOn(shown.text)
  expect(secretOn((await visitor.open('authenticator')).text)).toBe(secret)
  const wrong = await visitor.browser.submit(shown, '/authenticator', { code: '000000' })
  expect(wrong.status).toBe(400)
  expect(secretOn(wrong.text)).toBe(secret)
  expect(await people.secondFactors.of(person.id)).toEqual([])

  const done = await visitor.browser.submit(shown, '/authenticator', {
    code: codeAt(secret, Date.now() - step),
  })
  const codes = codesOn(done.text)
  expect(codes).toHaveLength(10)
  expect(await visitor.audited()).toEqual(
    expect.arrayContaining(['add-authenticator', 'renew-recovery-codes']),
  )
  const page = await visitor.open('two-step')
  expect(page.text).not.toContain(secret)
  expect(page.text).not.toContain(codes[0])
  const next = createVisitor(cluster, { ...person, secret })
  expect((await next.open('two-step')).url).toBe(address('/two-step'))
  expect(await next.audited()).toContain('second-factor')
})

test('new recovery codes end the old ones, and are shown this once', async () => {
  const person = await people.personWithTotp()
  const visitor = createVisitor(cluster, person)
  const page = await visitor.open('two-step')
  const codes = codesOn((await visitor.browser.submit(page, '/recovery-codes')).text)
  expect(codes).toHaveLength(10)
  const use = (code: string) =>
    people.database.transaction((tx) => people.secondFactors.recoveryCodes.use(tx, person.id, code))
  expect(await use(person.codes[0] as string)).toBe(false)
  expect(await use(codes[0] as string)).toBe(true)
  expect((await visitor.open('two-step')).text).toContain('Codes left: 9')
})

test('the last second factor goes with a fresh sign-in alone, and takes the recovery codes with it', async () => {
  const person = await people.personWithTotp()
  const visitor = createVisitor(cluster, person)
  const page = await visitor.open('two-step')
  await visitor.age(700)
  const asked = await visitor.browser.submit(page, '/remove-authenticator')
  expect(asked.url).toContain('/interaction/')
  expect(await people.secondFactors.of(person.id)).toContain('totp')
  await cluster.sql('update totp set last_counter = 0 where account_id = $1', [person.id])
  const back = await visitor.enter(asked)
  expect(back.url).toBe(address('/two-step'))
  const done = await visitor.browser.submit(back, '/remove-authenticator')
  expect(done.text).toContain('role="status"')
  expect(await people.secondFactors.of(person.id)).toEqual([])
  expect(await people.secondFactors.recoveryCodes.left(person.id)).toBe(0)
  expect(await visitor.audited()).toContain('remove-authenticator')
})

test('recovery codes stay while a passkey is left', async () => {
  const person = await people.personWithTotp()
  await people.addPasskey(person, createAuthenticator(cluster.issuer))
  const visitor = createVisitor(cluster, person)
  await visitor.browser.submit(await visitor.open('two-step'), '/remove-authenticator')
  expect(await people.secondFactors.of(person.id)).toEqual(['passkey', 'recovery-code'])
})

test('without a second factor there are no recovery codes to make', async () => {
  const person = await people.person()
  const visitor = createVisitor(cluster, person)
  const page = await visitor.open('password')
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] as string
  const answer = await visitor.browser.post('/account/recovery-codes', { csrf })
  expect(answer.url).toBe(address('/two-step'))
  expect(await people.secondFactors.recoveryCodes.left(person.id)).toBe(0)
})

test('a passkey is added with its name, signs in, is renamed and removed', async () => {
  const person = await people.person()
  const visitor = createVisitor(cluster, person)
  const page = await visitor.open('passkeys')
  const authenticator = createAuthenticator(cluster.issuer)
  const response = authenticator.create(askedBy(page))
  const added = await visitor.browser.submit(page, '/passkeys', { response, name: '  Laptop ' })
  expect(codesOn(added.text)).toHaveLength(10)
  expect(await people.secondFactors.passkeys.list(person.id)).toMatchObject([{ name: 'Laptop' }])

  const owner = createVisitor(cluster, { ...person, authenticator })
  const listed = await owner.open('passkeys')
  expect(listed.url).toBe(address('/passkeys'))
  const renamed = await owner.browser.submit(listed, '/rename-passkey', { name: '<b>Key</b>' })
  expect(renamed.text).toContain('&#60;b&#62;Key')
  expect(renamed.text).not.toContain('<b>Key')
  const removed = await owner.browser.submit(renamed, '/remove-passkey')
  expect(removed.text).toContain('role="status"')
  expect(await people.secondFactors.of(person.id)).toEqual([])
  expect(await owner.audited()).toEqual(
    expect.arrayContaining(['add-passkey', 'rename-passkey', 'remove-passkey']),
  )
})

test('the answer of an authenticator counts in its session and for its account alone, and once', async () => {
  const [person, other] = [await people.person(), await people.person()]
  const [mine, elsewhere, theirs] = [person, person, other].map((each) => createVisitor(cluster, each))
  const page = await mine?.open('passkeys')
  if (!page || !mine || !elsewhere || !theirs) throw new Error('No page')
  const response = createAuthenticator(cluster.issuer).create(askedBy(page))
  for (const visitor of [elsewhere, theirs]) {
    const refused = await visitor.browser.submit(await visitor.open('passkeys'), '/passkeys', { response })
    expect([refused.status, refused.text.includes('role="alert"')]).toEqual([400, true])
  }
  await mine.browser.submit(page, '/passkeys', { response })
  expect(await people.secondFactors.passkeys.list(person.id)).toHaveLength(1)
  expect(await people.secondFactors.passkeys.list(other.id)).toHaveLength(0)
})

test("nobody renames or removes another person's passkey", async () => {
  const [victim, attacker] = [await people.personWithPasskey(), await people.personWithPasskey()]
  const visitor = createVisitor(cluster, attacker)
  const page = await visitor.open('passkeys')
  const [passkey] = await people.secondFactors.passkeys.list(victim.id)
  const id = passkey?.id as string
  await visitor.browser.submit(page, '/rename-passkey', { id, name: 'Mine' })
  await visitor.browser.submit(page, '/remove-passkey', { id })
  expect(await people.secondFactors.passkeys.list(victim.id)).toEqual([passkey])
  expect(await visitor.audited()).not.toContain('remove-passkey')
})
