import { createProofs, testRedisUrl } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { bearer, raw, scope, shippedConfiguration, startGateway, stopAll } from './fixtures.ts'

afterEach(stopAll)

const publicUrl = 'https://shop.example/api'
const env = { API_URL: publicUrl }

/** The shipped configuration, whose `read-orders` says this of proofs. */
function withProofs(DPoP: string): string {
  const configuration = JSON.parse(shippedConfiguration)
  Object.assign(configuration.ReverseProxy.Policies.Authorization['read-orders'], { DPoP })
  return JSON.stringify(configuration)
}

type Gateway = Awaited<ReturnType<typeof startGateway>>

/** A gateway, and somebody whose token is bound to his key. */
async function start(parts: Parameters<typeof startGateway>[0] = {}) {
  const gateway = await startGateway({ env, ...parts })
  const prove = await createProofs()
  const token = await gateway.issuer.sign({ scope, cnf: { jkt: prove.thumbprint } })
  const proof = (claims: object = {}, header: object = {}) =>
    prove('GET', `${publicUrl}/orders`, { ath: prove.ath(token), ...claims }, { ...header })
  return { ...gateway, prove, token, proof }
}

const ask = ({ url }: Pick<Gateway, 'url'>, headers: Record<string, string>, path = '/api/orders?page=2') =>
  fetch(url + path, { headers })

const outcomeOf = async (response: Response) => [response.status, response.headers.get('www-authenticate')]

const algorithms = 'algs="ES256 EdDSA PS256"'

test('GW-39 a route that requires proofs takes no token without one, and offers nothing else', async () => {
  const gateway = await start({ configuration: withProofs('Required') })
  const { issuer, token, proof, upstream } = gateway
  expect(await outcomeOf(await ask(gateway, {}))).toEqual([401, `DPoP ${algorithms}`])
  const plain = await ask(gateway, bearer(await issuer.sign({ scope })).headers)
  expect(await outcomeOf(plain)).toEqual([401, `DPoP error="invalid_token", ${algorithms}`])
  expect(await plain.json()).toMatchObject({ code: 'proof-required' })
  const unproven = await ask(gateway, bearer(token).headers)
  expect(await outcomeOf(unproven)).toEqual([401, `Bearer error="invalid_token", DPoP ${algorithms}`])
  expect(upstream.seen).toEqual([])
  const headers = { authorization: `DPoP ${token}`, dpop: await proof() }
  expect((await ask(gateway, headers)).status).toBe(200)
  const other = bearer(await issuer.sign({ scope })).headers
  expect((await ask(gateway, other, '/api/users/me')).status, 'a route that says nothing of it').toBe(200)
})

test('GW-39 a route that refuses proofs takes plain tokens alone', async () => {
  const gateway = await start({ configuration: withProofs('Refused') })
  const { issuer, token, proof, upstream } = gateway
  expect(await outcomeOf(await ask(gateway, {}))).toEqual([401, 'Bearer'])
  const proven = await ask(gateway, { authorization: `DPoP ${token}`, dpop: await proof() })
  expect(await outcomeOf(proven)).toEqual([401, 'Bearer error="invalid_token"'])
  expect((await ask(gateway, bearer(token).headers)).status, 'bound, without its proof').toBe(401)
  expect(upstream.seen).toEqual([])
  expect((await ask(gateway, bearer(await issuer.sign({ scope })).headers)).status).toBe(200)
})

test.each(['Accepted', 'accepted'])(
  'GW-39 %s takes both, and a bound token never without its proof',
  async (DPoP) => {
    const gateway = await start({ configuration: withProofs(DPoP) })
    const { issuer, token, proof } = gateway
    expect((await ask(gateway, bearer(await issuer.sign({ scope })).headers)).status).toBe(200)
    expect((await ask(gateway, { authorization: `DPoP ${token}`, dpop: await proof() })).status).toBe(200)
    expect((await ask(gateway, bearer(token).headers)).status).toBe(401)
  },
)

const now = () => Math.floor(Date.now() / 1000)

test('GW-39 attack: a stolen bound token opens nothing, whatever is sent as its proof', async () => {
  const gateway = await start()
  const { token, proof, prove, upstream, port } = gateway
  const thief = await createProofs()
  const made = { ath: prove.ath(token) }
  const attacks: Record<string, string> = {
    'for another method': await proof({ htm: 'POST' }),
    'for another path': await proof({ htu: `${publicUrl}/orders/1` }),
    'for another host': await proof({ htu: 'https://evil.example/api/orders' }),
    'for another scheme': await proof({ htu: 'http://shop.example/api/orders' }),
    'for the inner address': await proof({ htu: `${gateway.url}/api/orders` }),
    'for another token': await proof({ ath: prove.ath('another') }),
    'for no token': await proof({ ath: undefined }),
    'of an hour ago': await proof({ iat: now() - 3600 }),
    'of just too long ago': await proof({ iat: now() - 90 }),
    'of the future': await proof({ iat: now() + 60 }),
    'without a time': await proof({ iat: undefined }),
    'without an id': await proof({ jti: undefined }),
    'of another type': await proof({}, { typ: 'JWT' }),
    'of the thief’s key': await thief('GET', `${publicUrl}/orders`, made),
    'that claims the owner’s key': await thief('GET', `${publicUrl}/orders`, made, { jwk: prove.jwk }),
    'with the private key in it': await proof({}, { jwk: prove.privateJwk }),
    'that is the token itself': token,
    'that is nothing': '',
  }
  const bodies = new Set<string>()
  for (const [what, dpop] of Object.entries(attacks)) {
    const response = await ask(gateway, { authorization: `DPoP ${token}`, dpop })
    expect([what, ...(await outcomeOf(response))]).toEqual([
      ...[what, 401, `DPoP error="invalid_dpop_proof", ${algorithms}`],
    ])
    const { traceId, ...body } = (await response.json()) as Record<string, unknown>
    bodies.add(JSON.stringify(body))
  }
  expect(bodies.size, 'nothing says which check failed').toBe(1)
  const twice = `DPoP: ${await proof()}\r\nDPoP: ${await proof()}\r\n`
  const head = `GET /api/orders HTTP/1.1\r\nHost: h\r\nAuthorization: DPoP ${token}\r\n`
  expect(await raw(port, `${head}${twice}Connection: close\r\n\r\n`)).toMatch(/^HTTP\/1.1 401 /)
  const moved = `DPoP: ${await proof()}\r\nConnection: close, DPoP\r\n`
  expect(await raw(port, `${head}${moved}\r\n`), 'a proof that Connection names').toMatch(/^HTTP\/1.1 400 /)
  expect(upstream.seen).toEqual([])
})

test('GW-39 attack: of many gateways on one Redis one takes a proof, however many get it at once', async () => {
  const backplaneUrl = testRedisUrl()
  const first = await start({ backplaneUrl })
  const others = await Promise.all(
    [1, 2].map(() => startGateway({ env, backplaneUrl, issuer: first.issuer })),
  )
  const gateways = [first, ...others]
  const headers = { authorization: `DPoP ${first.token}`, dpop: await first.proof() }
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, index) => ask(gateways[index % 3] as Gateway, headers)),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(11).fill(401)])
  for (const gateway of gateways) expect((await ask(gateway, headers)).status).toBe(401)
  expect(gateways.flatMap(({ upstream }) => upstream.seen)).toHaveLength(1)
  const next = { ...headers, dpop: await first.proof() }
  expect((await ask(others[1] as Gateway, next)).status, 'a new proof').toBe(200)
})

test('GW-39 a service gets the proof that the gateway has checked, and no other', async () => {
  const gateway = await start()
  const { issuer, token, proof, upstream, port } = gateway
  const sent = await proof()
  expect((await ask(gateway, { authorization: `DPoP ${token}`, dpop: sent })).status).toBe(200)
  expect(upstream.seen.at(-1)?.headersDistinct.dpop).toEqual([sent])
  const plain = { ...bearer(await issuer.sign({ scope })).headers, dpop: 'nobody checked this' }
  expect((await ask(gateway, plain)).status).toBe(200)
  expect(upstream.seen.at(-1)?.headers).not.toHaveProperty('dpop')
  const open = 'GET /api/catalogue/x HTTP/1.1\r\nHost: h\r\ndPoP: x\r\nDPOP: y\r\nConnection: close\r\n\r\n'
  expect(await raw(port, open)).toMatch(/^HTTP\/1.1 200 /)
  expect(upstream.seen.at(-1)?.headers).not.toHaveProperty('dpop')
  expect(upstream.seen).toHaveLength(3)
})

test('GW-39 what a proof came with is sent once: no other attempt brings a used proof', async () => {
  const configuration = JSON.parse(withProofs('Accepted'))
  configuration.ReverseProxy.Clusters.orders.Resilience = { Retry: {}, Hedging: { Delay: '00:00:00.01' } }
  const { issuer, ...gateway } = await start({
    configuration: JSON.stringify(configuration),
    service: (_request, response) => void response.writeHead(503).end(),
  })
  const { token, proof, upstream } = gateway
  expect((await ask(gateway, { authorization: `DPoP ${token}`, dpop: await proof() })).status).toBe(503)
  expect(upstream.seen).toHaveLength(1)
  expect((await ask(gateway, bearer(await issuer.sign({ scope })).headers)).status).toBe(503)
  expect(upstream.seen, 'a plain token is tried again').toHaveLength(3)
})

test('GW-02 a misspelt word about proofs is a fault', async () => {
  await expect(startGateway({ configuration: withProofs('Requird') })).rejects.toThrow(
    'Policies.Authorization.read-orders.DPoP has a value that it cannot have',
  )
})
