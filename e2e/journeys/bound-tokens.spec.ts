import { expect, type Page, test } from '@playwright/test'
import { callApi, claimsOf, nextTokenResponse } from '../support/api.ts'
import { customer, expectSignedIn, signIn } from '../support/people.ts'

test.beforeEach(async ({ context }) => {
  // As the gateway serves it with WEB_BOUND_TOKENS=true.
  await context.route('**/configuration.json', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, json: { ...(await response.json()), boundTokens: true } })
  })
})

const openOrders = async (page: Page) => {
  await page.getByRole('banner').getByRole('link', { name: 'Orders' }).click()
  await expect(page.getByRole('link', { name: /A-\d+/ }).first()).toBeVisible()
}

test('RS-13 a token that was stolen from the app is worth nothing without its key', async ({ page }) => {
  const tokens = nextTokenResponse(page)
  const calls = page.waitForRequest((request) => request.url().includes('/api/users/me'))
  await signIn(page, customer)
  await openOrders(page)
  const { access_token: token } = await tokens
  expect(claimsOf(token)).toMatchObject({ cnf: { jkt: expect.stringMatching(/^[\w-]{43}$/) } })
  const headers = await (await calls).allHeaders()
  expect(headers.authorization).toMatch(/^DPoP /)
  expect((await callApi('/api/users/me', token)).status, 'as Bearer').toBe(401)
  const { authorization = '', dpop = '' } = headers
  const again = await callApi('/api/users/me', undefined, { headers: { authorization, dpop } })
  expect(again.status, 'with the proof that was used').toBe(401)
})

test('RS-13 a reload, a second tab and a refresh go on with bound tokens', async ({ page, context }) => {
  await signIn(page, customer)
  await page.reload()
  await expectSignedIn(page)
  const other = await context.newPage()
  await other.goto('/shop')
  await expectSignedIn(other)
  let refused = false
  await other.route('**/api/orders*', (route) => {
    if (refused) return route.continue()
    refused = true
    return route.fulfill({ status: 401, headers: { 'www-authenticate': 'DPoP error="invalid_token"' } })
  })
  await openOrders(other)
  expect(refused).toBe(true)
  await openOrders(page)
})

test('RS-13 a computer whose clock is twenty minutes off makes proofs that count', async ({ page }) => {
  await page.clock.install({ time: Date.now() - 20 * 60_000 })
  await signIn(page, customer)
  await openOrders(page)
})
