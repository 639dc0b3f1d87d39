import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readExternalProviders } from '#src/external-sign-in/external-providers.ts'
import { createBrowser } from '../harness/browser.ts'
import { type Cluster, clientsFile, freePort, startCluster } from '../harness/cluster.ts'
import { claimsOf, createParty } from '../harness/party.ts'

const secret = 'a-secret-between-two-servers-that-is-long-enough'
/** Another instance of this very server, at which people have accounts. */
let elsewhere: Cluster
let cluster: Cluster

beforeAll(async () => {
  const here = `http://localhost:${await freePort()}`
  const partner = {
    ...{ client_id: 'partner', client_secret: secret, redirect_uris: [`${here}/external/sister`] },
    ...{ grant_types: ['authorization_code'], response_types: ['code'], firstParty: true },
    scope: 'openid profile email',
  }
  elsewhere = await startCluster({ env: { CLIENTS_FILE: clientsFile([partner]) } })
  const provider = {
    ...{ id: 'sister', name: 'Sister shop', issuer: elsewhere.issuer },
    ...{ client_id: 'partner', client_secret: secret },
  }
  cluster = await startCluster({
    env: { ISSUER_URL: here, EXTERNAL_PROVIDERS_FILE: providersFile([provider]) },
  })
})
afterAll(() => Promise.all([cluster.close(), elsewhere.close()]))

function providersFile(providers: unknown): string {
  const path = join(mkdtempSync(join(tmpdir(), 'auth-server-')), 'providers.json')
  writeFileSync(path, JSON.stringify(providers))
  return path
}

/** Goes to the other server, signs in there, and brings back the answer. */
async function answerFor(email = 'customer@alicerce.test') {
  const party = createParty(cluster)
  const request = await party.attempt()
  const page = await party.browser.open(request.url)
  const left = await party.browser.submit(page, '/external', { provider: 'sister' })
  const there = createBrowser(() => elsewhere.urls[0] as string, elsewhere.issuer)
  const form = await there.open(`${left.location?.pathname}${left.location?.search}`)
  const back = await there.submit(form, '/sign-in', { email, password: 'alicerce-demo' })
  return { party, request, page, answer: back.location as URL }
}

const relative = ({ pathname, search }: URL) => `${pathname}${search}`

/** Whoever has an account elsewhere, known here by issuer and subject. */
async function link(subject: string, accountId: string): Promise<void> {
  await cluster.sql('insert into external_identity (issuer, subject, account_id) values ($1, $2, $3)', [
    ...[elsewhere.issuer, subject, accountId],
  ])
}

test('a person signs in at another provider and comes back signed in here', async () => {
  await link('00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001')
  const { party, request, answer } = await answerFor('support@alicerce.test')
  const done = await party.browser.open(relative(answer))
  const { body } = await party.token(party.codeFields(request, done))
  expect(claimsOf(body.access_token as string)).toMatchObject({
    ...{ sub: '00000000-0000-7000-8000-000000000001', roles: ['customer'] },
  })
})

test('an answer counts once, and only in the browser that asked', async () => {
  await link('00000000-0000-7000-8000-000000000003', '00000000-0000-7000-8000-000000000001')
  const { party, answer } = await answerFor('admin@alicerce.test')
  const stolen = await createParty(cluster).browser.open(relative(answer))
  expect([stolen.status, stolen.location]).toEqual([400, undefined])
  expect((await party.browser.open(relative(answer))).location?.searchParams.get('code')).toBeTruthy()
  expect((await party.browser.open(relative(answer))).status).toBe(400)
})

test('an answer with another code, issuer or state signs nobody in', async () => {
  for (const [name, value] of [
    ['code', 'made-up'],
    ['iss', 'https://evil.example'],
  ] as const) {
    const { party, answer } = await answerFor()
    answer.searchParams.set(name, value)
    const page = await party.browser.open(relative(answer))
    expect([page.status, page.location], name).toEqual([400, undefined])
    expect(page.text).toContain('did not work')
  }
  const { party, answer } = await answerFor()
  answer.searchParams.set('state', `${answer.searchParams.get('state')}x`)
  expect((await party.browser.open(relative(answer))).location).toBeUndefined()
})

test('an account here is never taken over by its address alone', async () => {
  const { party, answer } = await answerFor()
  const page = await party.browser.open(relative(answer))
  expect([page.status, page.location]).toEqual([400, undefined])
  expect(page.text).toMatch(/does not vouch|account with your e-mail address already/)
  expect(await cluster.sql("select from external_identity where subject like '%0001'")).toHaveLength(0)
})

test('nothing of an attempt is in clear in the database', async () => {
  const party = createParty(cluster)
  const page = await party.browser.open((await party.attempt()).url)
  const left = await party.browser.submit(page, '/external', { provider: 'sister' })
  const nonce = left.location?.searchParams.get('nonce') as string
  const [row] = await cluster.sql<{ text: string }>(
    "select string_agg(encode(sealed, 'escape') || external_attempt::text, '') as text from external_attempt",
  )
  expect(row?.text).not.toContain(nonce)
})

test('a provider that is away costs nobody the other ways to sign in', async () => {
  const party = createParty(cluster)
  const page = await party.browser.open((await party.attempt()).url)
  const failed = await party.browser.submit(page, '/external', { provider: 'unknown' })
  expect(failed.text).toContain('did not work')
  expect((await party.enter(failed)).location?.searchParams.get('code')).toBeTruthy()
})

test('a file with providers that cannot be used is refused with the reason', () => {
  const good = { id: 'a', name: 'A', issuer: 'https://a.example', client_id: 'x', client_secret: 'y' }
  const read = (providers: unknown) => () =>
    readExternalProviders(providersFile(providers), 'https://id.example')
  expect(read([good])()).toHaveLength(1)
  expect(read([{ ...good, issuer: 'http://a.example' }])).toThrow(/not https/)
  expect(read([{ ...good, secret: 'typed wrong' }])).toThrow(/EXTERNAL_PROVIDERS_FILE/)
  expect(read({})).toThrow(/EXTERNAL_PROVIDERS_FILE/)
  expect(() => readExternalProviders('/nowhere.json', '')).toThrow(/cannot be read/)
})
