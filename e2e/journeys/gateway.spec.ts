import { expect, type Page, test } from '@playwright/test'
import { expectAccessible } from '../support/accessible.ts'
import { callApi, nextTokenResponse } from '../support/api.ts'
import { administrator, customer, signIn } from '../support/people.ts'

const address = '/administration/gateway'

/** The view is only looked at: its own address, without that of the question. */
const isView = (url: URL) => url.pathname === '/api/gateway'

/** Opens the page with what the gateway says changed, since no test may break the platform that others use. */
async function openWith(page: Page, change: (view: Json) => void): Promise<void> {
  await page.route(isView, async (route) => {
    const response = await route.fetch()
    const view = await response.json()
    change(view)
    await route.fulfill({ response, json: view })
  })
  await page.goto(address)
}

// biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of an answer
type Json = Record<string, any>

test('GW-71 an administrator sees what the gateway serves, and which route takes a URL', async ({ page }) => {
  await signIn(page, administrator)
  await page.goto('/administration')
  await page.getByRole('link', { name: 'Gateway', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Gateway')
  await expect(page.getByText('without faults')).toBeVisible()
  await expect(page.getByRole('row', { name: /orders-write/ })).toContainText('POST PUT PATCH DELETE')
  const destinations = page.getByRole('table', { name: 'Destinations of orders' })
  await expect(destinations.getByText('Takes requests')).toBeVisible()
  await page.getByText('Settings: orders').click()
  await expect(page.getByText('PowerOfTwoChoices').first()).toBeVisible()

  await page.getByLabel('URL or path').fill('/api/orders/7')
  await page.getByLabel('Method').selectOption('POST')
  await page.getByRole('button', { name: 'Find the route' }).click()
  await expect(page.getByText('orders-write takes it, and the cluster orders answers.')).toBeVisible()
  await expect(page.getByText('orders-read: it takes GET, HEAD')).toBeVisible()
  await page.getByText(/more have another path/).click()
  await expect(page.getByText(/^catalogue: its path is/)).toBeVisible()
  await expectAccessible(page, 'which route')
  await page.getByLabel('URL or path').fill('/api/a/../orders')
  await page.getByRole('button', { name: 'Find the route' }).click()
  await expect(page.getByText('It is refused before any route is tried, with 400')).toBeVisible()
  await page.getByLabel('Headers').fill('no header')
  await page.getByRole('button', { name: 'Find the route' }).click()
  await expect(page.getByRole('alert')).toContainText('The request is not valid')
})

test('GW-71 the figures follow while somebody can see them, never two requests at once, and stand still when told to', async ({
  page,
}) => {
  await signIn(page, administrator)
  let [asked, atWork, most] = [0, 0, 0]
  await page.route(isView, async (route) => {
    asked++
    most = Math.max(most, ++atWork)
    const response = await route.fetch()
    // Longer than the pause between two requests.
    if (asked === 2) await new Promise((resolve) => setTimeout(resolve, 7000))
    atWork--
    await route.fulfill({ response })
  })
  await page.goto(address)
  await expect.poll(() => asked).toBeGreaterThanOrEqual(3)
  expect(most).toBe(1)

  const show = (state: 'hidden' | 'visible') =>
    page.evaluate((visibility) => {
      Object.defineProperty(document, 'visibilityState', { value: visibility, configurable: true })
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
    }, state)
  const expectSilence = async () => {
    await expect.poll(() => atWork).toBe(0)
    const before = asked
    await page.waitForTimeout(6000)
    expect(asked).toBe(before)
  }
  await show('hidden')
  await expectSilence()
  const before = asked
  await show('visible')
  await expect.poll(() => asked).toBeGreaterThan(before)
  await page.getByRole('button', { name: 'Pause' }).click()
  await expect(page.getByText('They stand still.')).toBeVisible()
  await expectSilence()
  await page.getByRole('button', { name: 'Go on' }).click()
  const paused = asked
  await expect.poll(() => asked).toBeGreaterThan(paused)
})

test('GW-71 faults, warnings and unwell destinations are told in words, and so is an empty configuration', async ({
  page,
}) => {
  await signIn(page, administrator)
  await openWith(page, (view) => {
    view.lastReading.faults = ['Routes.x.ClusterId names no cluster (ordres). Did you mean orders?']
    view.lastReading.warnings = ['Routes.a and Routes.b both match GET /x, with equal rank.']
    view.access = { hasKeys: false, revocationsSilentMilliseconds: 42_000 }
    const [orders, users] = view.clusters
    Object.assign(orders.destinations[0], {
      health: { active: 'unhealthy', passive: 'unknown' },
      breaker: { state: 'open', remainingMilliseconds: 3500 },
      live: { requestsPerSecond: 12.345, failuresPerSecond: 3, p50Milliseconds: 8.1, p95Milliseconds: 250 },
    })
    Object.assign(users.destinations[0], { breaker: { state: 'half-open', remainingMilliseconds: 0 } })
  })
  await expect(page.getByText('has a fault. What was read before goes on serving.')).toBeVisible()
  await expect(page.getByText('Did you mean orders?')).toBeVisible()
  await expect(page.getByText('Not heard for 42 s')).toBeVisible()
  const orders = page.getByRole('table', { name: 'Destinations of orders' })
  for (const words of ['Left out', 'The probes are not answered.', 'open, for 4 s more', '12', '250 ms'])
    await expect(orders.getByText(words).first()).toBeVisible()
  await expect(page.getByRole('table', { name: 'Destinations of users' }).getByText('On trial')).toBeVisible()
  await expectAccessible(page, 'faults')

  await page.unroute(isView)
  await openWith(page, (view) =>
    Object.assign(view, { routes: [], clusters: [], rateLimits: { isAlone: true, policies: [] } }),
  )
  await expect(page.getByText('The configuration has no cluster.')).toBeVisible()
  await expect(page.getByText('The configuration has no route')).toBeVisible()
  await expectAccessible(page, 'empty')

  await page.unroute(isView)
  await page.route(isView, (route) => route.fulfill({ status: 403, json: {} }))
  await page.goto(address)
  await expect(page.getByRole('alert')).toBeVisible()
  await page.unroute(isView)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('table', { name: 'Routes' })).toBeVisible()
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('GW-71 nobody but administrators sees the page or the API behind it', async ({ page }) => {
  const response = nextTokenResponse(page)
  await signIn(page, customer)
  const { access_token: token } = await response
  await page.goto(address)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You may not see this page')
  for (const path of ['/api/gateway', '/api/gateway/which?url=/']) {
    expect((await callApi(path)).status).toBe(401)
    expect((await callApi(path, token)).status).toBe(403)
  }
})

test('GW-71 the page speaks Portuguese', async ({ browser }) => {
  const page = await (await browser.newContext({ locale: 'pt-BR' })).newPage()
  await page.goto('/')
  await page.evaluate(() => localStorage.setItem('alicerce.locale', 'en'))
  await signIn(page, administrator)
  await page.evaluate(() => localStorage.setItem('alicerce.locale', 'pt-BR'))
  await page.goto(address)
  await expect(page.getByRole('heading', { name: 'Qual rota atende esta URL?' })).toBeVisible()
  await expect(page.getByText('Recebe requisições').first()).toBeVisible()
  await expectAccessible(page, 'gateway, pt-BR')
})
