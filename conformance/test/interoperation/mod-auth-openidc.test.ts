import { createScriptedBrowser } from '@alicerce/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasApache, startApache } from '#src/parties/apache.ts'
import { foreignParties } from '#src/platform/clients.ts'
import { webApp } from '#src/platform/parties.ts'
import { currentPlatform } from '#src/platform/platform.ts'

const platform = currentPlatform()
const { redirect } = foreignParties(platform).apache

describe.runIf(hasApache())('mod_auth_openidc', () => {
  let apache: Awaited<ReturnType<typeof startApache>>
  beforeAll(async () => {
    const { issuer, secret, apachePort: port } = platform
    apache = await startApache({ port, issuer, secret, redirect })
  })
  afterAll(() => apache.stop())

  /** Somebody's browser: at Apache and at the auth server. */
  async function visitor() {
    const party = webApp()
    const site = createScriptedBrowser(() => apache.url, apache.url)
    const asked = await site.open('/app/')
    const page = await party.browser.open(asked.location?.href as string)
    const back = page.location ? page : await party.enter(page)
    const opened = await site.open(back.location?.href as string)
    return { party, site, asked, opened }
  }

  const isAskedToSignIn = ({ location }: { location?: URL }) =>
    location?.href.startsWith(`${platform.issuer}/auth?`)

  test('signs somebody in with PKCE, and knows who it is', async () => {
    const { asked, opened, site } = await visitor()
    expect(asked.location?.searchParams.get('code_challenge_method')).toBe('S256')
    expect(opened.text).toBe('the protected page')
    expect(opened.headers.get('x-user')).toContain('customer@alicerce.test')
    expect((await site.open('/app/')).text).toBe('the protected page')
  })

  test('signs somebody out there and here', async () => {
    const { site, party } = await visitor()
    const leaving = await site.open(`/app/callback?logout=${encodeURIComponent(`${apache.url}/`)}`)
    expect(leaving.location?.searchParams.get('id_token_hint')).toBeTruthy()
    const confirm = await party.browser.open(leaving.location?.href as string)
    const out = await party.browser.submit(confirm, '/session/end/confirm', { logout: 'yes' })
    expect(out.location?.href).toBe(`${apache.url}/`)
    expect(isAskedToSignIn(await site.open('/app/'))).toBe(true)
    expect(
      (await party.browser.open((await party.attempt({ prompt: 'none' })).url)).location?.href,
    ).toContain('login_required')
  })

  test('hears by the back channel of a sign-out that happened elsewhere', async () => {
    const { site, party } = await visitor()
    const confirm = await party.browser.open('/session/end?client_id=web')
    await party.browser.submit(confirm, '/session/end/confirm', { logout: 'yes' })
    await expect.poll(async () => isAskedToSignIn(await site.open('/app/'))).toBe(true)
  })
})
