import { createSign, generateKeyPairSync } from 'node:crypto'
import { expect, test } from '@playwright/test'
import { callApi, claimsOf, nextTokenResponse } from '../support/api.ts'
import { administrator, customer, register, signIn } from '../support/people.ts'
import { target } from '../support/target.ts'

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token with all the right claims, signed by a key that is not the issuer's. */
function forged(claims: object): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const content = `${part({ alg: 'ES256', typ: 'at+jwt', kid: 'forged' })}.${part(claims)}`
  const signature = createSign('SHA256').update(content).sign({ key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${content}.${signature.toString('base64url')}`
}

test('RS-04 a forged, an unsigned and a damaged token are refused by the gateway', async ({ page }) => {
  const tokens = nextTokenResponse(page)
  await signIn(page, customer)
  const { access_token: token } = await tokens
  const claims = claimsOf(token)
  const unsigned = `${part({ alg: 'none', typ: 'at+jwt' })}.${part(claims)}.`
  const damaged = `${token.slice(0, -4)}AAAA`
  for (const bad of [forged(claims), forged({ ...claims, roles: ['administrator'] }), unsigned, damaged]) {
    const response = await callApi('/api/orders', bad)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"')
    expect(response.headers.get('content-type')).toContain('application/problem+json')
  }
  expect((await callApi('/api/orders', token)).status).toBe(200)
})

test('RS-03 an ID token is not an access token', async ({ page }) => {
  const tokens = nextTokenResponse(page)
  await signIn(page, customer)
  const { id_token: idToken } = await tokens
  expect((await callApi('/api/orders', idToken)).status).toBe(401)
})

test('RS-02 a request without a token is told how to authenticate, and nothing else', async () => {
  const response = await callApi('/api/orders')
  expect(response.status).toBe(401)
  expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/)
  expect(response.headers.get('www-authenticate')).not.toContain('error')
})

test('RS-12 identity headers that a client sends change nothing, by any spelling', async ({ page }) => {
  const tokens = nextTokenResponse(page)
  await register(page)
  const { access_token: token } = await tokens
  const admin = '00000000-0000-7000-8000-000000000003'
  const spoofs = ['x-user-id', 'X-User-Id', 'X-User-Roles', 'X-Client-Id', 'X-Forwarded-User']
  for (const name of spoofs) {
    const response = await callApi('/api/users/me', token, { headers: { [name]: admin } })
    expect(response.body.id, name).toBe(claimsOf(token).sub)
    expect(
      (await callApi('/api/users', token, { headers: { [name]: admin, 'x-user-roles': 'administrator' } }))
        .status,
    ).toBe(403)
    expect((await callApi('/api/users/me', undefined, { headers: { [name]: admin } })).status, name).toBe(401)
  }
  // Some servers read `_` as `-`: nobody sends such a name but to pass for somebody, and it is refused.
  for (const name of ['x_user_id', 'X_User_Roles', 'X-Forwarded_User'])
    expect((await callApi('/api/users/me', token, { headers: { [name]: admin } })).status, name).toBe(400)
})

test('SV-21 a customer cannot reach an administrator’s API', async ({ page }) => {
  const tokens = nextTokenResponse(page)
  await register(page)
  const { access_token: token } = await tokens
  const account = '/api/accounts/00000000-0000-7000-8000-000000000002'
  const json = { 'content-type': 'application/json', 'if-match': '*' }
  expect((await callApi('/api/users', token)).status).toBe(403)
  expect((await callApi('/api/orders?scope=all', token)).status).toBe(403)
  expect((await callApi(account, token)).status).toBe(403)
  const body = JSON.stringify({ roles: ['administrator'] })
  expect((await callApi(`${account}/roles`, token, { method: 'PUT', headers: json, body })).status).toBe(403)
})

test('RS-11 another customer’s order is not found, not even its existence', async ({ page, browser }) => {
  const tokens = nextTokenResponse(page)
  await signIn(page, customer)
  const { access_token: token } = await tokens
  const { items } = (await callApi('/api/orders', token)).body
  expect(items.length).toBeGreaterThan(0)

  const stranger = await (await browser.newContext()).newPage()
  const strangerTokens = nextTokenResponse(stranger)
  await register(stranger)
  const { access_token: strangerToken } = await strangerTokens
  expect((await callApi(`/api/orders/${items[0].id}`, token)).status).toBe(200)
  expect((await callApi(`/api/orders/${items[0].id}`, strangerToken)).status).toBe(404)
})

test('a customer who types an administrator’s address sees what is missing, not the page', async ({
  page,
}) => {
  await register(page)
  await page.goto('/administration/users')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('You may not see this page')
})

test('SPA-02 a made-up callback is refused without a token request', async ({ page }) => {
  let tokenRequests = 0
  page.on('request', (request) => {
    if (request.url() === `${target.issuer}/token`) tokenRequests++
  })
  await page.goto(`/auth/callback?code=made-up&state=made-up&iss=${encodeURIComponent(target.issuer)}`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page).not.toHaveURL(/code=/)
  expect(tokenRequests).toBe(0)
})

test('a disabled account is refused at once, with the token it still holds', async ({ page, browser }) => {
  const tokens = nextTokenResponse(page)
  await register(page)
  const { access_token: token } = await tokens
  expect((await callApi('/api/users/me', token)).status).toBe(200)

  const adminPage = await (await browser.newContext()).newPage()
  const adminTokens = nextTokenResponse(adminPage)
  await signIn(adminPage, administrator)
  const { access_token: adminToken } = await adminTokens
  const account = `/api/accounts/${claimsOf(token).sub}`
  const current = await callApi(account, adminToken)
  const headers = { 'content-type': 'application/json', 'if-match': current.headers.get('etag') as string }
  const body = JSON.stringify({ status: 'disabled', reason: 'end-to-end test' })
  expect((await callApi(`${account}/status`, adminToken, { method: 'PUT', headers, body })).status).toBe(200)

  await expect.poll(async () => (await callApi('/api/users/me', token)).status, { timeout: 2_000 }).toBe(401)
})
