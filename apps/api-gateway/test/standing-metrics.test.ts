import { writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { bearer, scope, shippedConfiguration, startGateway, stopAll } from './fixtures.ts'

afterEach(stopAll)

/** The shipped configuration, with a breaker and a budget before the orders. */
function withBreaker(): string {
  const configuration = JSON.parse(shippedConfiguration)
  const { orders } = configuration.ReverseProxy.Clusters
  orders.Resilience = { Retry: {}, CircuitBreaker: { MinimumRequests: 2, OpenFor: '00:10:00' } }
  return JSON.stringify(configuration)
}

/** Reads single series of the metrics. */
function readerOf(adminUrl: string) {
  return async (series: RegExp) => {
    const text = await (await fetch(`${adminUrl}/metrics`)).text()
    const line = text.split('\n').find((one) => series.test(one))
    return line === undefined ? undefined : Number(line.split(' ').at(-1))
  }
}

test('GW-64 GW-65 metrics tell bytes and stages by route, answers by destination, and what is known of tokens', async () => {
  const { gateway, url, issuer } = await startGateway({
    service: (request, response) => void request.resume().on('end', () => response.end('four')),
  })
  const valueIn = readerOf(gateway.adminUrl)
  const token = bearer(await issuer.sign({ scope }))
  const posted = { method: 'POST', ...token, body: 'seven b' }
  for (let count = 0; count < 2; count++) await (await fetch(`${url}/api/orders`, token)).text()
  await (await fetch(`${url}/api/orders`, posted)).text()
  await (await fetch(`${url}/api/orders`)).text()

  const read = 'route="orders-read"'
  expect(await valueIn(new RegExp(`^gateway_received_bytes_total\\{.*${read}`))).toBe(0)
  expect(await valueIn(/^gateway_received_bytes_total\{.*route="orders-write"/)).toBe(7)
  expect(await valueIn(/^gateway_sent_bytes_total\{.*route="orders-write"/)).toBe(4)
  // Two answers of the service, and the gateway's own refusal.
  expect(await valueIn(new RegExp(`^gateway_sent_bytes_total\\{.*${read}`))).toBeGreaterThan(8 + 50)
  for (const stage of ['queue', 'connect', 'first_byte', 'body']) {
    const series = `^gateway_stage_duration_seconds_count\\{.*${read}.*stage="${stage}"`
    expect(await valueIn(new RegExp(series)), stage).toBe(2)
  }
  expect(
    await valueIn(/^http_client_request_duration_seconds_count\{.*cluster="orders".*status_code="200"/),
  ).toBe(3)
  expect(await valueIn(/^access_token_cache_hits_total/)).toBe(2)
  expect(await valueIn(/^access_token_cache_misses_total/)).toBe(1)
  expect(await valueIn(/^access_token_cache_evictions_total/)).toBe(0)
  expect(await valueIn(/^access_token_cache_entries/)).toBe(1)
})

test('GW-64 metrics tell how destinations, breakers, budgets, keys and the configuration stand', async () => {
  const held: ServerResponse[] = []
  let fails = false
  const { gateway, url, file } = await startGateway({
    configuration: withBreaker(),
    service: (_request, response) => void (fails ? response.writeHead(503).end() : held.push(response)),
  })
  const valueIn = readerOf(gateway.adminUrl)
  const orders = 'cluster="orders",destination="1"'
  const atWork = fetch(`${url}/api/catalogue/x`)
  await until(() => held.length === 1)
  expect(await valueIn(new RegExp(`^gateway_destination_in_flight\\{.*${orders}`))).toBe(1)
  expect(await valueIn(new RegExp(`^gateway_destination_unhealthy\\{.*${orders}`))).toBe(0)
  expect(await valueIn(/^gateway_destination_breaker\{.*"orders".*state="closed"/)).toBe(1)
  expect(await valueIn(/^gateway_retries_left\{.*cluster="orders"/)).toBeGreaterThanOrEqual(30)
  expect(await valueIn(/^issuer_keys_age_seconds/)).toBeLessThan(60)
  expect(await valueIn(/^nodejs_eventloop_lag_p99_seconds/)).toBeGreaterThan(0)
  held[0]?.end()
  await atWork
  expect(await valueIn(new RegExp(`^gateway_destination_in_flight\\{.*${orders}`))).toBe(0)

  fails = true
  await fetch(`${url}/api/catalogue/x`)
  await fetch(`${url}/api/catalogue/x`)
  expect(await valueIn(/^gateway_destination_breaker\{.*"orders".*state="open"/)).toBe(1)
  expect(await valueIn(/^gateway_destination_breaker\{.*"orders".*state="closed"/)).toBeUndefined()

  expect(await valueIn(/^gateway_configuration_faults/)).toBe(0)
  const read = await valueIn(/^gateway_configuration_read_timestamp_seconds/)
  expect(Math.abs(Date.now() / 1000 - (read ?? 0))).toBeLessThan(120)
  writeFileSync(file, JSON.stringify({ ReverseProxy: { Routes: { r: { ClusterId: 'none' } } } }))
  await until(async () => ((await valueIn(/^gateway_configuration_faults/)) ?? 0) > 0)
})
