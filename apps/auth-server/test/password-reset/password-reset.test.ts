import { afterAll, beforeAll, expect, test } from 'vitest'
import { createVisitor } from '../account-centre/visitor.ts'
import { type Cluster, startCluster } from '../harness/cluster.ts'
import { isAlive } from '../harness/party.ts'
import { createPeople } from '../second-factors/people.ts'
import { createForgetful, linkIn, mailsTo } from './forgetful.ts'

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

async function sentLink(email: string, headers: Record<string, string> = {}): Promise<URL> {
  const before = (await mailsTo(cluster, email)).length
  await createForgetful(cluster).ask(email, headers)
  await expect.poll(async () => (await mailsTo(cluster, email)).length).toBe(before + 1)
  return linkIn((await mailsTo(cluster, email))[0] as never)
}

const tokenOf = (link: URL) => link.searchParams.get('token') as string
const choose = (token: string, password = another, server = cluster.urls[0]) =>
  fetch(`${server}/reset-password`, { method: 'POST', body: new URLSearchParams({ token, password }) })

test('AS-22 the link of the mail leads to another password, which ends every session and its tokens', async () => {
  const person = await people.person()
  const elsewhere = createVisitor(cluster, person)
  const tokens = await elsewhere.tokens()
  const link = await sentLink(person.email)
  expect(link.origin).toBe(cluster.issuer)
  const { browser } = createForgetful(cluster)
  const form = await browser.open(link.href)
  expect(form.headers.get('referrer-policy')).toBe('no-referrer')
  expect(form.headers.get('cache-control')).toBe('no-store')
  const done = await browser.submit(form, '/reset-password', { password: another })
  expect(done.status).toBe(200)
  expect(done.text).toContain('Your password is changed')
  expect(await isAlive(cluster, tokens.access_token)).toBe(false)
  expect((await elsewhere.refresh(tokens.refresh_token)).body).toMatchObject({ error: 'invalid_grant' })
  expect((await elsewhere.browser.open('/account')).url).toContain('/interaction/')
  expect(await elsewhere.audited()).toContain('reset-password')
  expect((await createVisitor(cluster, person).open()).status).toBe(400)
  expect((await createVisitor(cluster, { ...person, password: another }).open()).url).toBe(
    `${cluster.issuer}/account`,
  )
})

test('AS-27 an address that nobody has gets the same answer, and no mail', async () => {
  const { email } = await people.person()
  const known = await createForgetful(cluster).ask(email)
  const unknown = await createForgetful(cluster).ask('nobody-at-all@example.com')
  expect(unknown.status).toBe(known.status)
  const anonymous = (text: string) =>
    text
      .replaceAll(email, '')
      .replaceAll('nobody-at-all@example.com', '')
      .replace(/\/interaction\/[\w-]+/g, '')
  expect(anonymous(unknown.text)).toBe(anonymous(known.text))
  await expect.poll(() => mailsTo(cluster, email)).toHaveLength(1)
  expect(await mailsTo(cluster, 'nobody-at-all@example.com')).toHaveLength(0)
})

test('of twenty who use a link at once, over two servers, one changes the password', async () => {
  const { email, id } = await people.person()
  const token = tokenOf(await sentLink(email))
  const tries = Array.from({ length: 20 }, (_, number) =>
    choose(token, `the password of number ${number}`, cluster.urls[number % 2]),
  )
  const statuses = (await Promise.all(tries)).map(({ status }) => status).sort()
  expect(statuses.filter((status) => status === 200)).toHaveLength(1)
  expect(statuses.filter((status) => status >= 500 && status !== 503)).toEqual([])
  const rows = await cluster.sql(`select 1 from audit_event where action = 'reset-password' and actor = $1`, [
    id,
  ])
  expect(rows).toHaveLength(1)
})

test('to look at the page does not use the link up, and a password that is too short does not either', async () => {
  const { email } = await people.person()
  const link = await sentLink(email)
  const { browser } = createForgetful(cluster)
  await browser.open(link.href)
  const form = await browser.open(link.href)
  const refused = await browser.submit(form, '/reset-password', { password: 'short' })
  expect(refused.status).toBe(400)
  expect(refused.text).toContain('aria-invalid="true"')
  expect((await browser.submit(refused, '/reset-password', { password: another })).status).toBe(200)
})

test('a link that was used, is too old, was replaced, or was made up opens nothing', async () => {
  const { email } = await people.person()
  const used = tokenOf(await sentLink(email))
  expect((await choose(used)).status).toBe(200)
  cluster.advance(61_000)
  const replaced = tokenOf(await sentLink(email))
  cluster.advance(61_000)
  const old = tokenOf(await sentLink(email))
  for (const token of [used, replaced, 'made-up', '']) {
    expect((await choose(token)).status, token).toBe(400)
    expect((await fetch(`${cluster.urls[0]}/reset-password?token=${token}`)).status).toBe(400)
  }
  cluster.advance(31 * 60_000)
  expect((await choose(old)).status).toBe(400)
})

test('within a minute an account is sent one link, however often it is asked for', async () => {
  const { email } = await people.person()
  const link = await sentLink(email)
  await createForgetful(cluster).ask(email)
  await expect.poll(() => openMessages()).toBe(0)
  expect(await mailsTo(cluster, email)).toHaveLength(1)
  expect((await choose(tokenOf(link))).status).toBe(200)
})

test('a disabled account is sent none, and cannot use the one that it has', async () => {
  const { email, id } = await people.person()
  const token = tokenOf(await sentLink(email))
  await cluster.sql(`update account set status = 'disabled' where id = $1`, [id])
  expect((await choose(token)).status).toBe(400)
  cluster.advance(61_000)
  await createForgetful(cluster).ask(email)
  await expect.poll(() => openMessages()).toBe(0)
  expect(await mailsTo(cluster, email)).toHaveLength(1)
})

test('AS-27 whoever guessed at his own password until nothing went any more may use the new one at once', async () => {
  const person = await people.person()
  const wrong = createVisitor(cluster, { ...person, password: 'not the one' })
  let page = await wrong.open()
  for (let tries = 1; tries <= 10 && page.status !== 429; tries++) page = await wrong.open()
  expect(page.status).toBe(429)
  expect((await choose(tokenOf(await sentLink(person.email)))).status).toBe(200)
  const again = await createVisitor(cluster, { ...person, password: another }).open()
  expect(again.url).toBe(`${cluster.issuer}/account`)
})

test('the audit log tells of the link that was sent, and from where it was asked for', async () => {
  const { email, id } = await people.person()
  await sentLink(email)
  const rows = await cluster.sql(`select action, actor, address from audit_event where target = $1`, [id])
  expect(rows).toEqual([{ action: 'send-password-link', actor: null, address: expect.any(String) }])
})

test('AS-34 no header chooses the address of the link', async () => {
  const { email } = await people.person()
  const link = await sentLink(email, {
    'x-forwarded-host': 'evil.example',
    forwarded: 'host=evil.example',
  })
  expect(link.origin).toBe(cluster.issuer)
})

test('AS-26 no link and no mail is in the database in clear, nor in the log', async () => {
  const { email } = await people.person()
  const token = tokenOf(await sentLink(email))
  for (const table of ['one_time_link', 'outbox', 'shown_mail', 'audit_event']) {
    const rows = await cluster.sql(`select row_to_json(${table})::text as text from ${table}`)
    expect(JSON.stringify(rows), table).not.toContain(token)
    if (table === 'shown_mail') expect(JSON.stringify(rows)).not.toContain(email)
  }
  await fetch(`${cluster.urls[0]}/reset-password?token=${token}`)
  expect(JSON.stringify(cluster.log.lines)).not.toContain(token)
})

test('AS-27 who asks again and again has to wait', async () => {
  const { email } = await people.person()
  const { ask } = createForgetful(cluster)
  let answer = await ask(email)
  for (let asked = 1; asked <= 10 && answer.status === 200; asked++) answer = await ask(email)
  expect(answer.status).toBe(429)
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
})

async function openMessages(): Promise<number> {
  const [row] = await cluster.sql<{ open: string }>(
    `select count(*) as open from outbox where topic = 'password-reset' and delivered_at is null`,
  )
  return Number(row?.open)
}
