import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { type Handler, shippedConfiguration, startGateway, stopAll, temporaryFolder } from './fixtures.ts'

afterEach(stopAll)

function withCache(): string {
  const configuration = JSON.parse(shippedConfiguration)
  configuration.ReverseProxy.Routes.catalogue.OutputCachePolicy = 'short'
  configuration.ReverseProxy.Policies.OutputCache = { short: { Duration: '00:01:00' } }
  return JSON.stringify(configuration)
}

test('GW-46 an answer from the output cache is told by Server-Timing, metrics and the access log', async () => {
  const file = join(temporaryFolder(), 'access.log')
  const { gateway, url, upstream } = await startGateway({
    configuration: withCache(),
    env: { ACCESS_LOG: file, SERVER_TIMING: 'true' },
  })
  const traces: (string | null)[] = []
  for (const result of ['miss', 'hit']) {
    const { headers } = await fetch(`${url}/api/catalogue/products`)
    expect(headers.get('server-timing')).toContain(`output-cache;desc=${result}`)
    expect(headers.has('age')).toBe(result === 'hit')
    traces.push(headers.get('trace-id'))
  }
  expect(new Set(traces).size).toBe(2)
  expect(upstream.seen).toHaveLength(1)
  const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text()
  expect(metrics).toMatch(/gateway_output_cache_total\{route="catalogue",result="hit".*\} 1/)
  await until(() => /"cache":"miss".*\n.*"cache":"hit"/.test(readFileSync(file, 'utf8')))
})

test('GW-46 what is stored is bounded by OUTPUT_CACHE_BYTES, over all routes, and shown', async () => {
  const service: Handler = (_request, response) => void response.end('x'.repeat(3000))
  const limit = 10_000
  const env = { OUTPUT_CACHE_BYTES: String(limit) }
  const { gateway, url, upstream } = await startGateway({ configuration: withCache(), env, service })
  for (let product = 0; product < 9; product++) await fetch(`${url}/api/catalogue/products/${product}`)
  const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text()
  const bytes = Number(/^gateway_output_cache_bytes(?:\{.*\})? (\d+)$/m.exec(metrics)?.[1])
  expect(bytes).toBeGreaterThan(3000)
  expect(bytes).toBeLessThanOrEqual(limit)
  await (await fetch(`${url}/api/catalogue/products/8`)).text()
  expect(upstream.seen, 'the last one is there').toHaveLength(9)
  await (await fetch(`${url}/api/catalogue/products/0`)).text()
  expect(upstream.seen, 'the first one has made room').toHaveLength(10)
})

test('GW-02 OUTPUT_CACHE_BYTES is a whole number', async () => {
  await expect(startGateway({ env: { OUTPUT_CACHE_BYTES: '64MB' } })).rejects.toThrow('OUTPUT_CACHE_BYTES')
})
