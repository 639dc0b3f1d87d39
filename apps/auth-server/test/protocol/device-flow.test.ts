import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { audience, type Cluster, clientsFile, otherClients, startCluster } from '../harness/cluster.ts'
import { createMachine } from '../harness/machine.ts'
import { claimsOf, createParty } from '../harness/party.ts'

const grant = 'urn:ietf:params:oauth:grant-type:device_code'
const television = {
  ...{ client_id: 'television', client_name: 'Television', redirect_uris: [], response_types: [] },
  ...{ token_endpoint_auth_method: 'none', application_type: 'native', firstParty: true },
  ...{ grant_types: [grant, 'refresh_token'], scope: 'openid profile email', apiScopes: 'orders:read' },
}

let cluster: Cluster
beforeAll(async () => {
  cluster = await startCluster({ env: { CLIENTS_FILE: clientsFile([...otherClients, television]) } })
})
afterAll(() => cluster.close())

const device = () => createMachine(cluster, { id: 'television' })

async function begin() {
  const { body } = await device().post('/device/auth', { scope: 'openid orders:read', resource: audience })
  const { device_code, user_code } = body as { device_code: string; user_code: string }
  const poll = () => device().token({ grant_type: grant, device_code, resource: audience })
  return { body, user_code, poll }
}

test('a device without a keyboard is signed in by a person who types its code and confirms it', async () => {
  const { body, user_code, poll } = await begin()
  expect(body).toMatchObject({ verification_uri: `${cluster.issuer}/device`, expires_in: 600 })
  expect((await poll()).body.error).toBe('authorization_pending')
  const { browser, enter } = createParty(cluster)
  const form = await browser.open('/device')
  expect(form.text).toContain('<label for="user_code">')
  const confirm = await browser.submit(form, '/device', { user_code: user_code.toLowerCase() })
  expect(confirm.text).toContain(user_code)
  expect(confirm.text).toContain('Television')
  const consent = await enter(await browser.submit(confirm, '/device'))
  expect(consent.text).toContain('see your orders')
  const done = await browser.submit(consent, '/consent', { decision: 'allow' })
  expect(done.text).toContain('Your device is connected')
  const { status, body: tokens } = await poll()
  expect(status).toBe(200)
  expect(claimsOf(tokens.access_token as string)).toMatchObject({
    ...{ client_id: 'television', scope: 'orders:read', auth_time: expect.any(Number) },
  })
  expect((await poll()).body.error).toBe('invalid_grant')
})

test('AS-26 whoever has read the database cannot redeem a device code by its hash', async () => {
  const { body } = await begin()
  const handle = `#${createHash('sha256')
    .update(body.device_code as string)
    .digest('base64url')}`
  const answer = await device().token({ grant_type: grant, device_code: handle, resource: audience })
  expect(answer.body.error).toBe('invalid_grant')
})

test('what a person does not allow, a device does not get', async () => {
  const { user_code, poll } = await begin()
  const { browser } = createParty(cluster)
  const confirm = await browser.submit(await browser.open('/device'), '/device', { user_code })
  await browser.submit(confirm, '/device', { abort: 'yes' })
  expect((await poll()).body.error).toBe('access_denied')
})

test('a wrong code says so and nothing more, and a form of another page does nothing', async () => {
  const { user_code, poll } = await begin()
  const { browser } = createParty(cluster)
  const wrong = await browser.submit(await browser.open('/device'), '/device', { user_code: 'BBBB-BBBB' })
  expect(wrong.text).toContain('This code is not right')
  const forged = await browser.post('/device', { user_code, confirm: 'yes', xsrf: 'made-up' })
  expect(forged.status).toBe(400)
  expect((await poll()).body.error).toBe('authorization_pending')
})

test('UX-08 AS-14 the pages speak Portuguese too, and nobody frames them', async () => {
  const { browser } = createParty(cluster)
  const page = await browser.open('/device', { 'accept-language': 'pt-BR' })
  expect(page.text).toContain('Conectar um dispositivo')
  expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  expect(page.text).not.toMatch(/onfocus|<style/)
})
