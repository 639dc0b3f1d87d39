import { createRelyingParty } from '@alicerce/testing'
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { expect, test } from 'vitest'
import { redirects } from '#src/platform/clients.ts'
import { webApp } from '#src/platform/parties.ts'
import { currentPlatform } from '#src/platform/platform.ts'

const platform = currentPlatform()
const keys = createRemoteJWKSet(new URL(`${platform.issuer}/jwks`))

test('AS-38 an ID token is for its client, with its nonce, for an hour at most', async () => {
  const { code, token } = webApp()
  const { request, fields } = await code()
  const { id_token } = (await token(fields)).body
  const { payload } = await jwtVerify(id_token as string, keys, { issuer: platform.issuer, audience: 'web' })
  expect(payload.nonce).toBe(request.nonce)
  expect((payload.exp as number) - (payload.iat as number)).toBeLessThanOrEqual(3600)
})

test.each([
  ['web', 'http://localhost:8080/auth/callback', 'ES256'],
  ['rs256', redirects.second, 'RS256'],
])(
  'AS-38 the algorithm of %s’s ID tokens is the one that is registered for it',
  async (client, redirect, alg) => {
    const { code, token } = createRelyingParty(platform, { client, redirect })
    const { id_token } = (await token((await code()).fields)).body
    expect(decodeProtectedHeader(id_token as string).alg).toBe(alg)
    await jwtVerify(id_token as string, keys, { issuer: platform.issuer, audience: client })
  },
)
