import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { readApiGatewayConfig } from '#src/index.ts'
import { shippedConfiguration, startGateway, startService, stopAll, temporaryFolder } from './fixtures.ts'

afterEach(stopAll)

// biome-ignore lint/suspicious/noExplicitAny: tests write wrong configurations on purpose
type Json = Record<string, any>

function changed(change: (section: Json) => void): string {
  const json = JSON.parse(shippedConfiguration)
  change(json.ReverseProxy)
  return JSON.stringify(json)
}

test('what is not set has a default, and files are found from the app’s own folder', () => {
  const config = readApiGatewayConfig({ APP_ENV: 'test', reverseproxy__Clusters__x: '1', OTHER: '2' })
  expect(config).toMatchObject({
    PORT: 8080,
    ADMIN_PORT: 9080,
    API_AUDIENCE: 'urn:alicerce:api',
    SERVER_TIMING: true,
  })
  expect(config.PROXY_CONFIGURATION).toMatch(/\/apps\/api-gateway\/gateway\.json$/)
  expect(config.WEB_ROOT).toMatch(/\/apps\/web\/dist$/)
  expect(config.proxyOverlay).toEqual({ reverseproxy__Clusters__x: '1' })
})

test('GW-02 faults of routes, clusters and policies come together, and the gateway does not start', async () => {
  const configuration = changed((section) => {
    section.Routes.catalogue.AuthorizationPolicy = 'Anonymus'
    section.Clusters.orders.LoadBalancingPolicy = 'Fastest'
    section.Policies.Authorization.wrong = { Scope: ['a'] }
    section.Policies.Authorization.Anonymous = { User: true }
    section.Policies.Csrf = {}
  })
  const start = startGateway({ configuration })
  await expect(start).rejects.toMatchObject({ code: 'proxy-configuration-invalid' })
  for (const part of [
    'Did you mean Anonymous?',
    'Clusters.orders.LoadBalancingPolicy',
    'Policies.Authorization.wrong.Scope is not known here. Did you mean Scopes?',
    'Policies.Authorization.Anonymous is a reserved name',
    'Policies.Csrf is not known here',
  ])
    await expect(start).rejects.toThrow(part)
})

test.each([
  ['{ "Routes": {} }', 'has no section ReverseProxy'],
  ['[]', 'it is no JSON object'],
  ['{', 'cannot be read'],
])('a file that holds %s is a fault', async (configuration, reason) => {
  await expect(startGateway({ configuration })).rejects.toThrow(reason)
})

test('the file may hold comments', async () => {
  const { url } = await startGateway({ configuration: `// ours\n${shippedConfiguration}/* end */` })
  expect((await fetch(`${url}/api/catalogue/x`)).status).toBe(200)
})

test('a web app that is not built is told in a sentence', async () => {
  const start = startGateway({ env: { WEB_ROOT: temporaryFolder() } })
  await expect(start).rejects.toMatchObject({ code: 'web-app-missing' })
  await expect(start).rejects.toThrow('There is no built web app in')
})

test('a port in use fails the start, and leaves nothing listening', async () => {
  const taken = await startService()
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const adminPort = (probe.address() as AddressInfo).port
  probe.close()
  await once(probe, 'close')
  const env = { PORT: new URL(taken.url).port, ADMIN_PORT: String(adminPort) }
  await expect(startGateway({ env })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await expect(fetch(`http://127.0.0.1:${adminPort}/health/live`)).rejects.toThrow()
})

test('GW-09 a file that changes serves from then on, a bad one changes nothing and every fault is told', async () => {
  const { gateway, url, file, log } = await startGateway()
  const status = async (path: string) => (await fetch(url + path)).status
  expect(await status('/api/extra')).toBe(404)
  const open = { ClusterId: 'orders', AuthorizationPolicy: 'Anonymous', Match: { Path: '/api/extra' } }
  writeFileSync(
    file,
    changed((section) => Object.assign(section.Routes, { open })),
  )
  await until(async () => (await status('/api/extra')) === 200)

  const bad = changed((section) => {
    section.Routes.catalogue.ClusterId = 'ordres'
    section.Policies.Authorization['read-orders'] = { Scopes: 'orders:read' }
  })
  writeFileSync(file, bad)
  process.emit('SIGHUP')
  const line = log.lines.find(({ level }) => level === 'error')
  expect(line?.fields.faults).toEqual([
    expect.stringContaining('Policies.Authorization.read-orders.Scopes'),
    expect.stringContaining('Did you mean orders?'),
  ])
  expect([await status('/api/extra'), await status('/api/catalogue/x'), await status('/api/orders')]).toEqual(
    [200, 200, 401],
  )
  const { lastReading } = (await (await fetch(`${gateway.adminUrl}/routes`)).json()) as Json
  expect(lastReading.faults).toHaveLength(2)

  writeFileSync(file, shippedConfiguration)
  process.emit('SIGHUP')
  expect(await status('/api/extra')).toBe(404)
})
