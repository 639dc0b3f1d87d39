import { expect, test } from 'vitest'
import { metadataOf } from '#src/platform/metadata.ts'
import { apiStatus, machine, webApp } from '#src/platform/parties.ts'
import { currentPlatform } from '#src/platform/platform.ts'

const { issuer, urls, secret } = currentPlatform()
const origin = 'http://localhost:8080'
const evil = 'https://evil.example'

test('AS-11 there is no password grant', async () => {
  const { body } = await webApp().token({
    ...{ grant_type: 'password', username: 'customer@alicerce.test', password: 'alicerce-demo' },
  })
  expect(body).toEqual(expect.objectContaining({ error: 'unsupported_grant_type' }))
  expect((await metadataOf('openid-configuration')).grant_types_supported).not.toContain('password')
})

test('AS-12 the authorization endpoint is for no other origin’s scripts', async () => {
  const { attempt, server } = webApp()
  const response = await fetch(`${server()}${(await attempt()).url}`, {
    headers: { origin },
    redirect: 'manual',
  })
  expect([...response.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
})

test.each([
  [origin, 200],
  [evil, 400],
  ['null', 400],
])('AS-12 a script of the origin %s that redeems a code gets %d', async (from, status) => {
  const { code, token } = webApp()
  const answer = await token((await code()).fields, { origin: from })
  expect(answer.status).toBe(status)
  expect(answer.headers.get('access-control-allow-origin')).toBe(status === 200 ? from : null)
  expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
  expect('access_token' in answer.body).toBe(status === 200)
})

test.each(['/jwks', '/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'])(
  'AS-12 every origin may read %s',
  async (path) => {
    const response = await fetch(`${issuer}${path}`, { headers: { origin: evil } })
    expect(response.status).toBe(200)
    expect(['*', evil]).toContain(response.headers.get('access-control-allow-origin'))
  },
)

test('AS-13 after the password the browser is sent on by 303', async () => {
  const { browser, attempt, enter } = webApp()
  const page = await enter(await browser.open((await attempt()).url))
  expect(page.location).toBeDefined()
  expect(page.hops.map(({ status }) => status)).toEqual(page.hops.map(() => 303))
})

test('AS-16 tokens, their errors and introspection are stored nowhere', async () => {
  const office = machine('office')
  const good = await office.credentials({ resource: 'urn:alicerce:api', scope: 'orders:read' })
  const bad = await office.token({ grant_type: 'nothing' })
  const introspected = await machine('api').introspect(good.body.access_token as string)
  for (const { headers } of [good, bad, introspected])
    expect(headers.get('cache-control')).toContain('no-store')
  const userinfo = await fetch(`${issuer}/me`, { headers: { authorization: 'Bearer made-up' } })
  expect(userinfo.status).toBe(401)
  expect(userinfo.headers.get('cache-control')).toContain('no-store')
})

test('AS-17 the token endpoint takes POST alone', async () => {
  for (const method of ['GET', 'PUT', 'DELETE'])
    expect((await fetch(`${urls[0]}/token?grant_type=client_credentials`, { method })).status).toBe(404)
})

test('AS-17 credentials and codes in the address are not read', async () => {
  const basic = new URLSearchParams({ client_id: 'office', client_secret: secret })
  const body = new URLSearchParams({ grant_type: 'client_credentials' })
  const response = await fetch(`${urls[0]}/token?${basic}`, { method: 'POST', body })
  expect(response.status).toBeGreaterThanOrEqual(400)
  expect(await response.text()).not.toContain('access_token')
})

test('AS-17 a parameter that stands there twice is refused', async () => {
  const { code } = webApp()
  const { fields } = await code()
  const body = new URLSearchParams({ client_id: 'web', ...fields })
  body.append('code_verifier', fields.code_verifier)
  const response = await fetch(`${urls[0]}/token`, { method: 'POST', body })
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ error: 'invalid_request' })
})

test('AS-17 unknown parameters are passed by, and an empty one is as good as none', async () => {
  const { code, token } = webApp()
  const answer = await token({ ...(await code()).fields, unheard_of: 'x', scope: '' })
  expect(answer.status).toBe(200)
  expect(await apiStatus(answer.body.access_token as string)).toBe(200)
})

test('AS-24 a public client has no secret, and gets no token of its own', async () => {
  const { status, body } = await webApp().token({
    grant_type: 'client_credentials',
    resource: 'urn:alicerce:api',
  })
  expect(status).toBeGreaterThanOrEqual(400)
  expect(body).not.toHaveProperty('access_token')
  const withSecret = await webApp().token({ grant_type: 'client_credentials', client_secret: secret })
  expect(withSecret.status).toBeGreaterThanOrEqual(400)
})

test('AS-29 AS-28 a machine’s token has its client as subject, one audience and the scopes it asked for', async () => {
  const { body } = await machine('office').credentials({ resource: 'urn:alicerce:api', scope: 'orders:read' })
  const claims = JSON.parse(
    Buffer.from((body.access_token as string).split('.')[1] as string, 'base64url').toString(),
  )
  expect(claims).toMatchObject({
    sub: 'office',
    client_id: 'office',
    aud: 'urn:alicerce:api',
    scope: 'orders:read',
  })
})

test('AS-32 both well-known addresses tell the same, with the issuer and its own endpoints', async () => {
  const [one, other] = [
    await metadataOf('openid-configuration'),
    await metadataOf('oauth-authorization-server'),
  ]
  expect(other).toEqual(one)
  expect(one.issuer).toBe(issuer)
  const endpoints = Object.entries(one).filter(([name]) => /_endpoint$|_uri$/.test(name))
  expect(endpoints.length).toBeGreaterThan(5)
  for (const [name, address] of endpoints) expect(address, name).toMatch(new RegExp(`^${issuer}/`))
})
