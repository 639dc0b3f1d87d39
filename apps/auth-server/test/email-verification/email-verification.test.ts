import { afterAll, beforeAll, expect, test } from 'vitest'
import { createVisitor } from '../account-centre/visitor.ts'
import { type Cluster, startCluster } from '../harness/cluster.ts'
import { claimsOf } from '../harness/party.ts'
import { linkIn, mailsTo } from '../password-reset/forgetful.ts'
import { createPeople } from '../second-factors/people.ts'

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

/** Somebody whose address nobody has confirmed yet, signed in in his browser, and the link that he has asked for. */
async function unconfirmed() {
  const person = await people.person()
  const visitor = createVisitor(cluster, person)
  await visitor.browser.submit(await visitor.open(), '/account/verification')
  await expect.poll(() => mailsTo(cluster, person.email)).toHaveLength(1)
  const [mail] = await mailsTo(cluster, person.email)
  return { ...visitor, email: person.email, link: linkIn(mail as never) }
}

const isVerified = async (email: string) => {
  const [row] = await cluster.sql<{ verified: boolean }>(
    'select email_verified_at is not null as verified from account where email = $1',
    [email],
  )
  return row?.verified
}

test('a new address is not believed until its person has followed the link and said so', async () => {
  const { browser, email, tokens, link } = await unconfirmed()
  expect(claimsOf((await tokens()).id_token).email_verified).toBe(false)
  expect((await browser.open('/account')).text).toContain(email)
  const page = await browser.open(link.href)
  expect(page.status).toBe(200)
  expect(await isVerified(email), 'a look changes nothing').toBe(false)
  const done = await browser.submit(page, '/verify-email')
  expect(done.text).toContain('Your address is confirmed')
  expect(await isVerified(email)).toBe(true)
  const announced = () => cluster.events.filter(({ data }) => (data as { email: string }).email === email)
  await expect.poll(() => announced().map(({ data }) => (data as { version: number }).version)).toEqual([2])
  expect(claimsOf((await tokens()).id_token).email_verified).toBe(true)
  expect((await browser.open('/account')).text).not.toContain('Send the link again')
  expect((await browser.submit(page, '/verify-email')).status, 'a second use').toBe(400)
})

test('a link for one thing is good for nothing else', async () => {
  const { browser, link, email } = await unconfirmed()
  const token = link.searchParams.get('token') as string
  expect((await browser.open(`/reset-password?token=${token}`)).status).toBe(400)
  expect((await browser.post('/reset-password', { token, password: 'a wholly different one' })).status).toBe(
    400,
  )
  expect((await browser.post('/verify-email', { token: `${token}x` })).status).toBe(400)
  expect(await isVerified(email)).toBe(false)
})

test('a link can be asked for again, not more than once a minute, and the last one counts', async () => {
  const { browser, email, link } = await unconfirmed()
  const again = async () => browser.submit(await browser.open('/account'), '/account/verification')
  expect((await again()).url).toContain('done=verification')
  cluster.advance(61_000)
  await again()
  await expect.poll(() => mailsTo(cluster, email)).toHaveLength(2)
  expect((await browser.open(link.href)).status).toBe(400)
  const [latest] = await mailsTo(cluster, email)
  const page = await browser.open(linkIn(latest as never).href)
  expect((await browser.submit(page, '/verify-email')).status).toBe(200)
})

test('the link is good for three days', async () => {
  const { browser, link } = await unconfirmed()
  cluster.advance(3 * 24 * 3_600_000 - 10_000)
  expect((await browser.open(link.href)).status).toBe(200)
  cluster.advance(20_000)
  expect((await browser.open(link.href)).status).toBe(400)
})
