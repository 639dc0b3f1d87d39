import { type Browser, chromium, type Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startOidcClientPage } from '#src/parties/oidc-client-page.ts'
import { currentPlatform } from '#src/platform/platform.ts'

const { issuer, pagePort: port } = currentPlatform()

let site: Awaited<ReturnType<typeof startOidcClientPage>>
let browser: Browser
beforeAll(async () => {
  site = await startOidcClientPage({ port, issuer })
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH,
    args: ['--no-sandbox'],
  })
})
afterAll(async () => {
  await browser.close()
  await site.stop()
})

/** What the page says that has come of the last step. */
async function result(page: Page) {
  const shown = page.locator('#result:not(:empty)')
  await shown.waitFor()
  return JSON.parse((await shown.textContent()) as string)
}

test('oidc-client-ts in Chromium signs somebody in, reads userinfo, renews, revokes and signs out', async () => {
  const page = await (await browser.newContext()).newPage()
  await page.goto(site.url)
  await page.click('#sign-in')
  await page.fill('#email', 'customer@alicerce.test')
  await page.fill('#password', 'alicerce-demo')
  await page.click('#submit')
  await page.waitForURL(`${site.url}**`)
  const { profile } = await result(page)
  expect(profile).toMatchObject({ iss: issuer, email: 'customer@alicerce.test', email_verified: true })

  const step = async (id: string) => {
    await page.evaluate(() => {
      // biome-ignore lint/suspicious/noExplicitAny: this runs in the page
      ;(globalThis as any).document.querySelector('#result').textContent = ''
    })
    await page.click(`#${id}`)
    return result(page)
  }
  expect(await step('renew')).toEqual({ renewed: true, sub: profile.sub })
  const { revoked } = await step('revoke')
  const refresh = { grant_type: 'refresh_token', refresh_token: revoked, client_id: 'page' }
  const refused = await fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(refresh) })
  expect(await refused.json()).toMatchObject({ error: 'invalid_grant' })

  await page.click('#sign-out')
  await page.waitForURL(site.url)
  await page.click('#sign-in')
  await page.waitForSelector('#email')
})
