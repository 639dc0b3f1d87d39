import { type CryptoKey, importJWK } from 'jose'
import * as client from 'openid-client'
import { beforeAll, expect, test } from 'vitest'
import { foreignParties } from '#src/platform/clients.ts'
import { webApp } from '#src/platform/parties.ts'
import { currentPlatform } from '#src/platform/platform.ts'

const platform = currentPlatform()
const { partner } = foreignParties(platform)
const api = { scope: 'openid orders:read', resource: 'urn:alicerce:api' }

let config: client.Configuration
beforeAll(async () => {
  const key = (await importJWK(platform.partnerKey, 'ES256')) as CryptoKey
  const authentication = client.PrivateKeyJwt({ key, kid: 'partner' })
  config = await client.discovery(new URL(platform.issuer), 'partner', {}, authentication, {
    execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
  })
})

/** Signs the demo customer in, by the authorization request that the library has made. */
async function signIn(url: URL) {
  const { browser, enter } = webApp()
  const page = await enter(await browser.open(url.href))
  return { browser, answer: page.location as URL }
}

async function attempt(asked: Record<string, string>) {
  const [pkceCodeVerifier, expectedState, expectedNonce] = [
    client.randomPKCECodeVerifier(),
    client.randomState(),
    client.randomNonce(),
  ]
  const parameters = {
    ...{ redirect_uri: partner.redirect, state: expectedState, nonce: expectedNonce, ...asked },
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  }
  return { parameters, checks: { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true } }
}

test('openid-client signs somebody in by a pushed request with a signed assertion, and uses, renews and revokes bound tokens', async () => {
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair())
  const { parameters, checks } = await attempt(api)
  const url = await client.buildAuthorizationUrlWithPAR(config, parameters, { DPoP })
  expect([...url.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri'])
  const { browser, answer } = await signIn(url)
  const tokens = await client.authorizationCodeGrant(config, answer, checks, {}, { DPoP })
  expect(tokens.token_type).toBe('dpop')
  expect(tokens.claims()).toMatchObject({ iss: platform.issuer, aud: 'partner' })

  const orders = new URL(`${platform.gateway}/api/orders`)
  const get = (token: string) =>
    client.fetchProtectedResource(config, token, orders, 'GET', undefined, undefined, { DPoP })
  expect((await get(tokens.access_token)).status).toBe(200)
  const renewed = await client.refreshTokenGrant(config, tokens.refresh_token as string, {}, { DPoP })
  expect((await get(renewed.access_token)).status).toBe(200)
  expect(await client.tokenIntrospection(config, renewed.access_token)).toMatchObject({
    ...{ active: true, client_id: 'partner', sub: tokens.claims()?.sub },
  })
  await client.tokenRevocation(config, renewed.refresh_token as string)
  await expect(
    client.refreshTokenGrant(config, renewed.refresh_token as string, {}, { DPoP }),
  ).rejects.toMatchObject({ error: 'invalid_grant' })

  const end = client.buildEndSessionUrl(config, {
    id_token_hint: tokens.id_token as string,
    post_logout_redirect_uri: partner.signedOut,
  })
  const confirm = await browser.open(end.href)
  const out = confirm.location
    ? confirm
    : await browser.submit(confirm, '/session/end/confirm', { logout: 'yes' })
  expect(out.location?.href).toMatch(partner.signedOut)
})

test('openid-client learns from userinfo who somebody is', async () => {
  const { parameters, checks } = await attempt({ scope: 'openid profile email' })
  const { answer } = await signIn(client.buildAuthorizationUrl(config, parameters))
  const tokens = await client.authorizationCodeGrant(config, answer, checks)
  const { sub } = tokens.claims() as client.IDToken
  expect(await client.fetchUserInfo(config, tokens.access_token, sub)).toMatchObject({
    ...{ sub, email: 'customer@alicerce.test', email_verified: true },
  })
})

test('openid-client acts for itself, and on behalf of somebody', async () => {
  const own = await client.clientCredentialsGrant(config, { scope: 'orders:read', resource: api.resource })
  expect(await client.tokenIntrospection(config, own.access_token)).toMatchObject({
    ...{ active: true, scope: 'orders:read' },
  })
  const person = await webApp().signIn()
  const exchanged = await client.genericGrantRequest(
    config,
    'urn:ietf:params:oauth:grant-type:token-exchange',
    {
      subject_token: person.access_token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      ...{ scope: 'orders:read', resource: api.resource },
    },
  )
  expect(await client.tokenIntrospection(config, exchanged.access_token)).toMatchObject({
    ...{ active: true, scope: 'orders:read', client_id: 'partner' },
  })
})

test('openid-client waits for somebody who signs in on another device', async () => {
  const started = await client.initiateDeviceAuthorization(config, api)
  const polling = client.pollDeviceAuthorizationGrant(config, started)
  const party = webApp()
  const form = await party.browser.open('/device')
  const confirm = await party.browser.submit(form, '/device', { user_code: started.user_code })
  const after = await party.enter(await party.browser.submit(confirm, '/device'))
  expect(after.status).toBe(200)
  const tokens = await polling
  expect(tokens.scope).toContain('orders:read')
})
