import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRelyingParty } from '@alicerce/testing'
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { expect, test } from 'vitest'
import { logoutClient } from '#src/platform/clients.ts'
import { webApp } from '#src/platform/parties.ts'
import { currentPlatform } from '#src/platform/platform.ts'

const platform = currentPlatform()
const home = 'http://localhost:8080/signed-out'
const end = (parameters: Record<string, string>) => `/session/end?${new URLSearchParams(parameters)}`

test.each([
  ['another address', 'http://localhost:8080/elsewhere'],
  ['another host', 'https://evil.example/signed-out'],
  ['a longer one', `${home}/more`],
])('AS-36 %s after the sign-out is refused by a page', async (_what, post_logout_redirect_uri) => {
  const { browser, signIn } = webApp()
  const { id_token } = await signIn()
  const page = await browser.open(end({ id_token_hint: id_token, post_logout_redirect_uri }))
  expect(page.status).toBe(400)
  expect(page.location).toBeUndefined()
})

test('AS-36 without a hint or a client nobody is sent anywhere, and the person is asked first', async () => {
  const { browser, signIn, attempt } = webApp()
  await signIn()
  const page = await browser.open(end({}))
  expect(page.status).toBe(200)
  expect(page.location).toBeUndefined()
  const still = await browser.open((await attempt({ prompt: 'none' })).url)
  expect(still.location?.searchParams.get('code')).toBeTruthy()
  const refused = await browser.open(end({ post_logout_redirect_uri: home }))
  expect(refused.location).toBeUndefined()
})

test('AS-37 a client hears of the sign-out by a logout token', async () => {
  const received: string[] = []
  const receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    received.push(Buffer.concat(chunks).toString())
    response.writeHead(200).end()
  })
  receiver.listen(platform.logoutPort, '127.0.0.1')
  await once(receiver, 'listening')
  expect((receiver.address() as AddressInfo).port).toBe(platform.logoutPort)
  const party = createRelyingParty(platform, { client: logoutClient.id, redirect: logoutClient.redirect })
  const { id_token } = await party.signIn()
  const page = await party.browser.open(end({ id_token_hint: id_token, client_id: logoutClient.id }))
  if (page.text.includes('/session/end/confirm'))
    await party.browser.submit(page, '/session/end/confirm', { logout: 'yes' })
  await expect.poll(() => received.length).toBe(1)
  const token = new URLSearchParams(received[0]).get('logout_token') as string
  expect(decodeProtectedHeader(token).typ).toBe('logout+jwt')
  const keys = createRemoteJWKSet(new URL(`${platform.issuer}/jwks`))
  const { payload } = await jwtVerify(token, keys, { issuer: platform.issuer, audience: logoutClient.id })
  expect(payload).toMatchObject({ iat: expect.any(Number), exp: expect.any(Number), jti: expect.any(String) })
  expect(payload.events).toEqual({ 'http://schemas.openid.net/event/backchannel-logout': {} })
  expect(payload.sid ?? payload.sub).toBeTruthy()
  expect(payload).not.toHaveProperty('nonce')
  receiver.close()
})
