import { createProofs, until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { bearer, raw, scope, shippedConfiguration, startGateway, stopAll } from './fixtures.ts'

afterEach(stopAll)

test('GW-36 RS-02 without a token the challenge has no error, with a bad one invalid_token, with too little insufficient_scope', async () => {
  const { url, issuer, upstream } = await startGateway()
  const none = await fetch(`${url}/api/orders`)
  expect([none.status, none.headers.get('www-authenticate')]).toEqual([
    401,
    'Bearer, DPoP algs="ES256 EdDSA PS256"',
  ])
  expect(none.headers.get('content-type')).toMatch('application/problem+json')
  expect(await none.json()).toMatchObject({ code: 'token-missing', traceId: none.headers.get('trace-id') })
  const bad = await fetch(`${url}/api/orders`, bearer('nonsense'))
  expect([bad.status, bad.headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"'])
  const narrow = await fetch(`${url}/api/orders`, bearer(await issuer.sign({ scope: 'openid' })))
  expect([narrow.status, narrow.headers.get('www-authenticate')]).toEqual([
    403,
    'Bearer error="insufficient_scope", scope="orders:read"',
  ])
  expect(await narrow.json()).toMatchObject({ code: 'insufficient-scope', scope: 'orders:read' })
  expect(upstream.seen).toEqual([])
})

test('RS-01 two credentials are 400, and a token in the query counts for nothing', async () => {
  const { url, port, issuer } = await startGateway()
  const token = await issuer.sign({ scope })
  const twice = `Authorization: Bearer ${token}\r\nAuthorization: Bearer ${token}\r\n`
  const answer = await raw(port, `GET /api/orders HTTP/1.1\r\nHost: h\r\n${twice}Connection: close\r\n\r\n`)
  expect(answer).toMatch(/^HTTP\/1.1 400 /)
  expect(answer).toContain('error="invalid_request"')
  expect((await fetch(`${url}/api/orders?access_token=${token}`)).status).toBe(401)
})

test('GW-36 RS-03 RS-04 RS-07 RS-08 forged, foreign, expired and other tokens are 401, and nothing says which check failed', async () => {
  const { url, issuer, upstream } = await startGateway()
  const now = Math.floor(Date.now() / 1000)
  const tokens = {
    forged: await issuer.forge({ scope }),
    unsigned: await issuer.sign({ scope }, { alg: 'none' }),
    'keyed with the public key': await issuer.sign({ scope }, { alg: 'HS256' }),
    'an ID token': await issuer.sign({ scope }, { typ: 'JWT' }),
    'without a type': await issuer.sign({ scope }, { typ: undefined }),
    'of another issuer': await issuer.sign({ scope, iss: 'https://evil.test' }),
    'for another audience': await issuer.sign({ scope, aud: 'urn:other' }),
    expired: await issuer.sign({ scope, iat: now - 400, exp: now - 100 }),
    'without an end': await issuer.sign({ scope, exp: undefined }),
    'of tomorrow': await issuer.sign({ scope, iat: now + 86_400, exp: now + 90_000 }),
  }
  const bodies = new Set<string>()
  for (const [what, token] of Object.entries(tokens)) {
    const response = await fetch(`${url}/api/orders`, bearer(token))
    expect([what, response.status]).toEqual([what, 401])
    const { traceId, ...body } = (await response.json()) as Record<string, unknown>
    bodies.add(JSON.stringify(body))
  }
  expect(bodies.size).toBe(1)
  expect(upstream.seen).toEqual([])
  expect((await fetch(`${url}/api/orders`, bearer(await issuer.sign({ scope })))).status).toBe(200)
})

test('GW-41 RS-12 identity headers of the client never reach a service, and its token does', async () => {
  const { port, issuer, upstream } = await startGateway()
  const token = await issuer.sign({ scope })
  const names = ['X-User-Id', 'x-user-roles', 'X-CLIENT-ID', 'X-Forwarded-For', 'Remote-User']
  const forged = names.map((name) => `${name}: forged\r\n`).join('')
  const head = `GET /api/orders HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${token}\r\nCookie: session=1\r\n`
  await raw(port, `${head}${forged}Connection: close, X-Extra\r\nX-Extra: 1\r\n\r\n`)
  const headers = upstream.seen[0]?.headers
  expect(upstream.seen[0]?.rawHeaders.join('\n')).not.toContain('forged')
  expect(headers?.authorization).toBe(`Bearer ${token}`)
  expect(headers).not.toHaveProperty('x-extra')
  expect(headers).not.toHaveProperty('cookie')
})

test.each(['Authorization', 'traceparent', 'X-User-Id', 'Host'])(
  'GW-57 a Connection header that names %s is refused',
  async (name) => {
    const { port, issuer, upstream } = await startGateway()
    const head = `GET /api/orders HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${await issuer.sign({ scope })}`
    expect(await raw(port, `${head}\r\nConnection: close, ${name}\r\n\r\n`)).toMatch(/^HTTP\/1.1 400 /)
    expect(upstream.seen).toEqual([])
  },
)

test('GW-38 RS-14 a revoked session is refused within a second, also where its token is remembered', async () => {
  const { url, issuer, backplane } = await startGateway()
  const token = await issuer.sign({ scope, sid: 'session-1' })
  const ask = async () => (await fetch(`${url}/api/orders`, bearer(token))).status
  expect([await ask(), await ask()]).toEqual([200, 200])
  const now = Math.floor(Date.now() / 1000)
  await backplane.revocations.publish({
    ...{ kind: 'session', value: 'session-1', issuedBefore: now + 1, expiresAt: now + 300 },
  })
  await until(async () => (await ask()) === 401, { timeoutMilliseconds: 1000 })
})

test('RS-06 without keys nobody passes: 503, and the gateway is not ready', async () => {
  const { gateway, url, issuer } = await startGateway({ env: { AUTH_INTERNAL_URL: 'http://127.0.0.1:1' } })
  const response = await fetch(`${url}/api/orders`, bearer(await issuer.sign({ scope })))
  expect([response.status, response.headers.get('www-authenticate')]).toEqual([503, null])
  const ready = await fetch(`${gateway.adminUrl}/health/ready`)
  expect([ready.status, await ready.json()]).toEqual([503, { status: 'not ready', failing: ['issuer keys'] }])
})

test('RS-16 a client without a person is refused', async () => {
  const { url, issuer } = await startGateway()
  const token = await issuer.sign({ scope, sub: 'web' })
  const response = await fetch(`${url}/api/orders`, bearer(token))
  expect([response.status, (await response.json()) as object]).toMatchObject([403, { code: 'user-required' }])
})

test.each([
  ['GET', '/api/orders', 'orders:read', []],
  ['GET', '/api/orders/1', 'orders:read', []],
  ['POST', '/api/orders', 'orders:write', []],
  ['POST', '/api/orders/1/transitions', 'orders:write', []],
  ['GET', '/api/users/me', 'users:read', []],
  ['PUT', '/api/users/me', 'users:write', []],
  ['GET', '/api/users', 'users:read', ['support', 'administrator']],
  ['GET', '/api/users/7', 'users:read', ['support', 'administrator']],
  ['GET', '/api/accounts/7', 'accounts:manage', ['administrator']],
  ['PUT', '/api/accounts/7/roles', 'accounts:manage', ['administrator']],
  ['POST', '/api/accounts', 'accounts:manage', ['administrator']],
  ['DELETE', '/api/accounts/7/sessions', 'accounts:manage', ['administrator']],
])('%s %s asks for %s and the roles %j', async (method, path, needed, roles) => {
  const { url, issuer, upstream } = await startGateway()
  const all = ['orders:read', 'orders:write', 'users:read', 'users:write', 'accounts:manage']
  const others = all.filter((name) => name !== needed).join(' ')
  const statusFor = async (claims: object) =>
    (await fetch(`${url}${path}`, { method, ...bearer(await issuer.sign({ ...claims })) })).status
  expect(await statusFor({ scope: others, roles: ['administrator'] })).toBe(403)
  expect(await statusFor({ scope: needed, roles: ['customer'] })).toBe(roles.length > 0 ? 403 : 200)
  for (const role of roles) expect(await statusFor({ scope: needed, roles: [role] })).toBe(200)
  expect(new Set(upstream.seen.map((request) => request.url))).toEqual(new Set([path.slice('/api'.length)]))
})

test('GW-35 a route without a policy is closed to whoever has not signed in', async () => {
  const configuration = JSON.parse(shippedConfiguration)
  configuration.ReverseProxy.Routes.open = { ClusterId: 'orders', Match: { Path: '/api/open' } }
  const { url, issuer } = await startGateway({ configuration: JSON.stringify(configuration) })
  expect((await fetch(`${url}/api/open`)).status).toBe(401)
  expect((await fetch(`${url}/api/open`, bearer(await issuer.sign({ sub: 'web' })))).status).toBe(403)
  expect((await fetch(`${url}/api/open`, bearer(await issuer.sign()))).status).toBe(200)
})

test('the catalogue is open, and RS-15 no token is in the log', async () => {
  const { url, issuer, upstream, log } = await startGateway()
  expect((await fetch(`${url}/api/catalogue/products?limit=2`)).status).toBe(200)
  expect(upstream.seen[0]?.url).toBe('/catalogue/products?limit=2')
  const token = await issuer.forge({ scope })
  const body = await (await fetch(`${url}/api/orders`, bearer(token))).text()
  expect(body + log.text()).not.toContain(token.slice(0, 20))
})

test('RS-17 a route that asks for a recent or stronger sign-in says so, in problem details too', async () => {
  const configuration = JSON.parse(shippedConfiguration)
  Object.assign(configuration.ReverseProxy.Policies.Authorization['read-orders'], {
    MaximumAuthenticationAgeSeconds: 600,
    AcrValues: ['urn:alicerce:acr:two-factors'],
  })
  const { url, issuer, upstream } = await startGateway({ configuration: JSON.stringify(configuration) })
  const now = Math.floor(Date.now() / 1000)
  const strong = { scope, acr: 'urn:alicerce:acr:two-factors' }
  const ask = async (claims: object) => fetch(`${url}/api/orders`, bearer(await issuer.sign({ ...claims })))
  for (const weak of [
    { ...strong, auth_time: now - 700 },
    { scope, acr: 'urn:alicerce:acr:one-factor' },
  ]) {
    const response = await ask(weak)
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer error="insufficient_user_authentication", acr_values="urn:alicerce:acr:two-factors", max_age="600"',
    ])
    expect(await response.json()).toMatchObject({
      ...{
        code: 'insufficient-user-authentication',
        maxAge: 600,
        acrValues: ['urn:alicerce:acr:two-factors'],
      },
    })
  }
  expect(upstream.seen).toEqual([])
  expect((await ask({ ...strong, auth_time: now - 500 })).status).toBe(200)
})

test('RS-13 a bound token needs a proof for its public address, which the service gets too; a refusal speaks DPoP', async () => {
  const env = { API_URL: 'https://shop.example/api' }
  const { url, issuer, upstream } = await startGateway({ env })
  const prove = await createProofs()
  const token = await issuer.sign({ scope, cnf: { jkt: prove.thumbprint } })
  const ask = async (address: string, path = '/api/orders', method = 'GET') => {
    const proof = await prove(method, address, { ath: prove.ath(token) })
    const headers = { authorization: `DPoP ${token}`, dpop: proof }
    return { proof, response: await fetch(url + path, { method, headers }) }
  }
  const { proof, response } = await ask('https://shop.example/api/orders')
  expect(response.status).toBe(200)
  expect(upstream.seen.at(-1)?.headers).toMatchObject({ authorization: `DPoP ${token}`, dpop: proof })
  const internal = (await ask(`${url}/api/orders`)).response
  expect([internal.status, internal.headers.get('www-authenticate')]).toEqual([
    401,
    'DPoP error="invalid_dpop_proof", algs="ES256 EdDSA PS256"',
  ])
  const { response: denied } = await ask('https://shop.example/api/accounts', '/api/accounts')
  expect([denied.status, denied.headers.get('www-authenticate')]).toEqual([
    403,
    expect.stringMatching(/^DPoP error="insufficient_scope"/),
  ])
})
