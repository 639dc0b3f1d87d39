import { expect, type Page, test } from '@playwright/test'
import { expectAccessible } from '../support/accessible.ts'
import { expectSignedIn, expectSignedOut, fillSignIn, register, signIn } from '../support/people.ts'
import { target } from '../support/target.ts'
import { totpCode } from '../support/totp.ts'

const centre = (page = '') => `${target.issuer}/account${page && `/${page}`}`

/** An authenticator in the machine that recognises its owner, for this page. */
async function giveAuthenticator(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
      ...{ isUserVerified: true, automaticPresenceSimulation: true },
    },
  })
}

test('somebody changes his password, ends a session, and adds a passkey and an app that then sign him in', async ({
  page,
  browser,
}) => {
  const other = await (await browser.newContext()).newPage()
  await giveAuthenticator(page)
  const registered = await register(page)
  await page.goto('/profile')
  await page.getByRole('link', { name: 'Security and account' }).click()
  await page.waitForURL(centre())
  await expectAccessible(page, 'overview')

  await page.getByRole('link', { name: 'Password' }).click()
  await expectAccessible(page, 'password')
  const person = { ...registered, password: 'another one, much longer' }
  await page.getByLabel('New password').fill(person.password)
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByRole('status')).toHaveText(/password is changed/)

  await signIn(other, person)
  await page.getByRole('link', { name: 'Sessions and devices' }).click()
  await expectAccessible(page, 'devices')
  await page.getByRole('button', { name: /^Sign out: / }).click()
  await expect(page.getByRole('status')).toHaveText(/session has ended/)
  await other.reload()
  await expectSignedOut(other)

  await page.goto(centre('passkeys'))
  await expectAccessible(page, 'passkeys')
  await page.getByLabel('Name of the passkey').fill('Laptop')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Recovery codes' })).toBeVisible()
  await expectAccessible(page, 'recovery codes')
  await page.getByRole('link', { name: 'I have kept them' }).click()
  await expectAccessible(page, 'two-step sign-in')

  // The session has shown a password alone, which is not enough by now. The e-mail field offers the passkey, and it is taken at once.
  const shown = page.waitForRequest((request) => /\/interaction\/[^/]+\/passkey$/.test(request.url()))
  await page.getByRole('link', { name: 'Set up an app' }).click()
  expect((await shown).method()).toBe('POST')
  await page.waitForURL(centre('authenticator'))
  await expectAccessible(page, 'authenticator')
  const secret = (await page.locator('#secret').innerText()).replaceAll(' ', '')
  await page.getByRole('textbox', { name: 'Code' }).fill(totpCode(secret, Date.now()))
  await page.getByRole('button', { name: 'Turn it on' }).click()
  await expect(page.getByRole('status')).toHaveText(/app is set up/)

  await other.goto('/')
  await other.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await fillSignIn(other, person)
  // The code of this half minute was used to set the app up.
  await other.getByRole('textbox', { name: 'Code' }).fill(totpCode(secret, Date.now() + 30_000))
  await other.getByRole('button', { name: 'Continue' }).click()
  await expectSignedIn(other)

  for (const name of ['apps', 'activity', 'export', 'delete']) {
    await page.goto(centre(name))
    await expectAccessible(page, name)
  }
})
