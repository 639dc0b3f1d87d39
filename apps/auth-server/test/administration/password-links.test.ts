import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createVisitor } from '../account-centre/visitor.ts'
import { ids, signInToApi } from '../harness/api.ts'
import { type Cluster, startCluster } from '../harness/cluster.ts'
import { createParty } from '../harness/party.ts'
import { linkIn, mailsTo } from '../password-reset/forgetful.ts'

let cluster: Cluster
let api: Awaited<ReturnType<typeof signInToApi>>
beforeAll(async () => {
  cluster = await startCluster()
  api = await signInToApi(cluster)
})
afterAll(() => cluster.close())

const password = 'quatro palavras seguidas'

/** Somebody without a password, and the link that has come to him. */
async function invited() {
  const email = `${randomUUID()}@example.com`
  const body = { email, name: 'Nova Nunes', locale: 'pt-BR', roles: ['customer'] }
  const { status, body: account } = await api.call('/accounts', { method: 'POST', body })
  expect(status).toBe(201)
  await expect.poll(() => mailsTo(cluster, email)).toHaveLength(1)
  const [mail] = await mailsTo(cluster, email)
  return { id: account.id as string, email, mail, link: linkIn(mail as never) }
}

const linkFor = (id: string, token?: string) =>
  api.call(`/accounts/${id}/password-link`, { method: 'POST', ...(token && { token }) })

test('an invited person chooses a password by the link of the mail, once, and his address is known to be his', async () => {
  const { id, email, mail, link } = await invited()
  expect(mail?.subject).toBe('Sua conta está pronta')
  expect(link.pathname).toBe('/invitation')
  expect((await createVisitor(cluster, { id, email, password: '' } as never).open()).status).toBe(400)
  const { browser } = createParty(cluster)
  const form = await browser.open(link.href)
  const done = await browser.submit(form, '/invitation', { password })
  expect([done.status, done.text.includes('Tudo pronto') || done.text.includes('All is ready')]).toEqual([
    200,
    true,
  ])
  expect((await browser.submit(form, '/invitation', { password })).status, 'once').toBe(400)
  const signedIn = await createVisitor(cluster, { id, email, password } as never).open()
  expect(signedIn.url).toBe(`${cluster.issuer}/account`)
  expect(signedIn.text).not.toContain('/account/verification')
})

test('an administrator has a link sent, which the audit log tells, and learns nothing of it', async () => {
  const person = await invited()
  const { browser } = createParty(cluster)
  await browser.submit(await browser.open(person.link.href), '/invitation', { password })
  const { status, text } = await linkFor(person.id)
  expect([status, text]).toEqual([204, ''])
  await expect.poll(() => mailsTo(cluster, person.email)).toHaveLength(2)
  const [mail] = await mailsTo(cluster, person.email)
  expect(linkIn(mail as never).pathname).toBe('/reset-password')
  const rows = await cluster.sql(
    `select action, actor from audit_event where target = $1 and action = 'send-password-link' order by at, id`,
    [person.id],
  )
  expect(rows).toEqual(Array(2).fill({ action: 'send-password-link', actor: ids.administrator }))
})

test('a customer has no links sent, and neither a disabled nor an unknown account gets any', async () => {
  expect((await linkFor(ids.support, api.customer)).status).toBe(403)
  expect((await linkFor(randomUUID())).status).toBe(404)
  const { id } = await invited()
  await cluster.sql(`update account set status = 'disabled' where id = $1`, [id])
  const refused = await linkFor(id)
  expect([refused.status, refused.body.code]).toEqual([409, 'account-disabled'])
})

// Last, since the tokens of the administrator do not live for three days.
test('AS-22 an invitation is good for three days and at its own page alone', async () => {
  const { link } = await invited()
  const token = link.searchParams.get('token')
  const { browser } = createParty(cluster)
  expect((await browser.open(`/reset-password?token=${token}`)).status).toBe(400)
  cluster.advance(3 * 24 * 3_600_000 - 10_000)
  expect((await browser.open(link.href)).status).toBe(200)
  cluster.advance(20_000)
  expect((await browser.open(link.href)).status).toBe(400)
})
