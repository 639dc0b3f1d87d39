import { createClientKey, createMachine } from '@alicerce/testing'
import { beforeAll, expect, test } from 'vitest'
import { createRegistrar } from '#src/platform/administration.ts'
import { metadataOf } from '#src/platform/metadata.ts'
import { currentPlatform } from '#src/platform/platform.ts'

const platform = currentPlatform()
let register: Awaited<ReturnType<typeof createRegistrar>>
beforeAll(async () => {
  register = await createRegistrar()
})

test('AS-02 a client with a safe redirect URI is registered', async () => {
  expect((await register({})).status).toBe(201)
})

test.each([
  ['http on a host', 'http://shop.example/callback'],
  ['a fragment', 'https://shop.example/callback#done'],
  ['an address without a host', '/callback'],
  ['script', 'javascript:alert(1)'],
  ['a password in it', 'https://a:b@shop.example/callback'],
  ['http on a host that looks like loopback', 'http://localhost.example/callback'],
])('AS-02 %s is no redirect URI', async (_what, uri) => {
  expect((await register({ redirectUris: [uri] })).status).toBe(400)
})

test('AS-24 AS-38 no client is registered with what would be unsafe', async () => {
  expect((await register({ grantTypes: ['client_credentials'] })).status).toBe(400)
  expect((await register({ grantTypes: ['implicit'] })).status).toBe(400)
  expect((await register({ authentication: 'client_secret_jwt' })).status).toBe(400)
  const { id_token_signing_alg_values_supported: algorithms } = await metadataOf('openid-configuration')
  expect([...(algorithms as string[])].sort()).toEqual(['ES256', 'RS256'])
})

test('AS-29 nobody chooses the id of a client, so none can be the id of an account', async () => {
  const customer = '00000000-0000-7000-8000-000000000001'
  expect((await register({ client_id: customer })).status).toBe(400)
  expect((await register({ id: customer })).status).toBe(400)
  const made = await register({})
  expect(made.body.client?.id).not.toBe(customer)
})

test('AS-25 a signed assertion is for this server, for a minute, and for one use', async () => {
  const key = await createClientKey(platform.issuer, 'unknown yet')
  const settings = { authentication: 'private_key_jwt', grantTypes: ['client_credentials'], redirectUris: [] }
  const id = (await register({ ...settings, jwks: key.jwks })).body.client?.id as string
  const machine = createMachine(platform, { id })
  const self = { iss: id, sub: id }
  const now = () => Math.floor(Date.now() / 1000)
  const attempt = async (changes: Record<string, unknown>) =>
    machine.credentials({ scope: 'orders:read', ...(await key.assertion({ ...self, ...changes })) })

  expect((await attempt({})).status).toBe(200)
  for (const changes of [
    { aud: `${platform.issuer}/token` },
    { aud: 'https://evil.example' },
    { exp: undefined },
    { exp: now() + 300 },
    { exp: now() - 60 },
    { jti: undefined },
  ])
    expect((await attempt(changes)).body, JSON.stringify(changes)).toMatchObject({ error: 'invalid_client' })

  // Another client’s name in it is refused before the assertion is looked at.
  expect((await attempt({ sub: 'office' })).status).toBeGreaterThanOrEqual(400)

  const same = await key.assertion({ ...self })
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => machine.credentials({ scope: 'orders:read', ...same })),
  )
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(answers.filter(({ status }) => status >= 500)).toHaveLength(0)
})
