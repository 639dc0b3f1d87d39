import { randomUUID } from 'node:crypto'
import { mailedCode } from '@alicerce/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cluster, startCluster } from '../harness/cluster.ts'
import { claimsOf, createParty } from '../harness/party.ts'
import { mailsTo } from '../password-reset/forgetful.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await startCluster({ instances: 2 })
})
afterAll(() => cluster.close())

const password = 'quatro palavras seguidas'
const newEmail = () => `${randomUUID()}@example.com`
const rita = (email = newEmail()) => ({ name: 'Rita Ramos', email, password })

/** A browser at the sign-in page. */
async function visitor() {
  const party = createParty(cluster)
  const request = await party.attempt()
  const page = await party.browser.open(request.url)
  return { ...party, request, page }
}

/** A browser at the page that asks for the code. */
async function asked(email = newEmail()) {
  const party = await visitor()
  const form = await party.askForAccount(party.page, rita(email))
  const submit = (code: string) => party.browser.submit(form, '/confirm-address', { code })
  return { ...party, email, form, submit }
}

const accountsOf = (email: string) => cluster.sql('select from account where email = $1', [email])
const anonymous = (text: string, email: string) =>
  text.replaceAll(email, '').replace(/\/interaction\/[\w-]+|value="[^"]*"/g, '')

test('a registration waits for the code of the mail, makes a customer, signs him in and announces him', async () => {
  const { register, page, request, token, codeFields } = await visitor()
  const email = newEmail()
  const done = await register(page, { name: '  Rita Ramos ', email: email.toUpperCase(), password })
  const { body } = await token(codeFields(request, done))
  expect(claimsOf(body.access_token as string).roles).toEqual(['customer'])
  expect(claimsOf(body.id_token as string)).toMatchObject({ email, email_verified: true, name: 'Rita Ramos' })
  await expect
    .poll(() => cluster.events.find(({ data }) => (data as { email: string }).email === email))
    .toMatchObject({
      type: 'account.registered',
      data: { email, name: 'Rita Ramos', roles: ['customer'], status: 'active', locale: 'en', version: 1 },
    })
})

test('nothing is there before the code is typed, which the database does not tell', async () => {
  const { email, submit } = await asked()
  const code = await mailedCode(cluster.urls, email)
  expect(await accountsOf(email)).toHaveLength(0)
  const rows = JSON.stringify([
    await cluster.sql('select * from registration where email = $1', [email]),
    await cluster.sql('select * from outbox'),
  ])
  expect(rows).not.toContain(code)
  expect(rows).not.toContain(code.replace(' ', ''))
  expect(rows).not.toContain(password)
  expect((await submit(code.replace(' ', ''))).location?.searchParams.get('code')).toBeTruthy()
  expect(await accountsOf(email)).toHaveLength(1)
})

test.each([
  [{ name: ' ' }, 'Enter your name.'],
  [{ email: 'nothing' }, 'Enter an e-mail address'],
  [{ password: 'short' }, 'Use at least 10 characters.'],
  [{ password: 'Password2026!' }, 'among those that are tried first'],
  [{ password: 'x'.repeat(257) }, 'Use at most 256 characters.'],
])('a registration with %j is refused beside its field', async (changes, told) => {
  const { askForAccount, page } = await visitor()
  const person = { ...rita(), ...changes }
  const again = await askForAccount(page, person)
  expect(again.status).toBe(400)
  expect(again.text).toContain(told)
  expect(again.text).toMatch(/aria-invalid="true"/)
  expect(again.text).not.toContain(person.password)
})

test('AS-27 an address that has an account gets the same answer, and only its mailbox is told', async () => {
  const [known, unknown] = [await asked('support@alicerce.test'), await asked()]
  expect(known.form.status).toBe(unknown.form.status)
  expect(anonymous(known.form.text, known.email)).toBe(anonymous(unknown.form.text, unknown.email))
  await expect.poll(() => mailsTo(cluster, known.email)).toHaveLength(1)
  const [mail] = await mailsTo(cluster, known.email)
  expect(mail?.subject).toBe('You have an account already')
  expect(mail?.text).not.toMatch(/^\d{4}/m)
  const wrong = [await known.submit('1234 5678'), await unknown.submit('x')]
  const texts = wrong.map(({ text }) => anonymous(text, ''))
  expect(wrong.map(({ status }) => status)).toEqual([400, 400])
  expect(texts[0]?.replaceAll(known.email, '')).toBe(texts[1]?.replaceAll(unknown.email, ''))
})

test('AS-27 a code is guessed five times at most, also many at once, and the right one is of no use then', async () => {
  const { email, submit } = await asked()
  const code = await mailedCode(cluster.urls, email)
  const guesses = await Promise.all(Array.from({ length: 10 }, () => submit('0000 0000')))
  const told = guesses.map(({ text }) => (text.includes('not the code') ? 'wrong' : 'over')).sort()
  expect(told).toEqual([...Array(5).fill('over'), ...Array(5).fill('wrong')])
  const late = await submit(code)
  expect([late.status, late.location]).toEqual([400, undefined])
  expect(await accountsOf(email)).toHaveLength(0)
})

test('AS-27 one address does not fill mailboxes', async () => {
  const email = newEmail()
  const { askForAccount, page } = await visitor()
  let answer = await askForAccount(page, rita(email))
  for (let tries = 1; tries <= 10 && answer.status === 200; tries++)
    answer = await askForAccount(page, rita(email))
  expect(answer.status).toBe(429)
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
})

test('a code is good for half an hour, for one browser, once', async () => {
  const late = await asked()
  const code = await mailedCode(cluster.urls, late.email)
  const stranger = await visitor()
  const form = await stranger.browser.open(`${new URL(stranger.page.url).pathname}/confirm-address`)
  expect(form.text).not.toContain('confirm-address"')
  cluster.advance(30 * 60_000 + 1000)
  expect((await late.submit(code)).text).toContain('Begin again')
  const punctual = await asked()
  const right = await mailedCode(cluster.urls, punctual.email)
  const answers = await Promise.all([1, 2, 3].map(() => punctual.submit(right)))
  expect(answers.filter(({ location }) => location?.searchParams.get('code'))).toHaveLength(1)
})

test('two registrations of one address make one account, and the second is told what happened', async () => {
  const email = newEmail()
  const first = await asked(email)
  const firstCode = await mailedCode(cluster.urls, email)
  const second = await asked(email)
  await expect.poll(() => mailsTo(cluster, email)).toHaveLength(2)
  const secondCode = await mailedCode(cluster.urls, email)
  expect((await first.submit(firstCode)).location).toBeTruthy()
  const taken = await second.submit(secondCode)
  expect([taken.status, taken.text.includes('has got an account in the meantime')]).toEqual([400, true])
  expect(await accountsOf(email)).toHaveLength(1)
})
