import { createMachine, createProofs } from '@alicerce/testing'
import { expect, test } from 'vitest'
import { webApp } from '#src/platform/parties.ts'
import { currentPlatform } from '#src/platform/platform.ts'

/** A customer whose tokens are bound to a key of his client. */
async function boundCustomer() {
  const platform = currentPlatform()
  const prove = await createProofs()
  const { fields } = await webApp().code()
  const proof = await prove('POST', `${platform.issuer}/token`)
  const { body } = await createMachine(platform, { id: 'web' }).token(fields, { dpop: proof })
  const token = body.access_token as string
  const ask = async (method: string, path: string) => {
    const dpop = await prove(method, `${platform.gateway}${path}`, { ath: prove.ath(token) })
    const headers = { authorization: `DPoP ${token}`, dpop }
    return fetch(`${platform.gateway}${path}`, { method, headers })
  }
  return { ask, token, platform }
}

test('RS-13 through the gateway each service takes the proof that the client made for the public address', async () => {
  const { ask } = await boundCustomer()
  expect((await ask('GET', '/api/orders')).status).toBe(200)
  expect((await ask('GET', '/api/orders?limit=1')).status, 'the query is no part of the address').toBe(200)
  expect((await ask('GET', '/api/users/me')).status).toBe(200)
  expect((await ask('DELETE', `/api/orders/${crypto.randomUUID()}`)).status, 'let in').not.toBe(401)
})

test('RS-13 the administration API takes it too, and refuses for want of the role, not of the proof', async () => {
  const { ask, token, platform } = await boundCustomer()
  expect((await ask('GET', '/api/accounts')).status).toBe(403)
  const bearer = await fetch(`${platform.gateway}/api/orders`, {
    headers: { authorization: `Bearer ${token}` },
  })
  expect(bearer.status).toBe(401)
})
