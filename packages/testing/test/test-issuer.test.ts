import { createRemoteJWKSet, jwtVerify } from 'jose'
import { expect, onTestFinished, test } from 'vitest'
import { createTestIssuer } from '#src/index.ts'

async function issuerWithVerifier(options?: Parameters<typeof createTestIssuer>[0]) {
  const issuer = await createTestIssuer(options)
  onTestFinished(issuer.close)
  const verify = (token: string) => jwtVerify(token, createRemoteJWKSet(new URL(issuer.jwksUri)))
  return { issuer, verify }
}

test.each(['ES256', 'RS256'] as const)(
  'tokens signed with %s hold against the published key set',
  async (algorithm) => {
    const { issuer, verify } = await issuerWithVerifier({ algorithm })
    const { payload, protectedHeader } = await verify(
      await issuer.sign({ sub: 'someone', client_id: undefined }),
    )
    expect(protectedHeader).toMatchObject({ alg: algorithm, typ: 'at+jwt' })
    expect(payload).toMatchObject({ iss: issuer.issuer, aud: 'urn:alicerce:api', sub: 'someone' })
    expect(payload).not.toHaveProperty('client_id')
    expect(issuer.keySetRequests).toBe(1)
  },
)

test('forged tokens do not hold', async () => {
  const { issuer, verify } = await issuerWithVerifier()
  await expect(verify(await issuer.forge())).rejects.toThrow('signature verification failed')
  await expect(verify(await issuer.sign({}, { alg: 'none' }))).rejects.toThrow()
  await expect(verify(await issuer.sign({}, { alg: 'HS256' }))).rejects.toThrow()
})

test('after a rotation old tokens hold until their key is withdrawn', async () => {
  const { issuer, verify } = await issuerWithVerifier()
  const old = await issuer.sign()
  await issuer.rotate()
  await verify(old)
  await verify(await issuer.sign())
  await issuer.rotate({ withdraw: true })
  await expect(verify(old)).rejects.toThrow('no applicable key')
})

test('its key set can fail', async () => {
  const { issuer, verify } = await issuerWithVerifier()
  issuer.fail(true)
  await expect(verify(await issuer.sign())).rejects.toThrow('200 OK')
})
