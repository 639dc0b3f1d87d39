import { writeFileSync } from 'node:fs'
import { until } from '@alicerce/testing'
import Schema from 'typebox/schema'
import { afterEach, expect, test } from 'vitest'
import { GatewayViewSchema, WhichRouteSchema } from '#src/gateway-view/schema.ts'
import { bearer, raw, scope, shippedConfiguration, startGateway, stopAll } from './fixtures.ts'

afterEach(stopAll)

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers and write configurations
type Json = Record<string, any>

function changed(change: (section: Json) => void): string {
  const json = JSON.parse(shippedConfiguration)
  change(json.ReverseProxy)
  return JSON.stringify(json)
}

const find = (list: Json[], name: string) => list.find((each) => [each.id, each.name].includes(name)) as Json

const administrator = { roles: ['administrator'] }

/** A gateway that an administrator asks. */
async function startAsked(options: Parameters<typeof startGateway>[0] = {}) {
  const started = await startGateway(options)
  const { url, issuer } = started
  const ask = async (path = '', claims: object = administrator) =>
    fetch(`${url}/api/gateway${path}`, bearer(await issuer.sign({ ...claims })))
  const view = async () => (await (await ask()).json()) as Json
  const which = async (query: Record<string, string>) =>
    (await (await ask(`/which?${new URLSearchParams(query)}`)).json()) as Json
  return { ...started, ask, view, which }
}

test('GW-71 the view is for administrators: 401 without a token, 403 for everybody else, whatever way its address is written', async () => {
  const { url, port, issuer, ask, upstream } = await startAsked()
  for (const path of ['', '/', '/which?url=/', '/anything']) {
    const nobody = await fetch(`${url}/api/gateway${path}`)
    expect([path, nobody.status, nobody.headers.get('www-authenticate')]).toEqual([
      ...[path, 401, expect.stringContaining('Bearer')],
    ])
    for (const roles of [[], ['customer'], ['support'], ['Administrator']])
      expect((await ask(path, { scope, roles })).status).toBe(403)
    expect((await ask(path, { ...administrator, sub: 'web' })).status).toBe(403)
    const forged = await issuer.forge(administrator)
    expect((await fetch(`${url}/api/gateway${path}`, bearer(forged))).status).toBe(401)
  }
  for (const odd of [
    '/API/Gateway',
    '/api/%67ateway',
    '/api/gateway/which/',
    '/api/gateway?x=/api/catalogue/',
  ])
    expect(await raw(port, `GET ${odd} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 401 /,
    )
  const answer = await ask()
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  expect(answer.headers.get('ratelimit')).toContain('per-person')
  expect((await ask('/anything')).status).toBe(404)
  const token = await issuer.sign(administrator)
  const post = await fetch(`${url}/api/gateway`, { method: 'POST', ...bearer(token) })
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  const head = await fetch(`${url}/api/gateway`, { method: 'HEAD', ...bearer(token) })
  expect([head.status, await head.text()]).toEqual([200, ''])
  const upgrade = `Authorization: Bearer ${token}\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nUpgrade: websocket`
  expect(await raw(port, `GET /api/gateway HTTP/1.1\r\nHost: h\r\n${upgrade}\r\n\r\n`)).toMatch(/ 404 /)
  expect(upstream.seen).toEqual([])
})

test('GW-71 the answers are what the OpenAPI document declares, and the admin port tells the same', async () => {
  const configuration = changed(({ Clusters, Routes }) => {
    const breaker = { SlowAfter: '00:00:05' }
    const retry = { Attempts: 3 }
    Clusters.orders.Resilience = { Retry: retry, CircuitBreaker: breaker, Hedging: { Delay: '00:00:01' } }
    Clusters.orders.Resilience.OutlierEjection = { MostEjected: 0.5 }
    Clusters.users.SessionAffinity = { Enabled: true, AffinityKeyName: 'tied' }
    Clusters.users.HealthCheck.Active = { Enabled: true, Path: '/health' }
    Clusters.users.Resilience = { Concurrency: { PerDestination: 5 } }
    Routes.catalogue.Match.Headers = [{ Name: 'X-Version', Values: ['2'] }]
    Routes.catalogue.MaxRequestBodySize = -1
    Routes.catalogue.Timeout = '00:00:09'
    Routes.catalogue.Upgrades = ['websocket', 'mqtt']
  })
  const { gateway, view, which } = await startAsked({ configuration })
  const seen = await view()
  expect(Schema.Compile(GatewayViewSchema).Errors(seen)[1]).toEqual([])
  const admin = (await (await fetch(`${gateway.adminUrl}/routes`)).json()) as Json
  expect(Object.keys(admin)).toEqual(Object.keys(seen))
  expect(admin.configuration).toEqual(seen.configuration)
  expect(seen.workers).toBe(1)
  for (const url of ['/api/orders', '/', '/api/x', '/a/../b'])
    expect(Schema.Compile(WhichRouteSchema).Errors(await which({ url }))[1]).toEqual([])
  expect(seen.routes.map(({ id }: Json) => id).slice(0, 5)).toEqual([
    ...['own-profile-read', 'own-profile-write', 'orders-cache', 'users-cache', 'catalogue'],
  ])
  expect(seen.routes[4]).toMatchObject({
    headers: [{ name: 'x-version', mode: 'exact', values: ['2'] }],
    ...{ maxRequestBodySize: -1, timeoutMilliseconds: 9000, rateLimiterPolicy: 'per-address' },
    upgrades: ['websocket', 'mqtt'],
  })
  expect(seen.routes.find(({ id }: Json) => id === 'gateway')).toMatchObject({
    ...{ isOwn: true, authorizationPolicy: 'administer', path: '/api/gateway/{**rest}' },
  })
  expect(seen.clusters[0].resilience).toMatchObject({
    retry: { attempts: 3 },
    breaker: { slowMilliseconds: 5000 },
  })
  expect(seen.clusters[0].destinations[0].breaker).toEqual({ state: 'closed', remainingMilliseconds: 0 })
  expect(seen.clusters[0].resilience.outlierEjection).toMatchObject({
    ...{ mostEjected: 0.5, consecutiveFailures: 5, consecutiveGatewayFailures: null },
  })
  expect(seen.clusters[0].destinations[0].ejection).toEqual({ remainingMilliseconds: 0, ejections: 0 })
  expect(seen.clusters[1].destinations[0].ejection).toBeNull()
  expect(seen.clusters[1].resilience.concurrency).toMatchObject({ perDestination: 5 })
  expect(seen.access).toEqual({ hasKeys: true, revocationsSilentMilliseconds: 0 })
})

test('GW-71 no credential of the configuration and no token is in the view', async () => {
  const secret = 'hunter2-very-secret'
  const configuration = changed(({ Routes, Clusters }) => {
    Routes.catalogue.Transforms.push({ RequestHeader: 'Authorization', Set: `Basic ${secret}` })
    Routes.catalogue.Match.Headers = [{ Name: 'X-Origin-Verify', Values: [secret] }]
    Routes.catalogue.Match.QueryParameters = [{ Name: 'api_key', Values: [secret] }]
    Clusters.orders.HealthCheck.Active = { Path: '/health', Query: `?token=${secret}` }
    Clusters.orders.HttpClient = { WebProxy: { Address: `http://user:${secret}@proxy.test:3128` } }
  })
  const { gateway, ask, log } = await startAsked({ configuration, env: { AFFINITY_KEY: 'a'.repeat(43) } })
  const texts = [
    await (await ask()).text(),
    await (
      await ask(`/which?url=/api/catalogue/x&header=${encodeURIComponent('X-Origin-Verify: x')}`)
    ).text(),
    await (await fetch(`${gateway.adminUrl}/routes`)).text(),
  ]
  for (const text of texts) {
    expect(text).toContain('catalogue')
    expect(text).not.toContain(secret)
    expect(text).not.toContain('aaaaaaaaaa')
    expect(text).not.toContain('eyJ')
  }
  expect(JSON.parse(texts[0] as string).routes[4].headers[0]).toMatchObject({
    ...{ name: 'x-origin-verify', values: null },
  })
  expect(log.text()).not.toContain(secret)
})

const open = { ClusterId: 'orders', AuthorizationPolicy: 'Anonymous' }

test.each<[string, (section: Json) => void, string]>([
  [
    'a more specific path',
    ({ Routes }) => Object.assign(Routes, { other: { ...open, Match: { Path: '/api/gateway/which' } } }),
    'Routes.other.Match takes /api/gateway/which before Routes.gateway does',
  ],
  [
    'a lower order',
    ({ Routes }) => Object.assign(Routes, { other: { ...open, Order: -1, Match: { Path: '/{**all}' } } }),
    'Routes.other.Match takes /api/gateway',
  ],
  [
    'a cluster of its name',
    ({ Clusters }) => Object.assign(Clusters, { gateway: Clusters.orders }),
    'Clusters.gateway is a reserved name',
  ],
  [
    'a policy that lets everybody pass',
    ({ Routes }) => Object.assign(Routes.gateway, { AuthorizationPolicy: 'Anonymous' }),
    'Routes.gateway.AuthorizationPolicy opens what only administrators may see',
  ],
  [
    'a policy that asks for no role',
    ({ Routes }) => Object.assign(Routes.gateway, { AuthorizationPolicy: 'read-orders' }),
    'Routes.gateway.AuthorizationPolicy opens what only administrators may see',
  ],
  [
    'no policy',
    ({ Routes }) => Reflect.deleteProperty(Routes.gateway, 'AuthorizationPolicy'),
    'Routes.gateway.AuthorizationPolicy opens what only administrators may see',
  ],
  [
    'another path',
    ({ Routes }) => Object.assign(Routes.gateway.Match, { Path: '/api/elsewhere/{**rest}' }),
    'Routes.gateway.Match does not take /api/gateway',
  ],
])('GW-71 %s for the gateway’s own routes is a fault, never a silent change', async (_, change, fault) => {
  await expect(startGateway({ configuration: changed(change) })).rejects.toThrow(fault)
})

test('GW-71 a route that takes some of its requests is warned of, other methods are no matter, and without a route there is no view', async () => {
  const configuration = changed(({ Routes }) => {
    Routes.host = { ...open, Order: -1, Match: { Hosts: ['other.test'], Path: '/{**all}' } }
    Routes.writing = { ...open, Order: -1, Match: { Path: '/api/gateway', Methods: ['POST'] } }
  })
  const { view, ask } = await startAsked({ configuration })
  expect((await view()).lastReading.warnings).toEqual([
    expect.stringMatching(/^Routes\.host takes some of the requests for \/api\/gateway/),
  ])
  expect((await ask()).status).toBe(200)
  const without = changed(({ Routes }) => Reflect.deleteProperty(Routes, 'gateway'))
  expect((await (await startAsked({ configuration: without })).ask()).status).toBe(404)
})

test('GW-71 a reload shows in the view: another hash and since when, or the faults and what goes on serving', async () => {
  const { view, file, url } = await startAsked()
  const before = await view()
  expect(before.configuration.hash).toMatch(/^[0-9a-f]{64}$/)
  expect(before.lastReading).toMatchObject({ faults: [], warnings: [] })
  await fetch(`${url}/api/catalogue/x`)
  await until(async () => find((await view()).routes, 'catalogue').live.requestsPerSecond > 0)
  writeFileSync(
    file,
    changed(({ Routes }) => Object.assign(Routes.catalogue, { ClusterId: 'ordres' })),
  )
  process.emit('SIGHUP')
  const broken = await view()
  expect(broken.configuration).toEqual(before.configuration)
  expect(broken.lastReading.faults).toEqual([expect.stringContaining('Did you mean orders?')])
  writeFileSync(
    file,
    changed(({ Routes }) => {
      Routes.renamed = Routes.catalogue
      delete Routes.catalogue
    }),
  )
  process.emit('SIGHUP')
  const after = await view()
  expect(after.configuration.hash).not.toBe(before.configuration.hash)
  expect(after.configuration.since >= before.configuration.since).toBe(true)
  expect(after.lastReading.faults).toEqual([])
  writeFileSync(file, shippedConfiguration)
  process.emit('SIGHUP')
  const back = await view()
  expect(back.configuration.hash).toBe(before.configuration.hash)
  expect(find(back.routes, 'catalogue').live.requestsPerSecond).toBe(0)
})

test('GW-71 figures are those of real requests: of routes, of destinations with their breakers, and of rate limits', async () => {
  const configuration = changed(({ Clusters, Routes, Policies }) => {
    Clusters.orders.Resilience = {
      Retry: { Attempts: 2, Statuses: [500] },
      CircuitBreaker: { MinimumRequests: 4, FailureRatio: 0.5, Statuses: [500], OpenFor: '00:01:00' },
    }
    Policies.RateLimiter.few = { Algorithm: 'FixedWindow', Permits: 1, Window: '01:00:00', By: ['Address'] }
    Routes['own-profile-read'].RateLimiterPolicy = 'few'
  })
  const { url, view, issuer } = await startAsked({
    configuration,
    service: (request, response) => {
      response.statusCode = request.url?.startsWith('/catalogue') ? 500 : 200
      response.end('{}')
    },
  })
  for (let count = 0; count < 6; count++) await fetch(`${url}/api/catalogue/x`)
  const token = bearer(await issuer.sign({ scope }))
  for (let count = 0; count < 3; count++) await fetch(`${url}/api/users/me`, token)
  const { routes, clusters, rateLimits } = await view()
  const find = (list: Json[], name: string) =>
    list.find((each) => [each.id, each.name].includes(name)) as Json
  const catalogue = find(routes, 'catalogue')
  expect(catalogue.live.failuresPerSecond).toBeGreaterThan(0)
  expect(catalogue.live.failuresPerSecond).toBe(catalogue.live.requestsPerSecond)
  expect(catalogue.live.p50Milliseconds).toBeGreaterThan(0)
  expect(catalogue.live.p95Milliseconds).toBeGreaterThanOrEqual(catalogue.live.p50Milliseconds)
  expect(catalogue.furtherAttemptsPerSecond).toBeGreaterThan(0)
  expect(find(routes, 'orders-read').live).toEqual({
    ...{ requestsPerSecond: 0, failuresPerSecond: 0, p50Milliseconds: null, p95Milliseconds: null },
  })
  const [broken] = find(clusters, 'orders').destinations
  expect(broken.breaker.state).toBe('open')
  expect(broken.breaker.remainingMilliseconds).toBeGreaterThan(0)
  expect(broken.live.failuresPerSecond).toBeGreaterThan(0)
  const [sound] = find(clusters, 'users').destinations
  expect(sound).toMatchObject({ inFlight: 0, breaker: null, live: { failuresPerSecond: 0 } })
  const few = find(rateLimits.policies, 'few')
  expect(few.allowedPerSecond).toBeGreaterThan(0)
  expect(few.refusedPerSecond).toBeGreaterThan(few.allowedPerSecond)
  expect(few).toMatchObject({ algorithm: 'fixed-window', permits: 1, partitions: ['Address'] })
  expect(rateLimits.isAlone).toBe(true)
})

test('GW-71 it says which route takes a URL, and what those before it miss', async () => {
  const configuration = changed(({ Routes }) => {
    const Match = {
      Path: '/api/orders/{**rest}',
      Hosts: ['beta.test'],
      Headers: [{ Name: 'X-Beta', Values: ['1'] }],
    }
    Routes.beta = { ClusterId: 'orders', Order: -1, Match }
  })
  const { which } = await startAsked({ configuration })
  const orders = await which({ url: '/api/orders/7?state=paid#top', method: 'post' })
  expect(orders).toMatchObject({
    ...{ method: 'POST', target: '/api/orders/7?state=paid', route: 'orders-write', clusterId: 'orders' },
    ...{ answeredBy: 'cluster', refusal: null, allow: [], leftOut: 0 },
  })
  const missed = Object.fromEntries(orders.passedOver.map((each: Json) => [each.route, each.missed]))
  expect(missed).toMatchObject({
    beta: ['host', 'header'],
    catalogue: ['path', 'method'],
    'orders-read': ['method'],
  })
  const url = 'https://BETA.test/api/orders/7'
  expect(await which({ url })).toMatchObject({ host: 'beta.test', route: 'orders-read' })
  expect(await which({ url, header: 'x-beta: 1' })).toMatchObject({ route: 'beta', passedOver: [] })
  const answers: [string, Json][] = [
    ['/api/gateway/which', { answeredBy: 'gateway', route: 'gateway' }],
    ['/shop', { answeredBy: 'web-app', route: null }],
    ['/api/nothing', { answeredBy: 'nobody', route: null, allow: [] }],
    ['/%61pi/nothing', { answeredBy: 'nobody' }],
    ['/api/a/../orders', { answeredBy: 'nobody', refusal: { status: 400 } }],
    ['/api/orders/ação', { route: 'orders-read', target: '/api/orders/a%C3%A7%C3%A3o' }],
    ['http:///x', { answeredBy: 'nobody', refusal: { status: 400 } }],
    ['api/orders', { route: 'orders-read' }],
  ]
  for (const [asked, expected] of answers) expect(await which({ url: asked })).toMatchObject(expected)
  const patched = await which({ url: '/api/users/me', method: 'DELETE' })
  expect(patched).toMatchObject({
    route: null,
    answeredBy: 'nobody',
    allow: expect.arrayContaining(['GET', 'PUT']),
  })
})

test('GW-71 what is asked wrongly is told, and a long list of routes stays short', async () => {
  const configuration = changed(({ Routes }) => {
    for (let number = 0; number < 300; number++)
      Routes[`many-${number}`] = { ClusterId: 'orders', Order: -1, Match: { Path: `/api/many/${number}` } }
  })
  const { ask, which } = await startAsked({ configuration })
  for (const query of [
    '',
    '?url=',
    '?url=/&url=/',
    '?url=/&method=G%20T',
    '?url=/&header=x',
    '?url=/&uri=/',
  ]) {
    const response = await ask(`/which${query}`)
    expect([query, response.status, await response.json()]).toMatchObject([
      ...[query, 400, { code: 'validation-failed', errors: [{ parameter: expect.any(String) }] }],
    ])
  }
  const { passedOver, leftOut } = await which({ url: '/api/orders', method: 'POST' })
  expect(passedOver).toEqual([{ route: 'orders-read', missed: ['method'] }])
  expect(leftOut).toBeGreaterThanOrEqual(300)
})
