import { createDatabase } from '@alicerce/database'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createReplayDetection } from '#src/adapter/artifacts.ts'
import type { Tables } from '#src/schema.ts'
import { type Cluster, startCluster, webApp } from './harness/cluster.ts'
import { claimsOf, createParty } from './harness/party.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await startCluster({ instances: 2 })
})
afterAll(() => cluster.close())

const second = { client: 'second', redirect: 'https://second.example/callback' }

test('F-05 takes an assertion once among twenty at the same time', async () => {
  const database = createDatabase<Tables>({
    url: cluster.database.url,
    applicationName: 'test',
    log: cluster.log,
  })
  const unique = createReplayDetection(database)
  const expiry = Math.floor(Date.now() / 1000) + 60
  const answers = await Promise.all(Array.from({ length: 20 }, () => unique('client', 'once', expiry)))
  await database.close()
  expect(answers.filter(Boolean)).toHaveLength(1)
})

test('F-06 keeps the sign-ins of two clients that authorize at the same time', async () => {
  for (let round = 0; round < 15; round++) {
    const web = createParty(cluster)
    const other = createParty(cluster, second)
    await web.signIn()
    for (const [name, cookie] of web.browser.jar) other.browser.jar.set(name, cookie)
    const [one, two] = await Promise.all([web.code(), other.code()])
    const [first, next] = [await web.token(one.fields), await other.token(two.fields)]
    expect((await web.refresh(first.body.refresh_token as string)).status).toBe(200)
    expect((await other.refresh(next.body.refresh_token as string)).status).toBe(200)
  }
})

test('F-07 a request under way during a sign-out does not bring the session back', async () => {
  const web = createParty(cluster)
  await web.signIn()
  const sid = await uidOf(web.browser.jar.get('session /')?.value as string)
  // Holds the row, so that the authorization has read it and waits with its save.
  const { default: pg } = await import('pg')
  const holder = new pg.Client({ connectionString: cluster.database.ownerUrl })
  await holder.connect()
  await holder.query('begin')
  await holder.query(`select from oidc_artifact where model = 'Session' and uid = $1 for update`, [sid])
  const authorization = web.browser.open((await web.attempt()).url)
  await waiting()
  await holder.query(`delete from oidc_artifact where model = 'Session' and uid = $1`, [sid])
  await holder.query('commit')
  await holder.end()
  await authorization
  const page = await web.browser.open((await web.attempt({ prompt: 'none' })).url)
  expect(page.location?.searchParams.get('error')).toBe('login_required')
})

test('F-08 AS-35 changes the session id at sign-in, and the old one opens nothing', async () => {
  const { browser, attempt, enter, signIn } = createParty(cluster)
  // An attacker plants the cookies of a session that he knows, and somebody signs in with them.
  await signIn()
  const form = await browser.open((await attempt({ prompt: 'login' })).url)
  const planted = new Map(browser.jar)
  await enter(form)
  expect(browser.jar.get('session /')?.value).not.toBe(planted.get('session /')?.value)
  const attacker = createParty(cluster)
  for (const [name, cookie] of planted) attacker.browser.jar.set(name, cookie)
  const page = await attacker.browser.open((await attacker.attempt({ prompt: 'none' })).url)
  expect(page.location?.searchParams.get('error')).toBe('login_required')
})

test('F-08 AS-35 a request that read the session before the sign-in does not bring the old id back', async () => {
  const { browser, attempt, signIn } = createParty(cluster)
  await signIn()
  const planted = browser.jar.get('session /')?.value as string
  const uid = await uidOf(planted)
  const { default: pg } = await import('pg')
  const holder = new pg.Client({ connectionString: cluster.database.ownerUrl })
  await holder.connect()
  await holder.query('begin')
  await holder.query(`select from oidc_artifact where model = 'Session' and uid = $1 for update`, [uid])
  const late = browser.open((await attempt()).url)
  await waiting()
  // What a sign-in does meanwhile: another id, and an account.
  await holder.query(
    `update oidc_artifact set id_hash = sha256('new'), account_id = 'somebody',
     payload = payload || '{"accountId": "somebody"}' where model = 'Session' and uid = $1`,
    [uid],
  )
  await holder.query('commit')
  await holder.end()
  await late
  expect(await uidOf(planted)).toBeUndefined()
  expect(
    await cluster.sql(
      `select account_id, payload->>'accountId' as inside from oidc_artifact where uid = $1 and id_hash = sha256('new')`,
      [uid],
    ),
  ).toEqual([{ account_id: 'somebody', inside: 'somebody' }])
})

test('F-08 refreshes work while the session changes its id again and again', async () => {
  const web = createParty(cluster)
  let { refresh_token } = await web.signIn()
  let done = false
  const refreshing = (async () => {
    while (!done) {
      const { status, body } = await web.refresh(refresh_token)
      expect(status).toBe(200)
      refresh_token = body.refresh_token as string
    }
  })()
  for (let rotation = 0; rotation < 25; rotation++) {
    const page = await web.browser.open((await web.attempt({ prompt: 'login' })).url)
    expect((await web.enter(page)).location?.searchParams.get('code')).toBeTruthy()
  }
  done = true
  await refreshing
})

test('F-08 answers first requests at the same time without an error', async () => {
  const { browser, attempt } = createParty(cluster)
  const pages = await Promise.all(Array.from({ length: 10 }, async () => browser.open((await attempt()).url)))
  for (const { status } of pages) expect(status).toBeLessThan(500)
})

test('a session asks for the password again after seven days, however much it is used', async () => {
  const { browser, attempt, signIn, enter } = createParty(cluster)
  await signIn()
  const uid = await uidOf(browser.jar.get('session /')?.value as string)
  await cluster.sql(
    `update oidc_artifact set payload = payload || jsonb_build_object('loginTs', extract(epoch from now())::int - 8 * 86400)
     where model = 'Session' and uid = $1`,
    [uid],
  )
  const silent = await browser.open((await attempt({ prompt: 'none' })).url)
  expect(silent.location?.searchParams.get('error')).toBe('login_required')
  const page = await enter(await browser.open((await attempt()).url))
  expect(page.location?.searchParams.get('code')).toBeTruthy()
})

test('SV-27 a sign-out and its entry in the audit trail are one: neither is there without the other', async () => {
  const { browser, signIn, attempt } = createParty(cluster)
  const { id_token } = await signIn()
  const signOuts = () =>
    cluster.sql<{ address: string }>(`select address from audit_event where action = 'sign-out'`)
  const before = (await signOuts()).length
  const form = await browser.open(`/session/end?id_token_hint=${id_token}`)
  await cluster.sql('alter table audit_event rename to audit_away')
  const failed = await browser.submit(form, '/session/end/confirm', { logout: 'yes' })
  await cluster.sql('alter table audit_away rename to audit_event')
  expect(failed.status).toBe(500)
  const silent = async () =>
    (await browser.open((await attempt({ prompt: 'none' })).url)).location?.searchParams
  expect((await silent())?.get('code')).toBeTruthy()
  const again = await browser.open(`/session/end?id_token_hint=${id_token}`)
  await browser.submit(again, '/session/end/confirm', { logout: 'yes' })
  const after = await signOuts()
  expect((await silent())?.get('error')).toBe('login_required')
  expect(after).toHaveLength(before + 1)
  expect(after.at(-1)?.address).toMatch(/127\.0\.0\.1|::1/)
})

test('AS-36 asks before a sign-out without a hint, and leads only to registered addresses', async () => {
  const { browser, signIn } = createParty(cluster)
  const { id_token } = await signIn()
  const plain = await browser.open('/session/end')
  expect(plain.text).toContain('<h1>Sign out?</h1>')
  expect(plain.text).not.toContain('<script')
  const bad = await browser.open(
    `/session/end?id_token_hint=${id_token}&post_logout_redirect_uri=${webApp}/elsewhere`,
  )
  expect([bad.status, bad.location]).toEqual([400, undefined])
  const unnamed = await browser.open(`/session/end?post_logout_redirect_uri=${webApp}/signed-out`)
  expect(unnamed.location).toBeUndefined()
  const query = `id_token_hint=${id_token}&post_logout_redirect_uri=${webApp}/signed-out&state=here`
  const certain = await browser.open(`/session/end?${query}`)
  expect(certain.text).toContain('<script')
  const out = await browser.submit(certain, '/session/end/confirm', { logout: 'yes' })
  expect(out.location?.href).toBe(`${webApp}/signed-out?state=here`)
})

test('AS-36 staying signed in changes nothing', async () => {
  const { browser, signIn, refresh } = createParty(cluster)
  const { refresh_token } = await signIn()
  const page = await browser.submit(await browser.open('/session/end'), '/session/end/confirm')
  expect(page.status).toBeLessThan(400)
  expect((await refresh(refresh_token)).status).toBe(200)
})

test('AS-35 refuses a sign-out without the token of its form', async () => {
  const { browser, signIn, refresh } = createParty(cluster)
  const { refresh_token } = await signIn()
  await browser.open('/session/end')
  const page = await browser.post('/session/end/confirm', { logout: 'yes', xsrf: 'wrong' })
  expect(page.status).toBe(400)
  expect((await refresh(refresh_token)).status).toBe(200)
})

test('another account signs in where one was: the first session ends', async () => {
  const { browser, signIn, attempt, enter } = createParty(cluster)
  const first = await signIn()
  const form = await browser.open((await attempt({ prompt: 'login' })).url)
  const between = await enter(form, 'support@alicerce.test')
  const page = between.location
    ? between
    : await browser.submit(between, '/session/end/confirm', { logout: 'yes' })
  expect(page.status).toBeLessThan(500)
  const next = await signIn('support@alicerce.test')
  expect(claimsOf(next.access_token).sub).not.toBe(claimsOf(first.access_token).sub)
})

async function uidOf(sessionId: string): Promise<string | undefined> {
  const rows = await cluster.sql<{ uid: string }>(
    `select uid from oidc_artifact where model = 'Session' and id_hash = sha256($1::bytea)`,
    [Buffer.from(sessionId)],
  )
  return rows[0]?.uid
}

async function waiting(): Promise<void> {
  for (let round = 0; round < 250; round++) {
    const rows = await cluster.sql(
      `select from pg_locks join pg_stat_activity using (pid)
       where not granted and locktype in ('transactionid', 'tuple') and pg_stat_activity.datname = current_database()`,
    )
    if (rows.length > 0) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('Nothing waits for the row: the requests did not meet')
}
