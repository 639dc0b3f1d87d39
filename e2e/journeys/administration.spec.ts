import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { expectAccessible } from '../support/accessible.ts'
import { mailedLink } from '../support/mails.ts'
import { administrator, expectSignedOut, register, signIn } from '../support/people.ts'

const inNewWindow = async (browser: Browser) => (await browser.newContext()).newPage()
/** The part of a page of this name; areas of administration may be called the same. */
const tab = (page: Page, name: string) =>
  page.getByRole('main').getByRole('link', { name, exact: true }).last()

test('UX-17 UX-18 an administrator makes an account, its person signs in, and is signed out everywhere', async ({
  page,
  browser,
}) => {
  const id = randomUUID()
  const person = { email: `${id}@alicerce.test`, password: `words ${id}`, name: `Nuno ${id.slice(0, 8)}` }
  await signIn(page, administrator)
  await page.goto('/administration/users/new')
  await page.getByLabel('Name').fill(person.name)
  await page.getByLabel('E-mail').fill(administrator.email)
  await page.getByLabel('First password').fill(person.password)
  await page.getByRole('button', { name: 'Make the account' }).click()
  await expect(page.getByRole('alert')).toContainText('already')
  await page.getByLabel('E-mail').fill(person.email)
  await page.getByRole('button', { name: 'Make the account' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(person.name)

  const own = await inNewWindow(browser)
  await signIn(own, person)
  await tab(page, 'Sessions').click()
  await page.reload()
  await expect(page.getByText('web', { exact: true })).toBeVisible()
  await expectAccessible(page, 'sessions')
  await page.getByRole('button', { name: 'End all sessions' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'End all sessions' }).click()
  await expect(page.getByText('Not signed in anywhere')).toBeVisible()
  await own.goto('/orders')
  await expectSignedOut(own)

  await tab(page, 'Activity').click()
  await expect(page.getByRole('link', { name: 'Account made by an administrator' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Signed out everywhere' })).toBeVisible()
  await expectAccessible(page, 'activity')
})

test('UX-17 an administrator invites somebody, who chooses his password by the mail, and later sends another link', async ({
  page,
  browser,
}) => {
  const id = randomUUID()
  const person = { email: `${id}@alicerce.test`, password: `words ${id}`, name: `Nina ${id.slice(0, 8)}` }
  await signIn(page, administrator)
  await page.goto('/administration/users/new')
  await page.getByLabel('Name').fill(person.name)
  await page.getByLabel('E-mail').fill(person.email)
  await page.getByRole('button', { name: 'Make the account' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(person.name)

  const own = await inNewWindow(browser)
  await own.goto(await mailedLink(person.email, '/invitation'))
  await own.locator('#password').fill(person.password)
  await own.locator('#submit').click()
  await expect(own.getByRole('status')).toContainText('Sign in with your password')
  await signIn(own, person)

  await page.getByRole('button', { name: 'Send the link' }).click()
  await expect(page.getByText(`A link is on its way to ${person.email}`)).toBeVisible()
  await own.goto(await mailedLink(person.email, '/reset-password'))
  await expect(own.getByRole('heading', { level: 1 })).toHaveText('Choose another password')
})

test('UX-20 the address holds the filters of the audit log, and the export honours them', async ({
  page,
  browser,
}) => {
  const person = await register(await inNewWindow(browser))
  await signIn(page, administrator)
  await page.goto('/administration/audit')
  await page.getByLabel('Who', { exact: true }).fill(person.email)
  await expect(page).toHaveURL(/actor=/)
  await page.getByLabel('Action').selectOption({ label: 'Registration' })
  await expect(page).toHaveURL(/action=/)
  await page.reload()
  await expect(page.getByRole('row')).toHaveCount(2)
  await expectAccessible(page, 'audit log')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export as CSV' }).click()
  const lines = (await readFile(await (await download).path(), 'utf8')).trimEnd().split('\r\n')
  expect(lines).toHaveLength(2)
  expect(lines[1]).toContain(person.name)
  await page.getByRole('link', { name: 'Registration' }).click()
  await expect(page.getByRole('definition').filter({ hasText: person.name }).first()).toBeVisible()
  await expectAccessible(page, 'entry')
})

test('UX-20 filters that are set in one moment are all kept', async ({ page }) => {
  await signIn(page, administrator)
  await page.goto('/administration/audit')
  await expect(page.getByLabel('Action').getByRole('option', { name: 'Registration' })).toBeAttached()
  await page.evaluate(() => {
    // Both before React renders again, as a busy machine does it with what a person chooses.
    for (const list of document.querySelectorAll('select')) {
      list.selectedIndex = 1
      list.dispatchEvent(new Event('change', { bubbles: true }))
    }
  })
  await expect(page).toHaveURL(/action=.+outcome=/)
})

test('UX-21 an administrator makes a client, sees its secret once, tests an address and removes it', async ({
  page,
}) => {
  const name = `Report ${randomUUID().slice(0, 8)}`
  await signIn(page, administrator)
  await page.goto('/administration/clients/new')
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('Redirect URIs', { exact: true }).fill('http://report.example/callback')
  await page.getByRole('button', { name: 'Make the client' }).click()
  await expect(page.getByText('is not https').first()).toBeVisible()
  await page.getByLabel('Redirect URIs', { exact: true }).fill('https://report.example/callback')
  await page.getByRole('button', { name: 'Make the client' }).click()
  const secret = page.locator('code', { hasText: /^[\w-]{43}$/ })
  await expect(secret).toBeVisible()
  await expectAccessible(page, 'a secret, once')
  await page.getByRole('link', { name: 'To the client' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name)
  await page.reload()
  await expect(secret).toHaveCount(0)

  await tab(page, 'Redirects').click()
  await page.getByLabel('Redirect URI', { exact: true }).fill('https://report.example/callback/')
  await page.getByRole('button', { name: 'Test' }).click()
  await expect(page.getByText('It is not registered.')).toBeVisible()
  await expectAccessible(page, 'redirects')
  await page.getByLabel('Redirect URI', { exact: true }).fill('https://report.example/callback')
  await page.getByRole('button', { name: 'Test' }).click()
  await expect(page.getByText('Accepted')).toBeVisible()

  await tab(page, 'Secrets').click()
  await page.getByRole('button', { name: 'New secret' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'New secret' }).click()
  await expect(secret).toBeVisible()
  await tab(page, 'Status').click()
  await page.getByRole('button', { name: 'Remove client' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove client' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Clients')
  await expect(page.getByText(name)).toHaveCount(0)
})

test('UX-19 what a role grants is changed once, however many hold an old version of it', async ({
  page,
  browser,
}) => {
  await signIn(page, administrator)
  await page.goto('/administration/roles/support')
  const late = await inNewWindow(browser)
  await signIn(late, administrator)
  await late.goto('/administration/roles/support')
  const words = `Sees and moves all orders (${randomUUID().slice(0, 4)})`
  for (const window of [page, late]) await expect(window.getByLabel('Description')).toBeVisible()
  await page.getByLabel('Description').fill(words)
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByText('The role is saved.')).toBeVisible()
  await late.getByLabel('Description').fill('Something else')
  await late.getByRole('button', { name: 'Save changes' }).click()
  await expect(late.getByText('Somebody changed this meanwhile.')).toBeVisible()
  await expect(late.getByLabel('Description')).toHaveValue(words)
})

test('the conformance page says of the web app what is wrong, why, and what mends it', async ({ page }) => {
  await signIn(page, administrator)
  await page.goto('/administration/conformance')
  await expect(page.getByText('Every rule holds').first()).toBeVisible()
  const webApp = page
    .locator('section')
    .filter({ has: page.locator('a[href="/administration/clients/web"]') })
    .last()
  await webApp.getByText(/rules do not hold/).click()
  await expect(webApp.getByText('Choose the profile FAPI 2.0.')).toBeVisible()
  await expectAccessible(page, 'conformance')
})
