import { expect, type Page, type Request, test } from '@playwright/test'
import { type OwnPlatform, startOwnPlatform } from '../support/own-platform.ts'
import { customer } from '../support/people.ts'
import { target } from '../support/target.ts'

// A night passes, for the servers too: their clock is moved, which nothing else may share.
test.skip(target.isCompose, 'the clock of containers cannot be moved')
test.describe.configure({ mode: 'serial' })

const hour = 3_600_000
let platform: OwnPlatform
let ahead = 0
test.beforeAll(async () => {
  platform = await startOwnPlatform()
})
test.afterAll(() => platform?.stop())

async function passTime(milliseconds: number): Promise<void> {
  ahead += milliseconds
  await platform.moveClock(ahead)
}

async function signIn(page: Page): Promise<void> {
  await page.goto(platform.webApp)
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`${platform.issuer}/**`)
  await page.locator('#email').fill(customer.email)
  await page.locator('#password').fill(customer.password)
  await page.locator('#submit').click()
  await page.waitForURL(`${platform.webApp}/**`)
  await expect(page.getByRole('button', { name: 'Account menu' })).toBeVisible()
}

function requestsOf(page: Page) {
  const all: Request[] = []
  page.on('request', (request) => all.push(request))
  const count = (start: string) => all.filter((request) => request.url().startsWith(start)).length
  return {
    refreshes: () => count(`${platform.issuer}/token`),
    authorizations: () => count(`${platform.issuer}/auth?`),
  }
}

const openOrders = (page: Page) => page.getByRole('banner').getByRole('link', { name: 'Orders' }).click()
const anOrder = (page: Page) => page.getByRole('link', { name: /A-\d+/ }).first()

const sleeps: [string, (page: Page) => Promise<void>][] = [
  ['all clocks have gone on', (page) => page.clock.fastForward('08:00:00')],
  // As Linux has it: the monotonic clock stands still while the computer sleeps, and only the server knows that the token is old.
  ['the monotonic clock has stood still', (page) => page.clock.setSystemTime(Date.now() + ahead)],
]

for (const [what, wakeUp] of sleeps)
  test(`SPA-07 after eight hours of sleep, in which ${what}, the next look finds the person signed in, without a question`, async ({
    page,
  }) => {
    await page.clock.install({ time: Date.now() + ahead })
    await signIn(page)
    const { refreshes, authorizations } = requestsOf(page)
    await passTime(8 * hour)
    await wakeUp(page)
    await openOrders(page)
    await expect(anOrder(page)).toBeVisible()
    await expect(page.getByRole('button', { name: 'Account menu' })).toBeVisible()
    expect(refreshes()).toBeGreaterThan(0)
    expect(refreshes()).toBeLessThanOrEqual(2)
    expect(authorizations()).toBe(0)
  })

test('SPA-07 after a sleep that outlasts the session the app shows that nobody is signed in, and asks once at most', async ({
  page,
}) => {
  await page.clock.install({ time: Date.now() + ahead })
  await signIn(page)
  await openOrders(page)
  await expect(anOrder(page)).toBeVisible()
  const { authorizations } = requestsOf(page)
  await passTime(13 * hour)
  await page.clock.fastForward('13:00:00')
  await expect(page.getByRole('banner').getByRole('button', { name: 'Sign in' })).toBeVisible()
  await expect(anOrder(page)).toBeHidden()
  expect(authorizations()).toBeLessThanOrEqual(1)
})
