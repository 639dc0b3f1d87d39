import { writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { shippedConfiguration, startGateway, stopAll } from './fixtures.ts'

afterEach(stopAll)

/** The shipped configuration, with a breaker and a budget before the orders. */
function withBreaker(): string {
  const configuration = JSON.parse(shippedConfiguration)
  const { orders } = configuration.ReverseProxy.Clusters
  orders.Resilience = { Retry: {}, CircuitBreaker: { MinimumRequests: 2, OpenFor: '00:10:00' } }
  return JSON.stringify(configuration)
}

test('GW-64 metrics tell how destinations, breakers, budgets, keys and the configuration stand', async () => {
  const held: ServerResponse[] = []
  let fails = false
  const { gateway, url, file } = await startGateway({
    configuration: withBreaker(),
    service: (_request, response) => void (fails ? response.writeHead(503).end() : held.push(response)),
  })
  const metrics = async () => (await fetch(`${gateway.adminUrl}/metrics`)).text()
  const valueIn = async (series: RegExp) => {
    const line = (await metrics()).split('\n').find((text) => series.test(text))
    return line === undefined ? undefined : Number(line.split(' ').at(-1))
  }
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
