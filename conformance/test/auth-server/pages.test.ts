import { formsOf } from '@alicerce/testing'
import { expect, test } from 'vitest'
import { client, webApp } from '#src/platform/parties.ts'
import { currentPlatform } from '#src/platform/platform.ts'

const { issuer, urls } = currentPlatform()

/** One of each page that people meet. */
async function pages(): Promise<Record<string, { text: string; headers: Headers }>> {
  const { browser, attempt, enter } = webApp()
  const signIn = await browser.open((await attempt()).url)
  const base = new URL(signIn.url).pathname
  const foreign = client('foreign')
  const consent = await foreign.enter(await foreign.browser.open((await foreign.attempt()).url))
  return {
    'sign-in': signIn,
    'refused sign-in': await enter(signIn, 'customer@alicerce.test', 'wrong'),
    registration: await browser.open(`${base}/register`),
    'forgotten password': await browser.open(`${base}/forgotten`),
    consent,
    error: await browser.open((await attempt({ client_id: 'nobody' })).url),
    'expired interaction': await browser.open('/interaction/made-up'),
    'sign-out': await browser.open('/session/end'),
    device: await browser.open('/device'),
    'used link': await browser.open('/reset-password?token=made-up'),
    'no such page': await browser.open('/nowhere'),
  }
}

test('AS-14 AS-15 AS-16 no page can be framed, sends a referrer, loads from elsewhere, or is stored', async () => {
  for (const [name, { headers, text }] of Object.entries(await pages())) {
    const policy = headers.get('content-security-policy')
    expect(policy, name).toContain("frame-ancestors 'none'")
    expect(policy, name).toContain('script-src')
    expect(policy, name).not.toMatch(/unsafe-inline|unsafe-eval|\*/)
    expect(headers.get('x-frame-options'), name).toBe('DENY')
    expect(headers.get('referrer-policy'), name).toBe('no-referrer')
    expect(headers.get('cache-control'), name).toContain('no-store')
    for (const [, address] of text.matchAll(/(?:src|<link[^>]+href)="([^"]+)"/g))
      expect(new URL(address as string, issuer).origin, name).toBe(issuer)
  }
})

test.each([
  ['x-forwarded-host', 'evil.example'],
  ['x-forwarded-proto', 'https'],
  ['x-forwarded-prefix', '/evil'],
  ['forwarded', 'host=evil.example;proto=https'],
  ['x-forwarded-port', '444'],
  ['x-original-host', 'evil.example'],
])('AS-34 %s changes no address and no cookie', async (name, value) => {
  const { browser, attempt } = webApp()
  const plain = webApp()
  await plain.browser.open((await plain.attempt()).url)
  const page = await browser.open((await attempt()).url, { [name]: value })
  const metadata = await fetch(`${urls[1]}/.well-known/openid-configuration`, { headers: { [name]: value } })
  expect(await metadata.json()).toMatchObject({ issuer, token_endpoint: `${issuer}/token` })
  expect(page.url).toMatch(new RegExp(`^${issuer}/interaction/`))
  expect(page.text).not.toContain('evil')
  const cookiesOf = ({ jar }: typeof browser) => [...jar.keys()].map((cookie) => cookie.split(' ')[0]).sort()
  expect(cookiesOf(browser)).toEqual(cookiesOf(plain.browser))
})

test('AS-35 a form without its token, or with that of another sign-in, has no effect', async () => {
  const [mine, theirs] = [webApp(), webApp()]
  const page = await mine.browser.open((await mine.attempt()).url)
  const other = await theirs.browser.open((await theirs.attempt()).url)
  const foreign = formsOf(other.text).find(({ action }) => action.endsWith('/sign-in'))?.hidden.csrf as string
  const credentials = { email: 'customer@alicerce.test', password: 'alicerce-demo' }
  for (const csrf of ['', 'made-up', foreign]) {
    const answer = await mine.browser.post(`${new URL(page.url).pathname}/sign-in`, { ...credentials, csrf })
    expect(answer.status).toBe(400)
    expect(answer.location).toBeUndefined()
  }
  const still = await mine.browser.open((await mine.attempt({ prompt: 'none' })).url)
  expect(still.location?.searchParams.get('error')).toBe('login_required')
})

test('AS-35 the session has another id after the sign-in, and the old one opens nothing', async () => {
  const { browser, attempt, enter } = webApp()
  const sessionIn = () =>
    [...browser.jar].find(([name]) => /session/.test(name) && !/sig/.test(name))?.[1].value
  // A session that is there before the sign-in, as somebody may have planted it.
  await enter(await browser.open((await attempt()).url))
  const before = sessionIn()
  const again = await browser.open((await attempt({ prompt: 'login' })).url)
  await enter(again)
  const after = sessionIn()
  expect(after).toBeTruthy()
  expect(after).not.toBe(before)
  const planted = webApp()
  for (const [name, cookie] of browser.jar) planted.browser.jar.set(name, { ...cookie })
  for (const [name, cookie] of planted.browser.jar)
    if (cookie.value === after) planted.browser.jar.set(name, { ...cookie, value: before as string })
  const opened = await planted.browser.open((await planted.attempt({ prompt: 'none' })).url)
  expect(opened.location?.searchParams.get('error')).toBe('login_required')
})

test('AS-39 back, reload, second tab and replay end in a page or go on, and never fail', async () => {
  const { browser, attempt, enter } = webApp()
  const page = await browser.open((await attempt()).url)
  const address = new URL(page.url).pathname
  expect((await browser.open(address)).status).toBe(200)
  const tab = await browser.open((await attempt()).url)
  await enter(tab)
  for (const old of [address, `${address}/sign-in`, `${address}/consent`, `${address}/nothing`]) {
    const opened = await browser.open(old)
    expect(opened.status, old).toBeLessThan(500)
    const sent = await browser.post(old, { csrf: 'x' })
    expect(sent.status, old).toBeLessThan(500)
  }
  const gone = await browser.open(new URL(tab.url).pathname)
  expect(gone.status).toBe(400)
  expect(gone.text).toMatch(/<a [^>]*href="http:\/\/localhost:8080/)
})
