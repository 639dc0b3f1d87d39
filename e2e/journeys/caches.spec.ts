import { expect, type Page, test } from '@playwright/test'
import { expectAccessible } from '../support/accessible.ts'
import { callApi, nextTokenResponse } from '../support/api.ts'
import { administrator, customer, register, signIn } from '../support/people.ts'

const address = '/administration/caches'
const isView = (url: URL) => url.pathname === '/api/administration/caches/orders'

/** With SCREENSHOTS=<folder> the pages are kept as pictures, for eyes. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}

test('CA-60 an administrator sees how the cache is, looks at a hot key and makes it void, which is entered', async ({
  page,
}) => {
  await signIn(page, administrator)
  await page.goto('/shop')
  await page.locator('main a[href^="/shop/"]').first().click()
  await page.waitForURL(/\/shop\/[0-9a-f-]{36}/)
  const productId = page.url().split('/').at(-1) as string
  for (let read = 0; read < 5; read++) await callApi(`/api/catalogue/products/${productId}`)
  await page.goto('/administration')
  await page.getByRole('link', { name: 'Cache', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Cache')
  await expect(page.getByText(/never more than 2 sec/)).toBeVisible()
  const classes = page.getByRole('table', { name: 'Classes' })
  for (const name of ['product', 'product-list', 'category', 'order', 'order-list', 'account'])
    await expect(
      classes.getByRole('row').filter({ has: page.getByText(name, { exact: true }) }),
    ).toBeVisible()
  await expect(
    page.getByRole('table', { name: 'Processes' }).getByText('From the cache').first(),
  ).toBeVisible()
  await expectAccessible(page, 'caches')
  await picture(page, 'caches')

  await page.getByRole('button', { name: `Choose product: ${productId}` }).click()
  await expect(page.getByLabel('Key', { exact: true })).toHaveValue(productId)
  await expect(page.getByText('is answered at once')).toBeVisible()
  await expectAccessible(page, 'explained')
  await picture(page, 'caches-explained')
  await page.getByRole('button', { name: 'Make void' }).click()
  await expect(page.getByText('It is void, and entered in the log below.')).toBeVisible()
  const log = page.getByRole('table', { name: 'Who made what void' })
  await expect(log.getByRole('row', { name: new RegExp(`product: ${productId} Ana Almeida`) })).toBeVisible()

  await page.getByLabel('What', { exact: true }).selectOption('All that has a tag')
  await page.getByLabel('Tag', { exact: true }).fill('catalogue')
  await page.getByRole('button', { name: 'Make void' }).click()
  await expect(log.getByRole('row', { name: /Tag catalogue Ana Almeida/ }).first()).toBeVisible()

  await page.getByRole('link', { name: 'Profiles', exact: true }).click()
  await expect(classes.getByText('profile', { exact: true })).toBeVisible()
  await expectAccessible(page, 'caches of profiles')
})

test('CA-63 what is wrong with a cache is told in words', async ({ page }) => {
  await signIn(page, administrator)
  await page.route(isView, async (route) => {
    const response = await route.fetch()
    const view = await response.json()
    view.outboxAgeMilliseconds = 42_000
    view.evictedKeys = 7
    Object.assign(view.processes[0], {
      ...{ trusted: false, stalenessMilliseconds: null, breaker: 'open', silentMilliseconds: 12_000 },
      firstLevel: { live: false, entries: 0, bytes: 0, resets: 3 },
    })
    Object.assign(view.classes[0], {
      bypasses: 9,
      failSafeServed: 2,
      loads: { succeeded: 3, failed: 2, refused: 1, milliseconds: 500 },
      waits: { answered: 3, gaveUp: 1, milliseconds: 80 },
    })
    await route.fulfill({ response, json: view })
  })
  await page.goto(address)
  for (const words of [
    'Not known: reads go around the cache until it is.',
    'Does not answer 1 process of',
    '7 keys, for want of memory',
    'Silent for 12 sec',
    'From the database',
    '2 failed',
    '1 got no turn',
    '1 in vain',
    '2 kept values',
  ])
    await expect(page.getByText(words).first()).toBeVisible()
  await expectAccessible(page, 'a cache in trouble')
  await picture(page, 'caches-trouble')
})

test('nobody but administrators sees the caches or the API behind them', async ({ page }) => {
  const response = nextTokenResponse(page)
  await signIn(page, customer)
  const { access_token: token } = await response
  await page.goto(address)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You may not see this page')
  for (const service of ['orders', 'users']) {
    const path = `/api/administration/caches/${service}`
    expect((await callApi(path)).status).toBe(401)
    expect((await callApi(path, token)).status).toBe(403)
    const init = {
      method: 'POST',
      body: '{"tag":"catalogue"}',
      headers: { 'content-type': 'application/json' },
    }
    expect((await callApi(`${path}/invalidations/tags`, token, init)).status).toBe(403)
  }
})

test('UX-38 UX-39 the page of the caches fits a phone, in the dark and in Portuguese', async ({
  browser,
}) => {
  const context = await browser.newContext({
    ...{ locale: 'pt-BR', colorScheme: 'dark', viewport: { width: 320, height: 740 } },
  })
  const page = await context.newPage()
  await page.goto('/')
  await page.evaluate(() => localStorage.setItem('alicerce.locale', 'en'))
  await page.setViewportSize({ width: 1280, height: 800 })
  await signIn(page, administrator)
  await page.setViewportSize({ width: 320, height: 740 })
  await page.evaluate(() => localStorage.setItem('alicerce.locale', 'pt-BR'))
  await page.goto(address)
  await expect(page.getByRole('heading', { name: 'Chaves mais lidas' })).toBeVisible()
  await expect(page.getByText('Do cache').first()).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  await expectAccessible(page, 'caches, pt-BR, dark')
  await picture(page, 'caches-phone')
  await page.goto('/how-it-works')
  await page.getByRole('button', { name: 'Pedir um produto' }).click()
  await expect(page.getByText(/Como o cache respondeu/)).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  await expectAccessible(page, 'how it works, pt-BR, dark')
  await picture(page, 'how-it-works-phone')
})

test('«How it works» shows which level answered, how old the value was, and how far behind the cache may be', async ({
  page,
}) => {
  await page.goto('/how-it-works')
  const ask = page.getByRole('button', { name: 'Ask for a product' })
  const answered = page.waitForResponse((response) => /products\/[0-9a-f-]{36}$/.test(response.url()))
  await ask.click()
  await answered
  await ask.click()
  await expect(page.getByText('PostgreSQL').or(page.getByText('Memory')).first()).toBeVisible()
  await expect(async () => {
    await ask.click()
    await expect(page.getByText(/Memory · loaded [\d.]+ sec ago/).first()).toBeVisible({ timeout: 2000 })
  }).toPass()
  await expect(page.getByText(/at most [\d.]+ sec behind/)).toBeVisible()
  await expect(page.getByText('2 s, else the database is asked')).toBeVisible()
  await expectAccessible(page, 'the cache live')
  await picture(page, 'how-it-works')
})

test('CA-06 who orders something sees it in his list at once, also after a reload and in another tab', async ({
  page,
  context,
}) => {
  await register(page)
  await page.goto('/orders')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.goto('/shop')
  await page.locator('main a[href^="/shop/"]').first().click()
  await page.getByRole('button', { name: 'Add to cart' }).click()
  const tokens: string[] = []
  page.on('request', (request) => {
    if (request.url().includes('/api/orders')) tokens.push(request.headers()['consistency-token'] ?? '')
  })
  await page.goto('/checkout')
  await page.getByLabel('Name').fill('Rita Reis')
  await page
    .getByLabel(/Street|Address/)
    .first()
    .fill('Rua das Flores 28')
  await page.getByLabel('Postal code').fill('1200-195')
  await page.getByLabel('City').fill('Lisboa')
  await page.getByRole('button', { name: 'Place order' }).click()
  await page.waitForURL(/\/orders\/[0-9a-f-]{36}/)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Order A-\d+$/)
  const number = (await page.getByRole('heading', { level: 1 }).innerText()).replace('Order ', '')
  await page.goto('/orders')
  await expect(page.getByText(number).first()).toBeVisible()
  expect(tokens.filter((token) => token !== '').length).toBeGreaterThan(0)
  const other = await context.newPage()
  await other.goto('/orders')
  await expect(other.getByText(number).first()).toBeVisible()
})
