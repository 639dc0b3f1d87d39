import { afterAll, beforeAll, expect, test } from 'vitest'
import { removeExpired } from '#src/adapter/clean-up.ts'
import { deviceName } from '#src/pages/account/device-name.ts'
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

const agents = {
  firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  safari:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
  chrome:
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
  edge: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
}

/** The ids of the sessions that a page lets end. */
const idsOn = (text: string) => [...text.matchAll(/name="id" value="([^"]+)"/g)].map(([, id]) => id as string)

test('a browser is named by what people call it', () => {
  expect(Object.values(agents).map(deviceName)).toEqual([
    'Firefox, Linux',
    'Safari, iPhone',
    'Chrome, Android',
    'Edge, Windows',
  ])
  expect(deviceName('curl/8')).toBeUndefined()
})

test('AS-22 a session that is ended in the list is refused everywhere at once, and this one stays', async () => {
  const person = await people.person()
  const [here, there] = [createVisitor(cluster, person), createVisitor(cluster, person)]
  const [mine, theirs] = [await here.tokens(), await there.tokens()]
  const page = await here.open('devices')
  expect(page.text.match(/this device/g)).toHaveLength(1)
  const [id] = idsOn(page.text)
  expect(idsOn(page.text)).toHaveLength(1)
  const done = await here.browser.submit(page, '/end-session', { id: id as string })
  expect(done.text).toContain('role="status"')
  expect(idsOn(done.text)).toEqual([])
  expect(await isAlive(cluster, theirs.access_token)).toBe(false)
  expect((await there.refresh(theirs.refresh_token)).body).toMatchObject({ error: 'invalid_grant' })
  expect((await there.browser.open('/account')).url).toContain('/interaction/')
  expect(await isAlive(cluster, mine.access_token)).toBe(true)
  expect((await here.refresh(mine.refresh_token)).status).toBe(200)
  expect(await here.audited()).toContain('end-session')
})

test('ending all others leaves this session alone', async () => {
  const person = await people.person()
  const visitors = [1, 2, 3].map(() => createVisitor(cluster, person))
  const tokens = []
  for (const visitor of visitors) tokens.push(await visitor.tokens())
  const [here] = visitors
  const page = await here?.open('devices')
  if (!here || !page) throw new Error('No page')
  const done = await here.browser.submit(page, '/end-other-sessions')
  expect(idsOn(done.text)).toEqual([])
  const alive = await Promise.all(tokens.map(({ access_token }) => isAlive(cluster, access_token)))
  expect(alive).toEqual([true, false, false])
  expect(await here.audited()).toContain('end-other-sessions')
})

test("the id of another person's session ends nothing", async () => {
  const [victim, attacker] = [await people.person(), await people.person()]
  const [one, two] = [createVisitor(cluster, victim), createVisitor(cluster, victim)]
  const tokens = await one.tokens()
  const [id] = idsOn((await two.open('devices')).text)
  const visitor = createVisitor(cluster, attacker)
  const other = createVisitor(cluster, attacker)
  await other.open()
  const done = await visitor.browser.submit(await visitor.open('devices'), '/end-session', {
    id: id as string,
  })
  expect(done.text).not.toContain('role="status"')
  expect(await isAlive(cluster, tokens.access_token)).toBe(true)
  expect(await visitor.audited()).not.toContain('end-session')
})

test('the page names the browser and its address, and never the id that opens a session', async () => {
  const visitor = createVisitor(cluster, await people.person())
  await visitor.open()
  const { browser } = visitor
  const request = await visitor.attempt()
  await browser.open(request.url, { 'user-agent': agents.firefox })
  const page = await visitor.open('devices')
  expect(page.text).toContain('Firefox, Linux')
  expect(page.text).toMatch(/<code>[\d.:a-f]+<\/code>/)
  for (const { value } of browser.jar.values()) expect(page.text).not.toContain(value)
  const rows = await cluster.sql<{ uid: string }>('select uid from session_device')
  for (const { uid } of rows) expect(page.text).not.toContain(uid)
})

test('what a browser says of itself is text, however long', async () => {
  const visitor = createVisitor(cluster, await people.person())
  await visitor.open()
  const request = await visitor.attempt()
  await visitor.browser.open(request.url, { 'user-agent': `<script>${'x'.repeat(5000)}` })
  const page = await visitor.open('devices')
  expect(page.text).not.toContain('<script>')
  const rows = await cluster.sql<{ longest: number }>(
    'select max(length(user_agent)) as longest from session_device',
  )
  expect(rows[0]?.longest).toBe(300)
})

test('devices go with their sessions, and with age', async () => {
  const person = await people.person()
  const [here, there] = [createVisitor(cluster, person), createVisitor(cluster, person)]
  await here.open()
  await there.open()
  const count = async () =>
    (await cluster.sql('select 1 from session_device where account_id = $1', [person.id])).length
  expect(await count()).toBe(2)
  await here.browser.submit(await here.open('devices'), '/end-other-sessions')
  expect(await count()).toBe(1)
  await cluster.sql(
    `update session_device set last_seen_at = now() - interval '14 hours' where account_id = $1`,
    [person.id],
  )
  await removeExpired(people.database)
  expect(await count()).toBe(0)
})
