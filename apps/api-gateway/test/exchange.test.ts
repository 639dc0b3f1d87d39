import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { bearer, scope, startGateway, stopAll } from './fixtures.ts'

afterEach(stopAll)

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

test('GW-62 a trace goes on, or begins: the service gets it and the answer names it', async () => {
  const { url, upstream } = await startGateway({
    service: (_request, response) => void response.setHeader('trace-id', 'other').end('{}'),
  })
  const continued = await fetch(`${url}/api/catalogue/products`, { headers: { traceparent } })
  expect(continued.headers.get('trace-id')).toBe('0af7651916cd43dd8448eb211c80319c')
  expect(upstream.seen[0]?.headers.traceparent).toMatch(
    /^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/,
  )
  expect(upstream.seen[0]?.headers.traceparent).not.toBe(traceparent)
  const begun = await fetch(`${url}/api/catalogue/products`, { headers: { traceparent: 'nonsense' } })
  expect(upstream.seen[1]?.headers.traceparent).toContain(begun.headers.get('trace-id'))
  for (const path of ['/', '/api/none', '/api/orders', '/mark.svg'])
    expect((await fetch(url + path)).headers.get('trace-id')).toMatch(/^[0-9a-f]{32}$/)
})

test('Server-Timing tells the gateway’s part first, then what the service told', async () => {
  const { url, issuer } = await startGateway({
    service: (_request, response) =>
      void response.setHeader('server-timing', 'service;dur=3;desc="order-service"').end('{}'),
  })
  const token = bearer(await issuer.sign({ scope }))
  const timingOf = async (init?: RequestInit) =>
    (await fetch(`${url}/api/orders`, init)).headers.get('server-timing') ?? ''
  const steps = (timing: string) => timing.replaceAll(/dur=[\d.]+;/g, '').split(', ')
  const rest = ['policy;desc="read-orders"', 'upstream;desc="orders/1"', 'service;dur=3;desc="order-service"']
  const expected = (source: string) => [
    'gateway;desc="orders-read"',
    `token;desc="${source}"`,
    ...rest.slice(0, 2),
  ]
  expect(steps(await timingOf(token)).slice(0, 4)).toEqual(expected('verified'))
  const second = await timingOf(token)
  expect(steps(second).slice(0, 4)).toEqual(expected('remembered'))
  expect(second).toMatch(/service;dur=3;desc="order-service"$/)
  expect(steps(await timingOf())).toContain('token;desc="none"')
})

test('Server-Timing can be turned off', async () => {
  const { url } = await startGateway({ env: { SERVER_TIMING: 'false' } })
  expect((await fetch(`${url}/api/catalogue/products`)).headers.get('server-timing')).toBeNull()
})

test('GW-68 404, 405, 413, 502 and a refused path are problems, with security headers and the trace', async () => {
  const { url, issuer, upstream } = await startGateway()
  const token = await issuer.sign({ scope })
  const problemOf = async (path: string, init?: RequestInit) => {
    const response = await fetch(url + path, init)
    const body = (await response.json()) as { code: string; traceId: string }
    expect(response.headers.get('content-type')).toMatch('application/problem+json')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(body.traceId).toBe(response.headers.get('trace-id'))
    return [response.status, body.code, response.headers.get('allow')]
  }
  expect(await problemOf('/api/none')).toEqual([404, 'not-found', null])
  expect(await problemOf('/api')).toEqual([404, 'not-found', null])
  expect(await problemOf('/API/none/x')).toEqual([404, 'not-found', null])
  expect(await problemOf('/api/catalogue/x', { method: 'POST' })).toEqual([
    405,
    'method-not-allowed',
    'GET, HEAD',
  ])
  expect(await problemOf('/api/a%2fb')).toEqual([400, 'bad-request', null])
  const large = { method: 'POST', ...bearer(token), body: 'x'.repeat(262_145) }
  expect(await problemOf('/api/orders', large)).toEqual([413, 'body-too-large', null])
  expect(upstream.seen).toEqual([])
  upstream.server.closeAllConnections()
  upstream.server.close()
  expect(await problemOf('/api/catalogue/x')).toEqual([502, 'upstream-failed', null])
})

test('one lone destination is asked again as soon as it is back, however often it failed', async () => {
  const { url, upstream } = await startGateway({ service: (request) => void request.socket.destroy() })
  const ask = async () => (await fetch(`${url}/api/catalogue/x`)).status
  for (let count = 0; count < 12; count++) expect(await ask()).toBe(502)
  upstream.server.removeAllListeners('request').on('request', (_request, response) => response.end('{}'))
  expect(await ask()).toBe(200)
})

test('GW-64 GW-69 GW-71 the admin port tells health, metrics, routes in match order and destinations', async () => {
  const { gateway, url, upstream } = await startGateway()
  await fetch(`${url}/api/catalogue/products`)
  upstream.server.closeAllConnections()
  upstream.server.close()
  await fetch(`${url}/api/catalogue/products`)
  const admin = async (path: string) => (await fetch(gateway.adminUrl + path)).text()
  expect(JSON.parse(await admin('/health/live'))).toEqual({ status: 'live' })
  expect(JSON.parse(await admin('/health/ready'))).toEqual({ status: 'ready' })
  await until(async () =>
    /gateway_forwarder_errors_total\{route="catalogue",error="Request"/.test(await admin('/metrics')),
  )
  expect(await admin('/metrics')).toMatch(
    /http_server_request_duration_seconds_count\{service="api-gateway",http_route="catalogue",http_request_method="GET",http_response_status_code="200"/,
  )
  const { routes, clusters, lastReading } = JSON.parse(await admin('/routes'))
  expect(routes[0]).toMatchObject({ path: '/api/users/me', authorizationPolicy: 'read-own-profile' })
  expect(clusters[0]).toMatchObject({
    id: 'orders',
    destinations: [{ id: '1', inFlight: 0, health: { active: 'unknown', passive: 'unknown' } }],
  })
  expect(lastReading.faults).toEqual([])
  expect((await fetch(`${url}/routes`)).headers.get('content-type')).toMatch('text/html')
})

test('GW-66 a stop turns readiness first, lets the request at work end, and takes no new one', async () => {
  let release = () => {}
  const { gateway, url } = await startGateway({
    service: (_request, response) => {
      release = () => response.end('{"late":true}')
    },
  })
  const atWork = fetch(`${url}/api/catalogue/x`)
  await until(async () => (await (await fetch(`${gateway.adminUrl}/routes`)).text()).includes('"inFlight":1'))
  const stopped = gateway.close()
  const ready = await fetch(`${gateway.adminUrl}/health/ready`)
  expect([ready.status, await ready.json()]).toMatchObject([503, { status: 'stopping' }])
  await expect(fetch(url)).rejects.toThrow()
  release()
  const answer = await atWork
  expect([answer.status, answer.headers.get('connection'), await answer.json()]).toEqual([
    200,
    'close',
    { late: true },
  ])
  await stopped
  await gateway.close()
  await expect(fetch(gateway.adminUrl)).rejects.toThrow()
})
