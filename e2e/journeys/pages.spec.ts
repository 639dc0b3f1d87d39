import { randomUUID } from 'node:crypto'
import { expect, type Page, test } from '@playwright/test'
import { expectAccessible } from '../support/accessible.ts'
import { administrator, signIn } from '../support/people.ts'
import { target } from '../support/target.ts'

const publicPages = ['/', '/shop', '/cart', '/how-it-works', '/signed-out', '/no-such-page']
const personalPages = {
  orders: ['/orders', '/profile', '/staff/orders'],
  people: ['/administration/users', '/administration/users/new'],
  roles: ['/administration/roles', '/administration/roles/administrator'],
  clients: ['/administration/clients', '/administration/clients/new', '/administration/clients/web'],
  operation: [
    ...[
      '/administration/keys',
      '/administration/gateway',
      '/administration/caches',
      '/administration/conformance',
      '/administration/audit',
    ],
  ],
}

test('the public pages are accessible in both themes, whole at 320 px, and within their policy', async ({
  page,
}) => {
  await expectSound(page, publicPages)
})

for (const [name, paths] of Object.entries(personalPages))
  test(`the pages of ${name} are accessible in both themes, whole at 320 px, and within their policy`, async ({
    page,
  }) => {
    await signIn(page, administrator)
    await expectSound(page, paths)
  })

test('the sign-in pages are accessible in both themes and whole at 320 px', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`${target.issuer}/**`)
  await expectFit(page, 'sign in')
  await page.getByRole('link', { name: 'Create an account' }).click()
  await page.locator('#submit').click()
  await expect(page.locator('[aria-invalid]').first()).toBeVisible()
  await expectFit(page, 'register, with faults')
  await page.locator('#name').fill('Rita Ramos')
  await page.locator('#email').fill(`${randomUUID()}@alicerce.test`)
  await page.locator('#password').fill('quatro palavras seguidas')
  await page.locator('#submit').click()
  await page.locator('#code').fill('0000 0000')
  await page.locator('#submit').click()
  await expect(page.locator('[aria-invalid]')).toBeVisible()
  await expectFit(page, 'the code of the mail, with a fault')
})

async function expectSound(page: Page, paths: string[]): Promise<void> {
  const refused: string[] = []
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) refused.push(message.text())
  })
  for (const path of paths) {
    await page.goto(path)
    await expectFit(page, path)
  }
  expect(refused).toEqual([])
}

/** The page that is open, in every shape: each page is loaded once, since loading is what takes long. */
async function expectFit(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await expectAccessible(page, `${name} (${colorScheme})`)
  }
  const size = page.viewportSize() as { width: number; height: number }
  await page.setViewportSize({ width: 320, height: 640 })
  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  await expect.poll(overflow, `${name} at 320 px`).toBe(0)
  await page.setViewportSize(size)
}

test('the app speaks Portuguese to those who do', async ({ browser }) => {
  const page = await (await browser.newContext({ locale: 'pt-BR' })).newPage()
  await page.goto('/')
  await expect(page.locator('html')).toHaveAttribute('lang', 'pt-BR')
  await page.getByRole('banner').getByRole('button', { name: 'Entrar' }).click()
  await page.waitForURL(`${target.issuer}/**`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Que bom ver você')
})

test('signing in works without JavaScript at the auth server', async ({ browser }) => {
  const withScript = await (await browser.newContext()).newPage()
  await withScript.goto('/')
  const started = withScript.waitForRequest((request) => request.url().startsWith(`${target.issuer}/auth?`))
  await withScript.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  const authorization = (await started).url()

  const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
  await page.goto(authorization)
  await page.locator('#email').fill(administrator.email)
  await page.locator('#password').fill(administrator.password)
  await page.locator('#submit').click()
  await page.waitForURL(`${target.webApp}/auth/callback?**`)
})

test('SPA-09 the app’s pages allow scripts and styles of their own origin only, and no frames', async ({
  request,
}) => {
  const response = await request.get('/')
  const policy = response.headers()['content-security-policy'] ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self';")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toContain('unsafe-inline')
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(await response.text())?.[1] as string
  expect((await request.get(script)).headers()['cache-control']).toBe('public, max-age=31536000, immutable')
})
