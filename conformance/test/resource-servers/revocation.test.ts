import { claimsOf } from '@alicerce/testing'
import { expect, test } from 'vitest'
import { changeAtRest } from '#src/platform/at-rest.ts'
import { machine, newCustomer, webApp } from '#src/platform/parties.ts'
import { currentPlatform } from '#src/platform/platform.ts'

const { gateway, orders, users, urls } = currentPlatform()
const servers = {
  gateway: `${gateway}/api/orders`,
  'order-service': `${orders}/orders`,
  'user-service': `${users}/users/me`,
}

const statusOf = async (url: string, token: string) => {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  await response.body?.cancel()
  return response.status
}

async function expectRefusedEverywhere(token: string) {
  for (const [name, url] of Object.entries(servers))
    await expect.poll(() => statusOf(url, token), { timeout: 1000, message: name }).toBe(401)
}

async function aliveEverywhere(token: string) {
  for (const [name, url] of Object.entries(servers)) expect(await statusOf(url, token), name).toBe(200)
}

test('RS-14 a sign-out is heard by gateway and services, verified tokens included', async () => {
  const { browser, signIn } = webApp()
  const { access_token, id_token } = await signIn()
  await aliveEverywhere(access_token)
  const query = new URLSearchParams({
    ...{ id_token_hint: id_token, post_logout_redirect_uri: 'http://localhost:8080/signed-out' },
  })
  const page = await browser.open(`/session/end?${query}`)
  if (!page.location) await browser.submit(page, '/session/end/confirm', { logout: 'yes' })
  await expectRefusedEverywhere(access_token)
})

test('RS-14 a revoked access token is refused, and its sisters are not', async () => {
  const [one, other] = [await webApp().signIn(), await webApp().signIn()]
  await aliveEverywhere(one.access_token)
  const body = new URLSearchParams({ token: one.access_token, client_id: 'web' })
  expect((await fetch(`${urls[0]}/token/revocation`, { method: 'POST', body })).status).toBe(200)
  await expectRefusedEverywhere(one.access_token)
  await aliveEverywhere(other.access_token)
})

test('RS-11 an order of another person is not found, through the gateway and at the service', async () => {
  const owner = await webApp().signIn()
  const { tokens: stranger } = await newCustomer()
  const read = (url: string, token: string) => fetch(url, { headers: { authorization: `Bearer ${token}` } })
  const list = await (await read(`${orders}/orders`, owner.access_token)).json()
  const id = (list as { items: { id: string }[] }).items[0]?.id
  expect(id).toBeTruthy()
  for (const base of [`${gateway}/api/orders`, `${orders}/orders`]) {
    expect((await read(`${base}/${id}`, owner.access_token)).status).toBe(200)
    expect((await read(`${base}/${id}`, stranger.access_token)).status).toBe(404)
  }
})

test('RS-16 the token of a real machine reads nobody’s orders', async () => {
  const { body } = await machine('office').credentials({
    resource: 'urn:alicerce:api',
    scope: 'orders:read users:read',
  })
  for (const [name, url] of Object.entries(servers))
    expect(await statusOf(url, body.access_token as string), name).toBe(403)
})

test('RS-17 who signed in long ago is asked to do it again, and told how recently it must be', async () => {
  const { signIn } = webApp()
  const { access_token } = await signIn('admin@alicerce.test')
  const changeRoles = async (token: string) => {
    const account = `${gateway}/api/accounts/00000000-0000-7000-8000-000000000002`
    const authorization = `Bearer ${token}`
    const current = await fetch(account, { headers: { authorization } })
    const tag = current.headers.get('etag') as string
    const headers = { authorization, 'content-type': 'application/json', 'if-match': tag }
    const body = JSON.stringify({ roles: ['customer', 'support'] })
    return fetch(`${account}/roles`, { method: 'PUT', headers, body })
  }
  expect((await changeRoles(access_token)).status).toBe(200)
  await changeAtRest(
    `update oidc_artifact set payload = jsonb_set(payload, '{loginTs}', to_jsonb((payload->>'loginTs')::int - 3600))
     where model = 'Session' and payload->'authorizations'->'web'->>'grantId' = $1`,
    [claimsOf(access_token).gid],
  )
  const older = await signIn()
  const refused = await changeRoles(older.access_token)
  expect(refused.status).toBe(401)
  expect(refused.headers.get('www-authenticate')).toMatch(
    /error="insufficient_user_authentication".*max_age="?\d+/,
  )
})
