import { afterAll, beforeAll, expect, test } from 'vitest'
import { oneFactor, twoFactors } from '#src/second-factors/authentication-levels.ts'
import type { Page } from '../harness/browser.ts'
import { type Cluster, startCluster } from '../harness/cluster.ts'
import { claimsOf, createParty } from '../harness/party.ts'
import { codeAt, createPeople, step } from './people.ts'

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

type Person = { email: string; password: string }

/** Signs in with the password, up to whatever comes then. */
async function enter(person: Person, changes: Record<string, string> = {}) {
  const party = createParty(cluster)
  const request = await party.attempt(changes)
  const form = await party.browser.open(request.url)
  const page = await party.enter(form, person.email, person.password)
  return { ...party, request, form, page }
}

/** The claims of what a finished sign-in gives. */
async function claimsAfter({ token, codeFields, request }: Awaited<ReturnType<typeof enter>>, page: Page) {
  const { status, body } = await token(codeFields(request, page))
  expect(status).toBe(200)
  return { access: claimsOf(body.access_token as string), id: claimsOf(body.id_token as string), body }
}

const now = (secret: string) => codeAt(secret, Date.now())

test('a password alone is one factor, and the tokens say so', async () => {
  const entered = await enter(await people.person())
  const { access, id } = await claimsAfter(entered, entered.page)
  const level = { acr: oneFactor, amr: ['pwd'], auth_time: expect.any(Number) }
  expect(access).toMatchObject(level)
  expect(id).toMatchObject(level)
})

test('UX-08 an account with an app asks for its code, and the tokens tell of two factors, refreshed ones too', async () => {
  const person = await people.personWithTotp()
  const entered = await enter(person)
  expect(new URL(entered.page.url).pathname).toMatch(/\/second-factor$/)
  expect(entered.page.text).toContain('autocomplete="one-time-code"')
  const done = await entered.browser.submit(entered.page, '/second-factor', { code: now(person.secret) })
  expect(done.hops[0]?.status).toBe(303)
  const { access, id, body } = await claimsAfter(entered, done)
  const level = { acr: twoFactors, amr: ['pwd', 'otp', 'mfa'], auth_time: expect.any(Number) }
  expect(access).toMatchObject(level)
  expect(id).toMatchObject(level)
  const refreshed = await entered.refresh(body.refresh_token as string)
  expect(claimsOf(refreshed.body.access_token as string)).toMatchObject(level)
})

test('after the password alone nobody is signed in', async () => {
  const { browser, attempt, page } = await enter(await people.personWithTotp())
  const silent = await browser.open((await attempt({ prompt: 'none' })).url)
  expect(silent.location?.searchParams.get('error')).toBe('login_required')
  // Going on as if the interaction had ended asks for the password again.
  const uid = new URL(page.url).pathname.split('/')[2]
  const resumed = await browser.open(`/auth/${uid}`)
  expect(resumed.location).toBeUndefined()
  expect(resumed.text).toContain('name="password"')
  const next = await browser.open(`${new URL(resumed.url).pathname}/second-factor`)
  expect(next.text).toContain('name="password"')
})

test('a wrong code, a code of another account and one that is too old are refused alike', async () => {
  const [person, other] = [await people.personWithTotp(), await people.personWithTotp()]
  const { browser, page } = await enter(person)
  const refused = await Promise.all(
    ['000000', now(other.secret), codeAt(person.secret, Date.now() - 3 * step), 'x', ''].map((code) =>
      browser.submit(page, '/second-factor', { code }),
    ),
  )
  expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400])
  expect(new Set(refused.map(({ text }) => text)).size).toBe(1)
  expect(refused[0]?.text).toContain('role="alert"')
})

test('the codes before and after the current one pass: clocks differ', async () => {
  const person = await people.personWithTotp()
  const { browser, page } = await enter(person)
  const early = await browser.submit(page, '/second-factor', {
    code: codeAt(person.secret, Date.now() + step),
  })
  expect(early.location?.searchParams.get('code')).toBeTruthy()
})

test('a code works once: of 20 uses at once over two servers one passes, and later ones are refused', async () => {
  const person = await people.personWithTotp()
  const code = now(person.secret)
  const tries = []
  for (let round = 0; round < 20; round++) tries.push(await enterFromElsewhere(person, round))
  const pages = await Promise.all(
    tries.map(({ browser, page }) => browser.submit(page, '/second-factor', { code })),
  )
  expect(pages.filter(({ location }) => location)).toHaveLength(1)
  for (const { status } of pages.filter(({ location }) => !location)) expect([400, 429]).toContain(status)
  await cluster.sql('delete from sign_in_failure')
  const { browser, page } = await enter(person)
  for (const again of [code, codeAt(person.secret, Date.now() - step)])
    expect((await browser.submit(page, '/second-factor', { code: again })).status).toBe(400)
})

async function enterFromElsewhere(person: Person, round: number) {
  if (round % 5 === 0) await cluster.sql('delete from sign_in_failure')
  return enter(person)
}

test('AS-27 guessing codes is stopped, from however many addresses, and the answer tells no more', async () => {
  const person = await people.personWithTotp()
  const { browser, page } = await enter(person)
  const statuses: number[] = []
  for (let guess = 0; guess < 11; guess++) {
    // The addresses are forgotten in between, as if each guess came from a new one.
    await cluster.sql(`delete from sign_in_failure where address = '127.0.0.1'`)
    statuses.push((await browser.submit(page, '/second-factor', { code: '000000' })).status)
  }
  expect(statuses).toEqual([...Array(10).fill(400), 429])
  const right = await browser.submit(page, '/second-factor', { code: now(person.secret) })
  expect(right.status).toBe(429)
  expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0)
  // The owner still has his recovery codes.
  const recovery = await browser.open(page.url.replace('second-factor', 'recovery-code'))
  const done = await browser.submit(recovery, '/recovery-code', { code: person.codes[0] as string })
  expect(done.location?.searchParams.get('code')).toBeTruthy()
})

test('a recovery code signs in once, however it is typed', async () => {
  const person = await people.personWithTotp()
  const [code = ''] = person.codes
  const tries = [await enter(person), await enter(person), await enter(person)]
  const pages = await Promise.all(
    tries.map(async ({ browser, page }) => {
      const form = await browser.open(page.url.replace('second-factor', 'recovery-code'))
      const typed = ` ${code.toUpperCase().replaceAll('-', ' ')} `
      return browser.submit(form, '/recovery-code', { code: typed })
    }),
  )
  const winner = pages.findIndex(({ location }) => location)
  expect(pages.filter(({ location }) => location)).toHaveLength(1)
  const { id } = await claimsAfter(tries[winner] as (typeof tries)[0], pages[winner] as Page)
  expect(id).toMatchObject({ acr: twoFactors, amr: ['pwd', 'rc', 'mfa'] })
  expect(await people.secondFactors.recoveryCodes.left(person.id)).toBe(9)
})

test('a recovery code of somebody else is refused', async () => {
  const [person, other] = [await people.personWithTotp(), await people.personWithTotp()]
  const { browser, page } = await enter(person)
  const form = await browser.open(page.url.replace('second-factor', 'recovery-code'))
  expect((await browser.submit(form, '/recovery-code', { code: other.codes[0] as string })).status).toBe(400)
})

test('jumping to the second factor without a first is refused, with the code of anybody', async () => {
  const person = await people.personWithTotp()
  const { browser, attempt } = createParty(cluster)
  const form = await browser.open((await attempt()).url)
  const path = new URL(form.url).pathname
  expect((await browser.open(`${path}/second-factor`)).text).toContain('name="password"')
  const csrf = /name="csrf" value="([^"]+)"/.exec(form.text)?.[1] as string
  for (const jump of ['second-factor', 'recovery-code']) {
    const page = await browser.post(`${path}/${jump}`, { csrf, code: now(person.secret) })
    expect([page.status, page.location]).toEqual([400, undefined])
    expect(page.text).toContain('Sign in again')
  }
})

test('a first factor counts for five minutes, and for its own interaction alone', async () => {
  const person = await people.personWithTotp()
  const first = await enter(person)
  const second = createParty(cluster)
  const form = await second.browser.open((await second.attempt()).url)
  const csrf = /name="csrf" value="([^"]+)"/.exec(form.text)?.[1] as string
  const borrowed = await second.browser.post(first.page.url, { csrf, code: now(person.secret) })
  expect([borrowed.status, borrowed.location]).toEqual([400, undefined])
  cluster.advance(5 * 60_000 + 1)
  const late = await first.browser.submit(first.page, '/second-factor', {
    code: codeAt(person.secret, Date.now() + 5 * 60_000 + 1),
  })
  cluster.advance(-5 * 60_000 - 1)
  expect([late.status, late.location]).toEqual([400, undefined])
  expect(late.text).toContain('name="password"')
})

test('a finished interaction cannot be played again', async () => {
  const person = await people.personWithTotp()
  const { browser, page } = await enter(person)
  const jar = new Map(browser.jar)
  await browser.submit(page, '/second-factor', { code: now(person.secret) })
  for (const [key, value] of jar) browser.jar.set(key, value)
  const again = await browser.submit(page, '/second-factor', {
    code: codeAt(person.secret, Date.now() + step),
  })
  expect([again.status, again.location]).toEqual([400, undefined])
})

test('a password that fits another account takes that account’s place', async () => {
  const [person, other] = [await people.personWithTotp(), await people.personWithTotp()]
  const { enter: again, browser, form } = await enter(person)
  const page = await again(form, other.email, other.password)
  expect((await browser.submit(page, '/second-factor', { code: now(person.secret) })).status).toBe(400)
})

test('neither secret nor recovery code is in the database, in the log or in the audit', async () => {
  const person = await people.personWithTotp()
  const { browser, page } = await enter(person)
  await browser.submit(page, '/second-factor', { code: now(person.secret) })
  const tables = await cluster.sql<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
  )
  const dump = await Promise.all(
    tables.map(({ name }) => cluster.sql(`select row_to_json(t)::text as row from ${name} t`)),
  )
  const text = JSON.stringify(dump) + cluster.log.text()
  const raw = Buffer.from(person.secret).toString('hex')
  for (const secret of [
    person.secret,
    raw,
    ...person.codes,
    ...person.codes.map((code) => code.replaceAll('-', '')),
  ])
    expect(text).not.toContain(secret)
  const rows = await cluster.sql(
    `select outcome, details from audit_event where action = 'second-factor' and actor = $1`,
    [person.id],
  )
  expect(rows).toEqual([{ outcome: 'done', details: { kind: 'totp' } }])
})
