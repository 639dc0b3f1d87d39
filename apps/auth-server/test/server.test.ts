import { createBackplane } from '@alicerce/service-kit'
import { capturedLog, until } from '@alicerce/testing'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createAuthServer } from '#src/app.ts'
import { readAuthServerConfig } from '#src/config.ts'
import { formsOf } from './harness/browser.ts'
import { type Cluster, clientsFile, otherClients, startCluster } from './harness/cluster.ts'
import { createParty } from './harness/party.ts'

let cluster: Cluster
const output: string[] = []
beforeAll(async () => {
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      output.push(String(text))
      return true
    })
  for (const method of ['log', 'info', 'warn', 'error'] as const)
    vi.spyOn(console, method).mockImplementation((...parts) => {
      output.push(parts.join(' '))
    })
  cluster = await startCluster({ instances: 2 })
})
afterEach(() => {
  vi.unstubAllGlobals()
})
afterAll(async () => {
  await cluster.close()
  vi.restoreAllMocks()
})

const production = {
  APP_ENV: 'production',
  SMTP_URL: 'smtps://sender:secret@mail.example.com:465',
  DATABASE_URL: 'postgres://server:secret@database/auth',
  REDIS_URL: 'redis://cache',
  ISSUER_URL: 'https://id.example.com',
  WEB_APP_URL: 'https://shop.example.com',
  API_URL: 'https://shop.example.com/api',
  COOKIE_KEYS: 'one-cookie-key-of-production-that-is-long,another-cookie-key-of-production',
  KEY_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64url'),
}

test('F-15 says nothing on stdout and stderr in a whole journey', async () => {
  const { signIn, refresh, browser, server } = createParty(cluster)
  const { refresh_token, id_token } = await signIn()
  const { body } = await refresh(refresh_token)
  await fetch(`${server()}/token/revocation`, {
    method: 'POST',
    body: new URLSearchParams({ token: body.refresh_token as string, client_id: 'web' }),
  })
  const page = await browser.open(`/session/end?id_token_hint=${id_token}`)
  await browser.submit(page, '/session/end/confirm', { logout: 'yes' })
  expect(output.filter((text) => /oidc-provider|NOTICE|WARNING/.test(text))).toEqual([])
})

test('two servers that start at once publish the same keys, public parts only', async () => {
  const sets = await Promise.all(cluster.urls.map(async (url) => (await fetch(`${url}/jwks`)).json()))
  expect(sets[0]).toEqual(sets[1])
  const { keys } = sets[0] as { keys: Record<string, unknown>[] }
  expect(keys.map(({ alg }) => alg)).toEqual(['ES256', 'RS256'])
  for (const key of keys) expect(Object.keys(key)).not.toContain('d')
  expect(await cluster.sql('select from signing_key')).toHaveLength(2)
})

test('another key encryption key ends the start with an error that says so', async () => {
  const log = capturedLog()
  const config = readAuthServerConfig({
    DATABASE_URL: cluster.database.url,
    PORT: '0',
    ADMIN_PORT: '0',
    KEY_ENCRYPTION_KEY: Buffer.alloc(32, 9).toString('base64url'),
  })
  const backplane = await createBackplane({ log })
  await expect(createAuthServer({ config, log, backplane })).rejects.toMatchObject({
    code: 'signing-keys-sealed',
    message: expect.stringContaining('KEY_ENCRYPTION_KEY'),
  })
  await backplane.close()
})

test('a key encryption key that is not 32 bytes is a fault of the configuration', () => {
  for (const KEY_ENCRYPTION_KEY of ['short', `${production.KEY_ENCRYPTION_KEY}AA`, '!'.repeat(43)])
    expect(() => readAuthServerConfig({ ...production, KEY_ENCRYPTION_KEY })).toThrow(/KEY_ENCRYPTION_KEY/)
})

test('production takes http for loopback addresses only', () => {
  expect(readAuthServerConfig(production).ISSUER_URL).toBe('https://id.example.com')
  expect(readAuthServerConfig({ ...production, ISSUER_URL: 'http://localhost:8081' }).ISSUER_URL).toBeTruthy()
  expect(readAuthServerConfig({ ...production, ISSUER_URL: 'http://127.0.0.1:8081' }).ISSUER_URL).toBeTruthy()
  for (const name of ['ISSUER_URL', 'WEB_APP_URL'])
    for (const url of ['http://id.example.com', 'http://localhost.example.com'])
      expect(() => readAuthServerConfig({ ...production, [name]: url })).toThrow(name)
})

test('production refuses the keys of development and short cookie keys', () => {
  const { COOKIE_KEYS: _, ...withoutCookieKeys } = production
  expect(() => readAuthServerConfig(withoutCookieKeys)).toThrow(/COOKIE_KEYS/)
  expect(() => readAuthServerConfig({ ...production, COOKIE_KEYS: 'short' })).toThrow(/COOKIE_KEYS/)
})

test('production without a mail server is a demonstration, or a fault', () => {
  const { SMTP_URL: _, ...withoutMail } = production
  expect(() => readAuthServerConfig(withoutMail)).toThrow(/SMTP_URL/)
  expect(readAuthServerConfig({ ...withoutMail, DEMO_ACCOUNTS: 'true' }).SMTP_URL).toBeUndefined()
})

test('demo accounts exist only where they are asked for', async () => {
  const plain = await startCluster({ env: { DEMO_ACCOUNTS: 'false' } })
  expect(await plain.sql('select from account')).toEqual([])
  const { browser, attempt } = createParty(plain)
  const form = await browser.open((await attempt()).url)
  expect(form.text).not.toContain('alicerce.test')
  const page = await browser.submit(form, '/sign-in', { demo: 'admin@alicerce.test' })
  expect(page.status).toBe(400)
  await plain.close()
})

test('AS-01 the clients of CLIENTS_FILE are checked at the start', async () => {
  const [client] = otherClients
  const log = capturedLog()
  const backplane = await createBackplane({ log })
  for (const redirect of [
    'http://other.example/callback',
    'https://other.example/callback#part',
    '/callback',
  ]) {
    const config = readAuthServerConfig({
      DATABASE_URL: cluster.database.url,
      PORT: '0',
      ADMIN_PORT: '0',
      CLIENTS_FILE: clientsFile([{ ...client, redirect_uris: [redirect] }]),
    })
    await expect(createAuthServer({ config, log, backplane }), redirect).rejects.toThrow(/redirect_uris/)
  }
  await backplane.close()
})

test('a stop lets the requests under way finish', async () => {
  const short = await startCluster()
  const { browser, attempt } = createParty(short)
  const form = await browser.open((await attempt()).url)
  const path = `${new URL(form.url).pathname}/sign-in`
  const cookie = [...browser.jar].map(([name, { value }]) => `${name.split(' ')[0]}=${value}`).join('; ')
  const body = new URLSearchParams({ ...formsOf(form.text)[0]?.hidden, email: 'customer@alicerce.test' })
  body.set('password', 'alicerce-demo')
  const holder = new pg.Client({ connectionString: short.database.ownerUrl })
  await holder.connect()
  await holder.query('begin')
  await holder.query('lock table account in access exclusive mode')
  const signingIn = fetch(`${short.issuer}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie },
    body,
  })
  // The attempt is counted, and the account cannot be read yet: the request is under way.
  await until(async () => (await short.sql('select from sign_in_failure')).length > 0)
  const closed = short.servers[0]?.close()
  await holder.query('commit')
  await holder.end()
  expect((await signingIn).status).toBe(303)
  await closed
  await expect(fetch(`${short.issuer}/jwks`)).rejects.toThrow()
})

test('is ready with database and migrations, and alive', async () => {
  for (const path of ['/health/live', '/health/ready', '/metrics'])
    expect((await fetch(`${cluster.servers[0]?.adminUrl}${path}`)).status, path).toBe(200)
})
