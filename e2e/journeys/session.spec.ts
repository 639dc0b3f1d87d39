import { expect, type Page, test } from '@playwright/test'
import { callApi, nextTokenResponse } from '../support/api.ts'
import { customer, expectSignedIn, expectSignedOut, register, signIn, signOut } from '../support/people.ts'
import { target } from '../support/target.ts'

/** Everything that a script of the page could read and that outlives it. */
const readableStorage = (page: Page) =>
  page.evaluate(async () => {
    const databases = await indexedDB.databases()
    return JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      databases.map(({ name }) => name),
    ])
  })

test('SPA-01 signing in uses a code, PKCE with S256, state and nonce, and brings one token request', async ({
  page,
}) => {
  const authorization = page.waitForRequest((request) => request.url().startsWith(`${target.issuer}/auth?`))
  let tokenRequests = 0
  page.on('request', (request) => {
    if (request.url() === `${target.issuer}/token`) tokenRequests++
  })
  await signIn(page, customer)
  const query = new URL((await authorization).url()).searchParams
  expect(query.get('response_type')).toBe('code')
  expect(query.get('code_challenge_method')).toBe('S256')
  expect(query.get('code_challenge')).toHaveLength(43)
  expect(query.get('state')?.length).toBeGreaterThan(20)
  expect(query.get('nonce')?.length).toBeGreaterThan(20)
  expect(tokenRequests).toBe(1)
  await expect(page).not.toHaveURL(/code=|state=/)
})

test('SPA-04 no token is where a script could find it after the page is gone', async ({ page }) => {
  const tokens = nextTokenResponse(page)
  await signIn(page, customer)
  const { access_token, refresh_token, id_token } = await tokens
  const storage = await readableStorage(page)
  for (const token of [access_token, refresh_token, id_token]) {
    expect(token.length).toBeGreaterThan(20)
    expect(storage).not.toContain(token)
  }
})

test('reloading keeps the person signed in, on the same page, without asking', async ({ page }) => {
  await signIn(page, customer)
  await page.goto('/orders')
  await expectSignedIn(page)
  await expect(page).toHaveURL(`${target.webApp}/orders`)
  await page.reload()
  await expectSignedIn(page)
  await expect(page).toHaveURL(`${target.webApp}/orders`)
  expect(page.url()).not.toContain('/interaction')
})

test('an expired access token is renewed without the person noticing, and the refresh token changes', async ({
  page,
}) => {
  const tokens = nextTokenResponse(page)
  await signIn(page, customer)
  const before = await tokens
  // The API refuses the token once, as it would a token that has just expired.
  await page.route(
    '**/api/orders*',
    (route) =>
      route.fulfill({ status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } }),
    { times: 1 },
  )
  const renewed = nextTokenResponse(page)
  await page.getByRole('banner').getByRole('link', { name: 'Orders' }).click()
  const after = await renewed
  expect(after.access_token).not.toBe(before.access_token)
  expect(after.refresh_token).not.toBe(before.refresh_token)
  await expect(page.getByRole('heading', { level: 1, name: 'My orders' })).toBeVisible()
  await expect(page.getByRole('link', { name: /A-\d+/ }).first()).toBeVisible()
})

test('AS-19 a refresh token that was already used kills its whole family', async ({ page }) => {
  const tokens = nextTokenResponse(page)
  await register(page)
  const { refresh_token: first } = await tokens
  const answer = await refresh(first)
  const second = await answer.json()
  expect(answer.status).toBe(200)
  await page.waitForTimeout(11_000) // ten seconds are a grace for requests that crossed: refused, and nothing else
  expect((await refresh(first)).status, 'used again').toBe(400)
  expect((await refresh(second.refresh_token)).status, 'its successor').toBe(400)
  await expect.poll(async () => (await callApi('/api/users/me', second.access_token)).status).toBe(401)
})

test('two tabs: signing out in one signs the other out', async ({ context }) => {
  const one = await context.newPage()
  await register(one)
  const two = await context.newPage()
  await two.goto('/orders')
  await expectSignedIn(two)
  await signOut(one)
  await expectSignedOut(two)
})

test('RS-14 after signing out, access and refresh token are refused at once', async ({ page }) => {
  const tokens = nextTokenResponse(page)
  await register(page)
  const { access_token, refresh_token } = await tokens
  expect((await callApi('/api/users/me', access_token)).status).toBe(200)
  await signOut(page)
  expect((await callApi('/api/users/me', access_token)).status).toBe(401)
  expect((await refresh(refresh_token)).status).toBe(400)
  if (!target.isCompose) {
    const direct = await fetch(`${target.userService}/users/me`, {
      headers: { authorization: `Bearer ${access_token}` },
    })
    expect(direct.status, 'the service refuses it too, without the gateway').toBe(401)
  }
  await page.goto('/orders')
  await expectSignedOut(page)
})

function refresh(token: string): Promise<Response> {
  return fetch(`${target.issuer}/token`, {
    method: 'POST',
    headers: { origin: target.webApp },
    body: new URLSearchParams({ grant_type: 'refresh_token', client_id: 'web', refresh_token: token }),
  })
}
