import { afterEach, expect, test, vi } from 'vitest'
import { createProtocol } from '#src/lib/session/protocol.ts'

const issuer = 'https://issuer.test'
const metadata = {
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
  end_session_endpoint: `${issuer}/session/end`,
}

const configuration = { issuer, clientId: 'web', audience: 'urn:api', boundTokens: false, clockSkew: 0 }

function protocolUnderTest(changes: Partial<typeof configuration> = {}) {
  const fetch = vi.fn(async (_url: string) => Response.json(metadata))
  vi.stubGlobal('fetch', fetch)
  return {
    fetch,
    protocol: createProtocol({ ...configuration, ...changes }, 'https://app.test'),
  }
}

afterEach(() => vi.unstubAllGlobals())

test('SPA-01 the request carries PKCE S256, state, nonce and the resource, never the verifier', async () => {
  const { protocol } = protocolUnderTest()
  const url = await protocol.authorizationUrl({
    state: 's',
    nonce: 'n',
    verifier: 'v'.repeat(43),
    prompt: 'none',
  })
  const query = Object.fromEntries(url.searchParams)
  expect(query).toMatchObject({
    response_type: 'code',
    client_id: 'web',
    redirect_uri: 'https://app.test/auth/callback',
    resource: 'urn:api',
    state: 's',
    nonce: 'n',
    code_challenge_method: 'S256',
    prompt: 'none',
  })
  expect(query.code_challenge).toHaveLength(43)
  expect(url.href).not.toContain('vvv')
})

test('RS-17 the request carries how recent and how strong the sign-in has to be', async () => {
  const { protocol } = protocolUnderTest()
  const request = { state: 's', nonce: 'n', verifier: 'v'.repeat(43) }
  const asked = await protocol.authorizationUrl({ ...request, maxAge: 0, acrValues: ['two', 'three'] })
  expect(asked.searchParams.get('max_age')).toBe('0')
  expect(asked.searchParams.get('acr_values')).toBe('two three')
  const usual = await protocol.authorizationUrl(request)
  expect([usual.searchParams.has('max_age'), usual.searchParams.has('acr_values')]).toEqual([false, false])
})

test.each([
  ['of another server', { iss: 'https://evil.test' }],
  ['missing', {}],
])('SPA-02 an issuer that is %s is refused before any request', async (_case, iss) => {
  const { protocol, fetch } = protocolUnderTest()
  const parameters = new URLSearchParams({ code: 'c', state: 's', ...iss })
  const redemption = protocol.redeem(parameters, { state: 's', nonce: 'n', verifier: 'v' })
  await expect(redemption).rejects.toMatchObject({ name: 'CallbackError', code: 'issuer' })
  expect(fetch).not.toHaveBeenCalled()
})

test('SPA-02 a state that differs brings no token request', async () => {
  const { protocol, fetch } = protocolUnderTest()
  const parameters = new URLSearchParams({ code: 'c', state: 'other', iss: issuer })
  const redemption = protocol.redeem(parameters, { state: 's', nonce: 'n', verifier: 'v' })
  await expect(redemption).rejects.toMatchObject({ name: 'CallbackError', code: 'response' })
  expect(fetch.mock.calls.map(([url]) => String(url))).not.toContain(metadata.token_endpoint)
})

test('an error of the auth server keeps its code', async () => {
  const { protocol } = protocolUnderTest()
  const parameters = new URLSearchParams({ error: 'login_required', state: 's', iss: issuer })
  const redemption = protocol.redeem(parameters, { state: 's', nonce: 'n', verifier: 'v' })
  await expect(redemption).rejects.toMatchObject({ code: 'login_required' })
})

test('RS-13 a proof is for one request and one token, at the time of the gateway', async () => {
  const { protocol } = protocolUnderTest({ boundTokens: true, clockSkew: 1200 })
  const key = (await protocol.newKey()) as CryptoKeyPair
  expect(key.privateKey.extractable).toBe(false)
  const request = { method: 'GET', url: 'https://app.test/api/orders?page=2' }
  const proof = await protocol.prove(key, 'the-token', request)
  const read = (part: number) =>
    JSON.parse(Buffer.from(proof.split('.')[part] as string, 'base64url').toString())
  expect(read(0)).toMatchObject({ typ: 'dpop+jwt', alg: 'ES256' })
  const { htm, htu, ath, iat } = read(1)
  expect([htm, htu]).toEqual(['GET', 'https://app.test/api/orders'])
  expect(ath).toHaveLength(43)
  expect(Math.abs(iat - Date.now() / 1000 - 1200)).toBeLessThan(30)
  expect((await protocol.prove(key, 'the-token', request)) === proof).toBe(false)
})

test('tokens are bound to no key where the installation does not ask for it', async () => {
  expect(await protocolUnderTest().protocol.newKey()).toBeUndefined()
})
