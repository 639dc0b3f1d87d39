import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ids, signInToApi } from '../harness/api.ts'
import { type Cluster, clientsFile, otherClients, startCluster } from '../harness/cluster.ts'
import { createParty } from '../harness/party.ts'

let cluster: Cluster
/** What the client answers, and what it was sent. */
let status = 200
const received: string[] = []
const client = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk) => {
    body += chunk
  })
  request.on('end', () => {
    if (status === 200) received.push(new URLSearchParams(body).get('logout_token') as string)
    response.writeHead(status).end()
  })
})

const redirect = 'https://listener.example/callback'
const listener = (id: string, host: string) => ({
  ...{ client_id: id, redirect_uris: [redirect], response_types: ['code'], firstParty: true },
  ...{ grant_types: ['authorization_code'], token_endpoint_auth_method: 'none', apiScopes: 'orders:read' },
  scope: 'openid profile email',
  backchannel_logout_uri: `http://${host}:${(client.address() as AddressInfo).port}/logout`,
  backchannel_logout_session_required: true,
})

beforeAll(async () => {
  await new Promise<void>((resolve) => client.listen(0, '127.0.0.1', resolve))
  const clients = [...otherClients, listener('listener', '127.0.0.1'), listener('inside', 'localhost')]
  cluster = await startCluster({
    env: { CLIENTS_FILE: clientsFile(clients), PRIVATE_CLIENT_HOSTS: '127.0.0.1' },
  })
})
afterAll(async () => {
  await cluster.close()
  client.close()
})

async function signedIn(id: string) {
  const party = createParty(cluster, { client: id, redirect })
  return { party, tokens: await party.signIn() }
}

async function signOut({ party, tokens }: Awaited<ReturnType<typeof signedIn>>): Promise<void> {
  const page = await party.browser.open(`/session/end?id_token_hint=${tokens.id_token}`)
  await party.browser.submit(page, '/session/end/confirm', { logout: 'yes' })
}

test('AS-37 a client that asked for it is told of a sign-out by a logout token', async () => {
  await signOut(await signedIn('listener'))
  await expect.poll(() => received.length).toBe(1)
  const keys = createRemoteJWKSet(new URL(`${cluster.issuer}/jwks`))
  const { payload, protectedHeader } = await jwtVerify(received[0] as string, keys, {
    ...{ issuer: cluster.issuer, audience: 'listener', typ: 'logout+jwt' },
    requiredClaims: ['iat', 'exp', 'jti', 'events', 'sid'],
  })
  expect(protectedHeader.alg).toBe('ES256')
  expect(payload.events).toEqual({ 'http://schemas.openid.net/event/backchannel-logout': {} })
  expect(payload).not.toHaveProperty('nonce')
})

test('AS-37 a client that was away is told when it is back', async () => {
  const before = received.length
  status = 503
  await signOut(await signedIn('listener'))
  await expect
    .poll(
      async () =>
        (await cluster.sql("select from outbox where topic = 'logout-notice' and attempts > 0")).length,
    )
    .toBeGreaterThan(0)
  status = 200
  await expect.poll(() => received.length).toBe(before + 1)
})

test('an address inside the network that nobody has named is not called', async () => {
  const before = received.length
  await signOut(await signedIn('inside'))
  await expect
    .poll(
      async () =>
        (
          await cluster.sql(
            "select from outbox where topic = 'logout-notice' and key = 'inside' and attempts > 0 and delivered_at is null",
          )
        ).length,
    )
    .toBe(1)
  expect(received).toHaveLength(before)
})

test('AS-37 a client is told of a session that an administrator ends', async () => {
  const before = received.length
  await signedIn('listener')
  const api = await signInToApi(cluster)
  expect((await api.call(`/accounts/${ids.customer}/sessions`, { method: 'DELETE' })).status).toBe(204)
  await expect.poll(() => received.length).toBe(before + 1)
})
