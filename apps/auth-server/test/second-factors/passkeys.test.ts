import { afterAll, beforeAll, expect, test } from 'vitest'
import { twoFactors } from '#src/second-factors/authentication-levels.ts'
import type { Page } from '../harness/browser.ts'
import { type Cluster, startCluster } from '../harness/cluster.ts'
import { claimsOf, createParty } from '../harness/party.ts'
import { createAuthenticator, type Mischief } from './authenticator.ts'
import { codeAt, createPeople } from './people.ts'

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

/** What the page's script would hand to the authenticator. */
function askedBy({ text }: Page): { challenge: string; allowCredentials?: { id: string }[] } {
  const data = /data-request="([^"]*)"/.exec(text)?.[1] as string
  return JSON.parse(data.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))))
}

async function open(changes: Record<string, string> = {}) {
  const party = createParty(cluster)
  const request = await party.attempt(changes)
  return { ...party, request, form: await party.browser.open(request.url) }
}

const isSignedIn = (page: Page) => page.location?.searchParams.has('code') ?? false

test('a passkey alone signs in, as two factors, and satisfies a client that asks for two', async () => {
  const { authenticator, id: accountId } = await people.personWithPasskey()
  const { browser, form, token, codeFields, request } = await open({ acr_values: twoFactors })
  const asked = askedBy(form)
  expect(asked).toMatchObject({ rpId: 'localhost', userVerification: 'required' })
  expect(asked.allowCredentials ?? []).toEqual([])
  const done = await browser.submit(form, '/passkey', { response: authenticator.get(asked) })
  expect(done.hops[0]?.status).toBe(303)
  const { body } = await token(codeFields(request, done))
  const expected = { sub: accountId, acr: twoFactors, amr: ['webauthn', 'mfa'] }
  expect(claimsOf(body.access_token as string)).toMatchObject(expected)
  expect(claimsOf(body.id_token as string)).toMatchObject(expected)
  const [used] = await people.secondFactors.passkeys.list(accountId)
  expect(used?.lastUsedAt).toBeInstanceOf(Date)
})

test.each<[string, Mischief]>([
  ['another origin', { origin: 'https://evil.example' }],
  ['another host', { rpId: 'evil.example' }],
  ['an owner whom the authenticator has not recognised', { verified: false }],
  ['the handle of another account', { handle: Buffer.from('somebody').toString('base64url') }],
])('an answer of %s is refused', async (_, mischief) => {
  const { authenticator } = await people.personWithPasskey()
  const { browser, form } = await open()
  const page = await browser.submit(form, '/passkey', {
    response: authenticator.get(askedBy(form), mischief),
  })
  expect([page.status, page.location]).toEqual([400, undefined])
  expect(page.text).toContain('role="alert"')
})

test('an answer whose counter has gone back is refused: somebody has copied the authenticator', async () => {
  const { authenticator } = await people.personWithPasskey()
  const { browser, form } = await open()
  await browser.submit(form, '/passkey', { response: authenticator.get(askedBy(form), { counter: 7 }) })
  for (const counter of [7, 3]) {
    const later = await open()
    const response = authenticator.get(askedBy(later.form), { counter })
    expect((await later.browser.submit(later.form, '/passkey', { response })).status).toBe(400)
  }
})

test('an answer counts for the interaction whose page asked, once, and for five minutes', async () => {
  const { authenticator } = await people.personWithPasskey()
  const [first, other] = [await open(), await open()]
  const response = authenticator.get(askedBy(first.form))
  const borrowed = await other.browser.submit(other.form, '/passkey', { response })
  expect([borrowed.status, borrowed.location]).toEqual([400, undefined])
  cluster.advance(5 * 60_000 + 1000)
  const late = await first.browser.submit(first.form, '/passkey', { response })
  cluster.advance(-5 * 60_000 - 1000)
  expect([late.status, late.location]).toEqual([400, undefined])
  const uses = await Promise.all(
    Array.from({ length: 20 }, () => first.browser.submit(first.form, '/passkey', { response })),
  )
  expect(uses.filter(isSignedIn)).toHaveLength(1)
})

test('a passkey that nobody has, and what is no answer at all, are refused alike', async () => {
  const { browser, form } = await open()
  const stranger = createAuthenticator(cluster.issuer).get(askedBy(form))
  const pages = []
  for (const response of [stranger, '', 'null', '{"id":"x","response":{"clientDataJSON":"x"}}', '[]'])
    pages.push(await browser.submit(form, '/passkey', { response }))
  const shown = pages.map(({ text }) => text.replace(/data-request="[^"]*"/, ''))
  expect(pages.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400])
  expect(new Set(shown).size).toBe(1)
})

test('the passkey of a disabled account signs nobody in', async () => {
  const { authenticator, id } = await people.personWithPasskey()
  await cluster.sql(`update account set status = 'disabled' where id = $1`, [id])
  const { browser, form } = await open()
  expect(
    (await browser.submit(form, '/passkey', { response: authenticator.get(askedBy(form)) })).status,
  ).toBe(400)
})

test('UX-08 after the password an account with a passkey is asked for it', async () => {
  const person = await people.personWithPasskey()
  const { browser, form, enter, token, codeFields, request } = await open()
  const page = await enter(form, person.email, person.password)
  expect(new URL(page.url).pathname).toMatch(/\/second-passkey$/)
  const asked = askedBy(page)
  expect(asked.allowCredentials?.map(({ id }) => id)).toEqual([person.authenticator.id])
  const done = await browser.submit(page, '/second-passkey', { response: person.authenticator.get(asked) })
  const { body } = await token(codeFields(request, done))
  expect(claimsOf(body.id_token as string)).toMatchObject({
    acr: twoFactors,
    amr: ['pwd', 'webauthn', 'mfa'],
  })
})

test('the passkey of another account is no second factor, and an answer to the sign-in page is none either', async () => {
  const [person, other] = [await people.personWithPasskey(), await people.personWithPasskey()]
  const { browser, form, enter } = await open()
  const page = await enter(form, person.email, person.password)
  const answers = [other.authenticator.get(askedBy(page)), person.authenticator.get(askedBy(form))]
  for (const response of answers) {
    const refused = await browser.submit(page, '/second-passkey', { response })
    expect([refused.status, refused.location]).toEqual([400, undefined])
  }
})

test('who has an app and a passkey may choose', async () => {
  const person = await people.personWithTotp()
  await people.addPasskey(person, createAuthenticator(cluster.issuer))
  const { browser, form, enter } = await open()
  const page = await enter(form, person.email, person.password)
  expect(page.text).toMatch(/\/second-passkey"/)
  expect(page.text).toMatch(/\/recovery-code"/)
  const passkeyPage = await browser.open(page.url.replace('second-factor', 'second-passkey'))
  expect(passkeyPage.text).toMatch(/\/second-factor"/)
  const done = await browser.submit(page, '/second-factor', { code: codeAt(person.secret, Date.now()) })
  expect(isSignedIn(done)).toBe(true)
})

test('the pages load their scripts from the server itself', async () => {
  for (const name of ['webauthn.js', 'passkey.js']) {
    const response = await fetch(`${cluster.issuer}/assets/${name}`)
    expect(response.headers.get('content-type')).toContain('text/javascript')
    expect(await response.text()).toContain('startAuthentication')
  }
})

test('an account whose second factors were taken away opens with its password', async () => {
  const person = await people.personWithTotp()
  await people.addPasskey(person, createAuthenticator(cluster.issuer))
  await people.database.transaction((tx) => people.secondFactors.reset(tx, person.id))
  expect(await people.secondFactors.of(person.id)).toEqual([])
  const { form, enter } = await open()
  expect(isSignedIn(await enter(form, person.email, person.password))).toBe(true)
})
