import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { capturedLog, until } from '@alicerce/testing'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { continueTrace, createTelemetry, type FastifyTyped } from '#src/index.ts'
import { ask, startService, stopAll, Thing } from '../fixtures.ts'

afterAll(stopAll)

type Span = {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes: { key: string; value: Record<string, string> }[]
  status?: { code: number }
}
type Received = { path: string; type: string | undefined; service: string; spans: Span[] }

/** A collector of our own, which takes OTLP over HTTP and answers as it is told. */
async function startCollector() {
  const received: Received[] = []
  let answer = (response: ServerResponse): void => void response.writeHead(200).end('{}')
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const [resource] = JSON.parse(Buffer.concat(chunks).toString()).resourceSpans
    const [service] = resource.resource.attributes
    received.push({
      ...{ path: request.url as string, type: request.headers['content-type'] },
      ...{ service: service.value.stringValue, spans: resource.scopeSpans[0].spans },
    })
    answer(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    spans: () => received.flatMap(({ spans }) => spans),
    answerWith(next: typeof answer) {
      answer = next
    },
  }
}

const anonymous = { policy: 'anonymous' } as const
const thing = { id: 'a', size: 1 }

function routes(app: FastifyTyped): void {
  app.get('/things/:id', { config: anonymous, schema: { response: { 200: Thing } } }, async () => thing)
  app.get('/broken', { config: anonymous, schema: { response: { 200: Thing } } }, async () => {
    throw new Error('inside')
  })
}

async function startExporting(collectorUrl: string) {
  const log = capturedLog()
  const telemetry = createTelemetry({ name: 'test-service', collectorUrl, log })
  onTestFinished(() => telemetry.close())
  const metric = async (name: string) => {
    const line = (await telemetry.registry.metrics()).split('\n').find((each) => each.startsWith(name))
    return Number(line?.split(' ').at(-1))
  }
  return { telemetry, log, metric }
}

test('SV-33 each request that is sampled is a span at the collector: its trace, its parent, its route', async () => {
  const collector = await startCollector()
  const { telemetry, metric } = await startExporting(collector.url)
  const { url } = await startService(routes, { telemetry })
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  const from = (flags: string) => ({ traceparent: `00-${traceId}-b7ad6b7169203331-${flags}` })
  const before = BigInt(Date.now()) * 1_000_000n
  await ask(`${url}/things/not-sampled?token=secret`, { headers: from('00') })
  await ask(`${url}/things/7?token=secret`, { headers: from('01') })
  await ask(`${url}/broken`)
  await until(() => collector.spans().length === 2)

  const [{ path, type, service }] = collector.received as [Received]
  expect({ path, type, service }).toEqual({
    ...{ path: '/v1/traces', type: 'application/json', service: 'test-service' },
  })
  const [first, broken] = collector.spans() as [Span, Span]
  expect(first).toMatchObject({ traceId, parentSpanId: 'b7ad6b7169203331', name: 'GET /things/:id', kind: 2 })
  expect(first.spanId).toMatch(/^[0-9a-f]{16}$/)
  expect(
    Object.fromEntries(first.attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
  ).toEqual({
    ...{ 'http.request.method': 'GET', 'http.route': '/things/:id', 'http.response.status_code': '200' },
  })
  expect(first.status).toBeUndefined()
  expect(BigInt(first.startTimeUnixNano)).toBeGreaterThanOrEqual(before - 1_000_000n)
  expect(BigInt(first.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(first.startTimeUnixNano))
  expect(broken).toMatchObject({ name: 'GET /broken', status: { code: 2 } })
  expect(broken.parentSpanId).toBeUndefined()
  expect(JSON.stringify(collector.received)).not.toMatch(/secret|not-sampled/)
  await until(async () => (await metric('trace_spans_exported_total')) === 2)
})

test('a collector that never answers holds no request up, and what waits is bounded, the rest counted', async () => {
  const collector = await startCollector()
  const held: ServerResponse[] = []
  collector.answerWith((response) => void held.push(response))
  const { telemetry, metric } = await startExporting(collector.url)
  const { url } = await startService(routes, { telemetry })
  await ask(`${url}/things/1`)
  await until(() => held.length === 1)
  const trace = continueTrace(undefined)
  for (let number = 0; number < 10_000; number++)
    telemetry.onResponse({ route: 'r', method: 'GET', status: 200, durationMilliseconds: 1, trace })
  expect((await ask(`${url}/things/2`)).status).toBe(200)
  const lost = await metric('trace_spans_dropped_total{reason="no-room"')
  expect(lost).toBe(10_002 - 8192)

  collector.answerWith((response) => void response.end('{}'))
  held[0]?.end('{}')
  await until(() => collector.spans().length === 8192)
  await until(async () => (await metric('trace_spans_exported_total')) === 8192)
})

test('spans wait for a collector that is away, and a batch that it refuses for good is counted and left', async () => {
  const collector = await startCollector()
  collector.answerWith((response) => void response.writeHead(503).end())
  const { telemetry, log, metric } = await startExporting(collector.url)
  const send = (route: string) =>
    telemetry.onResponse({
      ...{ route, method: 'GET', status: 200, durationMilliseconds: 1 },
      trace: continueTrace(undefined),
    })
  send('waits')
  await until(() => collector.received.length === 1)
  await until(() => log.text().includes('takes no spans'))
  expect(await metric('trace_spans_exported_total')).toBe(0)
  collector.answerWith((response) => void response.writeHead(200).end('{}'))
  await until(async () => (await metric('trace_spans_exported_total')) === 1)
  expect(collector.spans().map(({ name }) => name)).toEqual(['GET waits', 'GET waits'])

  collector.answerWith((response) => void response.writeHead(400).end())
  send('refused')
  await until(async () => (await metric('trace_spans_dropped_total{reason="refused"')) === 1)
  collector.answerWith((response) => void response.writeHead(200).end('{}'))
  send('last')
  await telemetry.close()
  expect(collector.spans().map(({ name }) => name)).toEqual([
    ...['GET waits', 'GET waits', 'GET refused', 'GET last'],
  ])
})
