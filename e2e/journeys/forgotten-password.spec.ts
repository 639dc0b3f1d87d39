import { expect, test } from '@playwright/test'
import { expectAccessible } from '../support/accessible.ts'
import { expectSignedIn, expectSignedOut, fillSignIn, register } from '../support/people.ts'
import { target } from '../support/target.ts'

test('AS-22 somebody who has forgotten his password chooses another one by mail, and is out everywhere else', async ({
  page,
  browser,
}) => {
  const person = await register(page)
  const elsewhere = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  await elsewhere.goto('/')
  await elsewhere.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await elsewhere.getByRole('link', { name: 'Forgot your password?' }).click()
  await expectAccessible(elsewhere, 'forgotten')
  await elsewhere.getByLabel('E-mail').fill(person.email)
  await elsewhere.getByRole('button', { name: 'Send the link' }).click()
  await expect(elsewhere.getByRole('status')).toContainText(person.email)

  const mail = elsewhere
    .getByRole('article')
    .filter({ hasText: person.email })
    .filter({ hasText: 'Choose another password' })
  await expect(async () => {
    await elsewhere.goto(`${target.issuer}/outbox`)
    await expect(mail).toBeVisible({ timeout: 1000 })
  }).toPass()
  await expectAccessible(elsewhere, 'outbox')
  await mail.getByRole('link').click()
  await expectAccessible(elsewhere, 'another password')
  await elsewhere.getByLabel('New password').fill('quite another password')
  await elsewhere.getByRole('button', { name: 'Change password' }).click()
  await expect(elsewhere.getByRole('heading', { level: 1 })).toHaveText('Your password is changed')

  await elsewhere.getByRole('link', { name: 'Sign in' }).click()
  await elsewhere.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await fillSignIn(elsewhere, { ...person, password: 'quite another password' })
  await expectSignedIn(elsewhere)

  await page.goto('/orders')
  await expectSignedOut(page)
  await page.goto('/')
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await fillSignIn(page, person)
  await expect(page.getByRole('alert')).toBeVisible()
})
