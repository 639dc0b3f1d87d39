import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { json } from 'node:stream/consumers'
import { until } from '@alicerce/testing'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { type Handler, shippedConfiguration, startGateway, startService, stopAll } from '../fixtures.ts'

afterEach(stopAll)

// biome-ignore lint/suspicious/noExplicitAny: what a collector gets is looked at member by member
type Json = any

/** A collector of traces on a socket: OTLP/HTTP with JSON. */
async function startCollector() {
  const spans: Json[] = []
  const server = createServer(async (request, response) => {
    expect(request.headers['content-type']).toBe('application/json')
    const body: Json = await json(request)
    for (const { resource, scopeSpans } of body.resourceSpans) {
      expect(resource.attributes).toEqual([{ key: 'service.name', value: { stringValue: 'api-gateway' } }])
      for (const scope of scopeSpans) spans.push(...scope.spans)
    }
    response.end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { spans, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** Its attributes as one object. */
const attributesOf = (span: Json) =>
  Object.fromEntries(
    span.attributes.map(({ key, value }: Json) => [key, value.stringValue ?? Number(value.intValue)]),
  )

const client = { trace: '0af7651916cd43dd8448eb211c80319c', span: 'b7ad6b7169203331' }
const traceparent = (flags: string) => ({ traceparent: `00-${client.trace}-${client.span}-${flags}` })

function configured(change: (section: Json) => void): string {
  const written = JSON.parse(shippedConfiguration)
  change(written.ReverseProxy)
  return JSON.stringify(written)
}

async function start(change: (section: Json) => void, service: Handler, env: Record<string, string> = {}) {
  const collector = await startCollector()
  const started = await startGateway({
    configuration: configured(change),
    service,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...env },
  })
  return { ...started, ...collector, url: started.url }
}

const path = '/api/catalogue/products'

test('GW-62 each attempt is a span of its own below that of the exchange, and the service continues it', async () => {
  let asked = 0
  const { url, upstream, spans } = await start(
    ({ Clusters }) => {
      Clusters.orders.Resilience = { Retry: { Attempts: 3, Statuses: [503] } }
    },
    (_request, response) => void response.writeHead(++asked < 3 ? 503 : 200).end('{}'),
  )
  const answer = await fetch(`${url}${path}?secret=1`, { headers: traceparent('01') })
  expect(answer.status).toBe(200)
  await until(() => spans.length >= 4)
  const [exchange] = spans.filter(({ kind }) => kind === 2)
  const attempts = spans.filter(({ kind }) => kind === 3)
  expect(exchange).toMatchObject({ traceId: client.trace, parentSpanId: client.span, name: 'GET catalogue' })
  expect(attributesOf(exchange)).toEqual({
    'http.request.method': 'GET',
    'http.response.status_code': 200,
    'http.route': 'catalogue',
    'url.path': path,
    'alicerce.attempts': 3,
  })
  expect(exchange.status).toBeUndefined()
  expect(attempts.map(attributesOf)).toMatchObject([
    { 'http.response.status_code': 503, 'alicerce.cluster': 'orders', 'alicerce.destination': '1' },
    { 'http.response.status_code': 503, 'http.request.resend_count': 1, 'server.address': '127.0.0.1' },
    { 'http.response.status_code': 200, 'http.request.resend_count': 2 },
  ])
  expect(attempts.map(({ status }) => status?.code)).toEqual([2, 2, undefined])
  // Each is the parent of what the service does for it.
  expect(upstream.seen.map(({ headers }) => headers.traceparent)).toEqual(
    attempts.map(({ spanId }) => `00-${client.trace}-${spanId}-01`),
  )
  for (const attempt of attempts) {
    expect(attempt).toMatchObject({ traceId: client.trace, parentSpanId: exchange.spanId })
    expect(BigInt(attempt.startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(exchange.startTimeUnixNano))
    expect(BigInt(attempt.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(attempt.startTimeUnixNano))
  }
})

test('GW-62 a hedge is a span beside the first, each with its destination', async () => {
  const fast = await startService((_request, response) => void response.end('fast'))
  const { url, spans } = await start(
    ({ Clusters }) => {
      Clusters.orders.LoadBalancingPolicy = 'FirstAlphabetical'
      Clusters.orders.Destinations['2'] = { Address: fast.url }
      Clusters.orders.Resilience = { Hedging: { Delay: '00:00:00.05' } }
    },
    () => {},
  )
  expect(await (await fetch(url + path)).text()).toBe('fast')
  await until(() => spans.length >= 3)
  const attempts = spans.filter(({ kind }) => kind === 3).map(attributesOf)
  attempts.sort((one, other) => one['alicerce.destination'].localeCompare(other['alicerce.destination']))
  expect(attempts).toMatchObject([
    { 'alicerce.destination': '1', 'error.type': 'RequestCanceled' },
    { 'alicerce.destination': '2', 'http.response.status_code': 200, 'http.request.resend_count': 1 },
  ])
})

test('GW-62 a WebSocket is a span with one attempt', async () => {
  const { port, upstream, spans } = await start(
    ({ Routes }) => {
      Routes.socket = {
        ...{ ClusterId: 'orders', AuthorizationPolicy: 'Anonymous', Match: { Path: '/api/socket' } },
      }
    },
    () => {},
  )
  upstream.server.on('upgrade', (_request, socket) =>
    socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'),
  )
  const socket = connect({ port, host: '127.0.0.1' })
  socket.write(
    'GET /api/socket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  socket.resume()
  await once(socket, 'close')
  await until(() => spans.length >= 2)
  expect(spans.map(({ kind }) => kind).sort()).toEqual([2, 3])
  for (const span of spans) expect(attributesOf(span)['http.response.status_code']).toBe(101)
})

test('GW-62 what a client says of being recorded counts from trusted peers alone', async () => {
  const trusting = await start(
    (section) => {
      section.TrustedProxies = ['127.0.0.1']
    },
    (_request, response) => void response.end('{}'),
    { TRACE_ONE_IN: '1000000000' },
  )
  for (const flags of ['00', '01']) {
    await fetch(trusting.url + path, { headers: traceparent(flags) })
    expect(trusting.upstream.seen.at(-1)?.headers.traceparent).toMatch(new RegExp(`-${flags}$`))
  }
  const rare = await start(
    () => {},
    (_request, response) => void response.end('{}'),
    {
      TRACE_ONE_IN: '1000000000',
    },
  )
  await fetch(rare.url + path, { headers: traceparent('01') })
  expect(rare.upstream.seen[0]?.headers.traceparent).toMatch(
    new RegExp(`^00-${client.trace}-[0-9a-f]{16}-00$`),
  )
  const all = await start(
    () => {},
    (_request, response) => void response.end('{}'),
  )
  await fetch(all.url + path, { headers: traceparent('00') })
  expect(all.upstream.seen[0]?.headers.traceparent).toMatch(/-01$/)
  await Promise.all([trusting.gateway.close(), rare.gateway.close(), all.gateway.close()])
  expect([trusting.spans, rare.spans, all.spans].map(({ length }) => length)).toEqual([2, 0, 2])
})

test('GW-62 a collector that fails costs traces and no requests', async () => {
  const refusing = createServer((_request, response) => void response.writeHead(400).end())
  refusing.listen(0, '127.0.0.1')
  await once(refusing, 'listening')
  onTestFinished(() => void refusing.close())
  const { url, gateway } = await start(
    () => {},
    (_request, response) => void response.end('{}'),
    { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(refusing.address() as AddressInfo).port}` },
  )
  expect((await fetch(url + path)).status).toBe(200)
  await until(async () => {
    const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text()
    return /trace_spans_dropped_total\{reason="refused".*\} 2/.test(metrics)
  })
})
