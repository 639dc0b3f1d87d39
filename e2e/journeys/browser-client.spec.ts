import { expect, type Page, type Request, test } from '@playwright/test'
import { callApi, nextTokenResponse } from '../support/api.ts'
import { customer, expectSignedIn, expectSignedOut, register, signIn, signOut } from '../support/people.ts'
import { target } from '../support/target.ts'

const isTokenRequest = (request: Request) => request.url() === `${target.issuer}/token`
/** What a page of the app asks of the auth server without leaving. */
const isCall = (request: Request) =>
  request.url().startsWith(`${target.issuer}/`) && !request.isNavigationRequest()
const isAuthorization = (request: Request) => request.url().startsWith(`${target.issuer}/auth?`)

/** The requests of a page that fit, from now on. */
function requestsOf(page: Page, fits: (request: Request) => boolean): Request[] {
  const requests: Request[] = []
  page.on('request', (request) => {
    if (fits(request)) requests.push(request)
  })
  return requests
}

test('SPA-03 code and state are in no referrer, no later address and no history', async ({ page }) => {
  const all = requestsOf(page, () => true)
  await signIn(page, customer)
  const callback = all.findIndex((request) => request.url().startsWith(`${target.webApp}/auth/callback?`))
  expect(callback).toBeGreaterThan(-1)
  const code = new URL((all[callback] as Request).url()).searchParams.get('code') as string
  await page.getByRole('banner').getByRole('link', { name: 'Orders' }).click()
  await expect(page.getByRole('link', { name: /A-\d+/ }).first()).toBeVisible()
  for (const request of all.slice(callback + 1)) {
    expect(request.url()).not.toContain(code)
    expect((await request.allHeaders()).referer ?? '').not.toContain('code=')
  }
  expect(await page.evaluate(() => document.referrer)).not.toContain('code=')
  await page.goBack()
  expect(page.url()).not.toMatch(/code=|state=/)
})

test('SPA-03 a reload between the answer and the page that it leads to keeps the person signed in', async ({
  page,
}) => {
  await signIn(page, customer)
  await page.goto('/auth/callback')
  await expectSignedIn(page)
  await expect(page).toHaveURL(`${target.webApp}/`)
})

test('SPA-06 a token that is refused for good brings one refresh and one more try, and no circle', async ({
  page,
}) => {
  await register(page)
  await page.route('**/api/orders*', (route) =>
    route.fulfill({ status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } }),
  )
  const refreshes = requestsOf(page, isTokenRequest)
  const tries = requestsOf(page, (request) => request.url().includes('/api/orders'))
  await page.getByRole('banner').getByRole('link', { name: 'Orders' }).click()
  await expect(
    page
      .getByRole('alert')
      .or(page.getByRole('button', { name: 'Try again' }))
      .first(),
  ).toBeVisible()
  expect(refreshes).toHaveLength(1)
  expect(tries).toHaveLength(2)
})

test('SPA-06 when the session is over, every tab shows it, and the way back leads to the page', async ({
  context,
}) => {
  const [one, other] = [await context.newPage(), await context.newPage()]
  const tokens = nextTokenResponse(one)
  await register(one)
  const { refresh_token: token } = await tokens
  await other.goto('/profile')
  await expectSignedIn(other)
  await context.clearCookies()
  const body = new URLSearchParams({ token, client_id: 'web' })
  await fetch(`${target.issuer}/token/revocation`, {
    method: 'POST',
    body,
    headers: { origin: target.webApp },
  })
  await one.getByRole('banner').getByRole('link', { name: 'Orders' }).click()
  await expectSignedOut(one)
  await expectSignedOut(other)
  await expect(one).toHaveURL(`${target.webApp}/orders`)
})

for (const minutes of [20, -20])
  test(`SPA-07 a clock that is wrong by ${minutes} minutes keeps nobody out, and asks nobody in a circle`, async ({
    page,
  }) => {
    await page.clock.install({ time: Date.now() + minutes * 60_000 })
    const authorizations = requestsOf(page, isAuthorization)
    const refreshes = requestsOf(page, isTokenRequest)
    await signIn(page, customer)
    await page.getByRole('banner').getByRole('link', { name: 'Orders' }).click()
    await expect(page.getByRole('link', { name: /A-\d+/ }).first()).toBeVisible()
    expect(authorizations).toHaveLength(1)
    expect(refreshes).toHaveLength(1)
  })

test('SPA-07 after a sleep the next look brings a new token, once', async ({ page }) => {
  await page.clock.install()
  await signIn(page, customer)
  const refreshes = requestsOf(page, isTokenRequest)
  const authorizations = requestsOf(page, isAuthorization)
  // Time has passed, and each timer that is due runs once. Not more than an ID token lives: the server’s clock has not moved.
  await page.clock.fastForward('50:00')
  await page.getByRole('banner').getByRole('link', { name: 'Orders' }).click()
  await expect(page.getByRole('link', { name: /A-\d+/ }).first()).toBeVisible()
  await expectSignedIn(page)
  expect(refreshes.length).toBeGreaterThan(0)
  expect(refreshes.length).toBeLessThanOrEqual(2)
  expect(authorizations).toHaveLength(0)
})

test('SPA-08 the sign-out revokes, ends the session with a hint, and the way back shows nothing', async ({
  page,
  context,
}) => {
  await signIn(page, customer)
  await page.getByRole('banner').getByRole('link', { name: 'Orders' }).click()
  const order = page.getByRole('link', { name: /A-\d+/ }).first()
  await expect(order).toBeVisible()
  const other = await context.newPage()
  await other.goto('/profile')
  await expectSignedIn(other)
  const revocations = requestsOf(page, (request) => request.url() === `${target.issuer}/token/revocation`)
  const ends = requestsOf(page, (request) => request.url().startsWith(`${target.issuer}/session/end?`))
  await signOut(page)
  expect(revocations.some((request) => request.method() === 'POST')).toBe(true)
  expect(new URL((ends[0] as Request).url()).searchParams.get('id_token_hint')).toBeTruthy()
  await expectSignedOut(other)
  await page.goBack()
  await expectSignedOut(page)
  await expect(order).toBeHidden()
})

test('SPA-10 signing in and staying signed in need no frame and no cookie of another site: the browser itself goes to the auth server', async ({
  page,
}) => {
  const [asked, others] = [requestsOf(page, isAuthorization), requestsOf(page, isCall)]
  let frames = 0
  page.on('frameattached', () => frames++)
  await signIn(page, customer)
  await page.goto('/orders')
  await expectSignedIn(page)
  await page.reload()
  await expectSignedIn(page)
  expect(asked.length).toBeGreaterThan(1)
  for (const request of asked) {
    expect(request.isNavigationRequest()).toBe(true)
    expect(request.frame()).toBe(page.mainFrame())
  }
  expect(frames).toBe(0)
  expect(others.length).toBeGreaterThan(1)
  for (const request of others) expect((await request.allHeaders()).cookie, request.url()).toBeUndefined()
})

test('SPA-11 there is no cookie of the app, and one that somebody makes up is nobody', async ({
  page,
  context,
}) => {
  await signIn(page, customer)
  await page.getByRole('banner').getByRole('link', { name: 'Orders' }).click()
  await expect(page.getByRole('link', { name: /A-\d+/ }).first()).toBeVisible()
  if (!target.isCompose) expect(await context.cookies(target.webApp)).toEqual([])
  const cookie = `session=made-up; __Host-session=${'x'.repeat(43)}`
  const response = await callApi('/api/orders', undefined, { headers: { cookie } })
  expect(response.status).toBe(401)
  expect(response.headers.get('set-cookie')).toBeNull()
})

test('SPA-05 ten tabs whose token is refused at the same time refresh once, and all stay signed in', async ({
  context,
}) => {
  const first = await context.newPage()
  await register(first)
  const tabs = [first, ...(await Promise.all(Array.from({ length: 9 }, () => context.newPage())))]
  for (const tab of tabs.slice(1)) {
    await tab.goto('/shop')
    await expectSignedIn(tab)
  }
  const refreshes = tabs.map((tab) => requestsOf(tab, isTokenRequest))
  const refused = new Set<Page>()
  await context.route('**/api/orders*', (route) => {
    const tab = route.request().frame().page()
    if (refused.has(tab)) return route.continue()
    refused.add(tab)
    return route.fulfill({ status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } })
  })
  await Promise.all(tabs.map((tab) => tab.getByRole('banner').getByRole('link', { name: 'Orders' }).click()))
  for (const tab of tabs) {
    await expect(tab.getByRole('heading', { level: 1, name: 'My orders' })).toBeVisible()
    await expectSignedIn(tab)
  }
  expect(refused.size).toBe(10)
  expect(refreshes.flat()).toHaveLength(1)
})
