import { expect, type Page, test } from '@playwright/test'
import { expectAccessible } from '../support/accessible.ts'
import { administrator, signIn } from '../support/people.ts'
import { target } from '../support/target.ts'

const publicPages = ['/', '/shop', '/cart', '/how-it-works', '/signed-out', '/no-such-page']
const personalPages = [
  '/orders',
  '/profile',
  '/staff/orders',
  '/administration/users',
  '/administration/users/new',
  '/administration/roles',
  '/administration/roles/administrator',
  '/administration/clients',
  '/administration/clients/new',
  '/administration/clients/web',
  '/administration/keys',
  '/administration/conformance',
  '/administration/audit',
]

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on the public pages (${colorScheme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme })
    for (const path of publicPages) {
      await page.goto(path)
      await expectAccessible(page, path)
    }
  })

  test(`axe finds nothing on the pages of somebody who may see all (${colorScheme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme })
    await signIn(page, administrator)
    for (const path of personalPages) {
      await page.goto(path)
      await expectAccessible(page, path)
    }
  })

  test(`axe finds nothing on the sign-in pages (${colorScheme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme })
    await page.goto('/')
    await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(`${target.issuer}/**`)
    await expectAccessible(page, 'sign in')
    await page.getByRole('link', { name: 'Create an account' }).click()
    await page.locator('#submit').click()
    await expect(page.locator('[aria-invalid]').first()).toBeVisible()
    await expectAccessible(page, 'register, with faults')
  })
}

test('nothing is cut off at 320 px', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 })
  await page.goto('/')
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`${target.issuer}/**`)
  expect(await overflow(page), 'sign in').toBe(0)
  await page.locator('#email').fill(administrator.email)
  await page.locator('#password').fill(administrator.password)
  await page.locator('#submit').click()
  await page.waitForURL(`${target.webApp}/**`)
  for (const path of [...publicPages, ...personalPages]) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await page.waitForLoadState('networkidle')
    expect(await overflow(page), path).toBe(0)
  }
})

const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

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

test('no page breaks its own Content-Security-Policy', async ({ page }) => {
  const refused: string[] = []
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) refused.push(message.text())
  })
  await signIn(page, administrator)
  for (const path of [...publicPages, ...personalPages]) {
    await page.goto(path)
    await page.waitForLoadState('networkidle')
  }
  expect(refused).toEqual([])
})
