import { type Browser, expect, type Page, test } from '@playwright/test'
import { callApi } from '../support/api.ts'
import { administrator, customer, register, signIn, supportAgent } from '../support/people.ts'

const inNewWindow = async (browser: Browser) => (await browser.newContext()).newPage()
const heading = (page: Page) => page.getByRole('heading', { level: 1 })

/** Types into a search, and waits until the page has taken it up. */
async function search(page: Page, name: string, text: string): Promise<void> {
  await page.getByRole('searchbox', { name }).fill(text)
  await page.waitForURL(/[?&]search=/)
}

/** Searches for something of which there is enough, puts two of it into the cart, and places the order. */
async function placeOrder(page: Page): Promise<string> {
  const { body } = await callApi('/api/catalogue/products?limit=50')
  const product = body.items.find(({ stock }: { stock: number }) => stock > 10)
  await page.goto('/shop')
  await search(page, 'Search the shop', product.name.en)
  await page.getByRole('link', { name: product.name.en }).first().click()
  await page.getByRole('button', { name: 'One more' }).click()
  await page.getByRole('button', { name: 'Add to cart' }).click()
  await page.getByRole('banner').getByRole('link', { name: 'Cart, 2 items' }).click()
  await page.getByRole('link', { name: 'Go to checkout' }).click()
  await expect(heading(page)).toHaveText('Checkout')
  await page.getByLabel('Name', { exact: true }).fill('Rita Ribeiro')
  await page.getByLabel('Address', { exact: true }).fill('Rua das Flores 1')
  await page.getByLabel('Postal code').fill('1200-195')
  await page.getByLabel('City').fill('Lisboa')
  await page.getByRole('button', { name: 'Place order' }).click()
  await expect(heading(page)).toHaveText(/^Order A-\d+$/)
  return page.url()
}

test('from the catalogue to a delivered order: customer and support agent', async ({ page, browser }) => {
  await register(page)
  const order = await placeOrder(page)
  await page.getByRole('button', { name: 'Pay' }).click()
  await expect(page.getByRole('button', { name: 'Pay' })).toBeHidden()

  const agent = await inNewWindow(browser)
  await signIn(agent, supportAgent)
  const number = (await heading(page).textContent())?.replace('Order ', '') ?? ''
  await agent.getByRole('banner').getByRole('link', { name: 'Fulfilment' }).click()
  await expect(heading(agent)).toHaveText('All orders')
  await search(agent, 'Search orders', number)
  await agent.getByRole('link', { name: number }).click()
  await agent.getByRole('button', { name: 'Mark as shipped' }).click()
  await agent.getByRole('button', { name: 'Mark as delivered' }).click()
  await expect(agent.getByRole('main').getByText('Delivered').first()).toBeVisible()

  await page.goto(order)
  await expect(page.getByRole('main').getByText('Delivered').first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Cancel order' })).toBeHidden()
})

test('a customer cancels an order while that is allowed', async ({ page }) => {
  await register(page)
  await placeOrder(page)
  await page.getByRole('button', { name: 'Cancel order' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel order' }).click()
  await expect(page.getByRole('main').getByText('Cancelled').first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Pay' })).toBeHidden()
})

test('the cart is there again after a reload, and asks to sign in before the checkout', async ({ page }) => {
  await page.goto('/shop')
  await page.locator('main a[href^="/shop/"]').first().click()
  await page.getByRole('button', { name: 'Add to cart' }).click()
  await page.reload()
  await expect(page.getByRole('banner').getByRole('link', { name: 'Cart, 1 item' })).toBeVisible()
  await page.goto('/checkout')
  await expect(heading(page)).toHaveText('Sign in to see this')
})

test('a search that was typed just before does not call a person back from the way to another page', async ({
  page,
}) => {
  await page.route('**/product-page*.js', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    await route.continue()
  })
  await page.goto('/shop')
  const product = page.locator('main a[href^="/shop/"]').first()
  const name = await product.textContent()
  await page.getByRole('searchbox', { name: 'Search the shop' }).fill(name ?? '')
  // At once, before the search is taken up.
  await product.evaluate((link: HTMLAnchorElement) => link.click())
  await expect(heading(page)).toHaveText(name ?? '')
})

test('a person changes the own profile and finds it changed', async ({ page }) => {
  await register(page)
  await page.getByRole('button', { name: 'Account menu' }).click()
  await page.getByRole('menuitem', { name: 'Profile' }).click()
  await page.locator('input[name="name"]').first().fill('Rita de Sousa')
  await page.getByLabel('Phone').fill('+351 210 000 000')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByText('Your profile is saved.')).toBeVisible()
  await page.reload()
  await expect(page.locator('input[name="name"]').first()).toHaveValue('Rita de Sousa')
})

test('an administrator makes a customer a support agent, and the next token knows it', async ({
  page,
  browser,
}) => {
  const person = await register(page)
  await expect(page.getByRole('banner').getByRole('link', { name: 'Fulfilment' })).toBeHidden()

  const admin = await inNewWindow(browser)
  await signIn(admin, administrator)
  await admin.getByRole('banner').getByRole('link', { name: 'Administration' }).click()
  await search(admin, 'Search users', person.email)
  await admin.getByRole('link', { name: person.name }).click()
  await admin.getByRole('navigation', { name: person.name }).getByRole('link', { name: 'Roles' }).click()
  await admin.getByRole('checkbox', { name: /Support/ }).check()
  await admin.getByRole('button', { name: 'Save roles' }).click()
  await expect(admin.getByRole('checkbox', { name: /Support/ })).toBeChecked()

  await expect(async () => {
    await page.reload()
    await expect(page.getByRole('banner').getByRole('link', { name: 'Fulfilment' })).toBeVisible({
      timeout: 10_000,
    })
  }).toPass({ timeout: 45_000 })
  await page.getByRole('banner').getByRole('link', { name: 'Fulfilment' }).click()
  await expect(heading(page)).toHaveText('All orders')
})

test('an administrator disables an account, and its person is out', async ({ page, browser }) => {
  const person = await register(page)
  const admin = await inNewWindow(browser)
  await signIn(admin, administrator)
  await admin.getByRole('banner').getByRole('link', { name: 'Administration' }).click()
  await search(admin, 'Search users', person.email)
  await admin.getByRole('link', { name: person.name }).click()
  await admin.getByRole('button', { name: 'Disable account' }).click()
  await admin
    .getByRole('dialog')
    .getByRole('button', { name: /Disable/ })
    .click()
  await expect(admin.getByRole('button', { name: 'Enable account' })).toBeVisible()

  await page.goto('/orders')
  await expect(page.getByRole('button', { name: 'Account menu' })).toBeHidden()
})

test('«How it works» draws the way of the person’s own requests, down to the cache', async ({ page }) => {
  await signIn(page, customer)
  await page.getByRole('banner').getByRole('link', { name: 'Orders' }).click()
  await expect(page.getByRole('link', { name: /A-\d+/ }).first()).toBeVisible()
  await page.getByRole('banner').getByRole('link', { name: 'How it works' }).click()
  await page.getByRole('button', { name: 'Ask for a product' }).click()
  await page.getByRole('button', { name: 'Ask for a product' }).click()
  const way = page.getByRole('list', { name: 'The way of this request' })
  for (const stage of ['Browser', 'Gateway', 'Token check', 'Policy', 'Service', 'Cache'])
    await expect(way.getByText(stage, { exact: true })).toBeVisible()
  await expect(page.getByText(/^[0-9a-f]{32}$/)).toBeVisible()
})
