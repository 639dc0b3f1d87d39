import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasAuthlib, startAuthlib } from '#src/parties/authlib.ts'
import { foreignParties } from '#src/platform/clients.ts'
import { webApp } from '#src/platform/parties.ts'
import { currentPlatform } from '#src/platform/platform.ts'

const platform = currentPlatform()

describe.runIf(hasAuthlib())('Authlib', () => {
  let party: ReturnType<typeof startAuthlib>
  beforeAll(() => {
    party = startAuthlib({
      ...{ issuer: platform.issuer, client_id: 'authlib', client_secret: platform.secret },
      redirect_uri: foreignParties(platform).authlib.redirect,
    })
  })
  afterAll(() => party.stop())

  test('as a client signs somebody in, learns who it is, renews and revokes', async () => {
    const { browser, enter } = webApp()
    const { url } = await party.step('begin')
    const page = await enter(await browser.open(url))
    const { claims, userinfo } = await party.step('finish', page.location?.href)
    expect(claims).toMatchObject({ iss: platform.issuer, aud: 'authlib', email: 'customer@alicerce.test' })
    expect(userinfo).toMatchObject({ sub: claims.sub, email_verified: true })
    expect(await party.step('refresh')).toEqual({ renewed: true })
    expect(await party.step('revoke')).toEqual({ status: 200, error: 'invalid_grant' })
  })

  test('as a resource server takes our access tokens, and none that is changed, of another audience or too old', async () => {
    const { access_token: token } = await webApp().signIn()
    const judge = (sent: string, audience = 'urn:alicerce:api', later = 0) =>
      party.step('judge', sent, audience, later)
    expect(await judge(token)).toMatchObject({ type: 'at+jwt', claims: { client_id: 'web' } })
    const [header, payload = '', signature] = token.split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const raised = Buffer.from(JSON.stringify({ ...claims, roles: ['administrator'] })).toString('base64url')
    expect(await judge(`${header}.${raised}.${signature}`)).toEqual({ refused: 'BadSignatureError' })
    expect(await judge(token, 'urn:other')).toEqual({ refused: 'InvalidClaimError' })
    expect(await judge(token, undefined, 400)).toEqual({ refused: 'ExpiredTokenError' })
  })
})
