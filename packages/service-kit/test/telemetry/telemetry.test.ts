import { capturedLog } from '@alicerce/testing'
import { afterAll, expect, test } from 'vitest'
import {
  continueTrace,
  createTelemetry,
  currentTraceId,
  currentTraceparent,
  type FastifyTyped,
} from '#src/index.ts'
import { ask, startService, stopAll, Thing } from '../fixtures.ts'

afterAll(stopAll)

const telemetry = createTelemetry({ name: 'test-service', log: capturedLog() })

function routes(app: FastifyTyped): void {
  const open = { policy: 'anonymous' } as const
  app.post('/reads/:id', { config: open, schema: { body: Thing, response: { 200: Thing } } }, async () => {
    telemetry.onCacheRead({
      class: 'product',
      source: 'l1',
      durationMilliseconds: 1,
      ttlMilliseconds: 30_000,
    })
    telemetry.onCacheRead(
      {
        class: 'product',
        source: 'redis',
        durationMilliseconds: 2,
        ttlMilliseconds: 9500,
        ageMilliseconds: 20_500,
      },
      420,
    )
    telemetry.onQuery({ durationMilliseconds: 3 })
    telemetry.onQuery({ durationMilliseconds: 4 })
    return { id: `${currentTraceId()} ${currentTraceparent()}`, size: 1 }
  })
}

test('reads and queries of a request are told in its headers, and the trace goes on', async () => {
  const { url, adminUrl, log } = await startService(routes, { telemetry })
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  const answer = await ask(`${url}/reads/7`, {
    method: 'POST',
    json: { id: 'a', size: 1 },
    headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
  })
  expect(answer.headers.get('trace-id')).toBe(traceId)
  expect(answer.body.id).toMatch(new RegExp(`^${traceId} 00-${traceId}-(?!b7ad6b7169203331)[0-9a-f]{16}-01$`))
  const timing = answer.headers.get('server-timing')
  expect(timing).toMatch(/^service;dur=[\d.]+;desc="test-service", /)
  expect(timing).toContain('cache;dur=2.00;desc="product: redis", database;dur=7.00;desc="2 queries"')
  expect(answer.headers.get('cache-status')).toBe(
    'alicerce-redis; hit; ttl=10; alicerce-age=20.50; alicerce-behind=0.42, alicerce-l1; fwd=miss',
  )

  const line = log.lines.find(({ message }) => message === 'Request answered')
  expect(line?.fields).toMatchObject({ route: '/reads/:id', method: 'POST', status: 200, traceId })

  const metrics = (await ask(`${adminUrl}/metrics`)).text
  expect(metrics).toMatch(/http_server_request_duration_seconds_count\{.*http_route="\/reads\/:id".*\} 1\n/)
  expect(metrics).toContain('database_query_duration_seconds_count{service="test-service"} 2')
  expect(metrics).toContain('process_cpu_seconds_total')
})

test('a request without a trace begins one; a broken one is not continued', async () => {
  const { url } = await startService(() => {})
  for (const traceparent of ['', 'zz-1-2-3', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`]) {
    const answer = await ask(`${url}/none`, { headers: traceparent ? { traceparent } : {} })
    expect(answer.headers.get('trace-id')).toMatch(/^(?!0{32})[0-9a-f]{32}$/)
  }
})

test('GW-64 methods that clients make up share one series', async () => {
  const { registry, onResponse } = createTelemetry({ name: 'made-up', log: capturedLog() })
  for (let number = 0; number < 100; number++)
    onResponse({
      route: 'r',
      method: `M${number}`,
      status: 404,
      durationMilliseconds: 1,
      trace: continueTrace(undefined),
    })
  const lines = (await registry.metrics()).split('\n')
  const counts = lines.filter((line) => line.startsWith('http_server_request_duration_seconds_count'))
  expect(counts).toEqual([expect.stringMatching(/http_request_method="_OTHER".* 100$/)])
})
