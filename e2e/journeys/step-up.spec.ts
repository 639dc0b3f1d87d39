import { expect, test } from '@playwright/test'
import { callApi, claimsOf, nextTokenResponse } from '../support/api.ts'
import { makeSignInOlder } from '../support/database.ts'
import { administrator, fillSignIn, register, signIn } from '../support/people.ts'
import { target } from '../support/target.ts'

test('RS-17 an administrator who signed in long ago confirms that it is him before he changes roles', async ({
  page,
  browser,
}) => {
  const inNewWindow = async () => (await browser.newContext()).newPage()
  const adminPage = await inNewWindow()
  const adminTokens = nextTokenResponse(adminPage)
  await signIn(adminPage, administrator)
  const { access_token: adminToken } = await adminTokens

  const tokens = nextTokenResponse(page)
  const colleague = await register(page)
  const id = claimsOf((await tokens).access_token).sub as string
  const account = await callApi(`/api/accounts/${id}`, adminToken)
  const promoted = await callApi(`/api/accounts/${id}/roles`, adminToken, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'if-match': account.headers.get('etag') as string },
    body: JSON.stringify({ roles: ['customer', 'administrator'] }),
  })
  expect(promoted.status).toBe(200)

  const customerPage = await inNewWindow()
  const customerTokens = nextTokenResponse(customerPage)
  const customer = await register(customerPage)
  const customerId = claimsOf((await customerTokens).access_token).sub

  await makeSignInOlder(id, 700)
  const address = `${target.webApp}/administration/users/${customerId}?tab=roles`
  await page.goto(address)
  await page.getByRole('checkbox', { name: 'Support' }).check()
  await page.getByRole('button', { name: 'Save roles' }).click()
  const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' })
  await expect(dialog).toBeVisible()
  const request = page.waitForRequest((request) => request.url().startsWith(`${target.issuer}/auth?`))
  await dialog.getByRole('button', { name: 'Sign in once more' }).click()
  expect(new URL((await request).url()).searchParams.get('max_age')).toBe('600')
  await fillSignIn(page, colleague)

  await page.waitForURL(address)
  await expect(page.getByRole('checkbox', { name: 'Support' })).toBeChecked()
  await page.getByRole('button', { name: 'Save roles' }).click()
  await expect(page.getByText(`The roles of ${customer.name} are saved.`)).toBeVisible()
})
