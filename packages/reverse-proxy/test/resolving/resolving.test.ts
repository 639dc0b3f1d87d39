import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { readProxyConfiguration } from '#src/index.ts'
import { closeAll, closing, startProxy } from '../fixtures.ts'
import { type DnsRecord, startDnsServer } from './dns-server.ts'

afterEach(closeAll)

/** Services that say who they are, at the same port of several addresses of this machine. */
async function startServices(...addresses: string[]): Promise<number> {
  let port = 0
  for (const address of addresses) {
    const server = createServer((request, response) => response.end(`${address} ${request.headers.host}`))
    server.listen(port, address)
    await once(server, 'listening')
    closing.push(() => {
      server.closeAllConnections()
      server.close()
    })
    port = (server.address() as AddressInfo).port
  }
  return port
}

async function startDns(zone: Record<string, DnsRecord[]>) {
  const dns = await startDnsServer(zone)
  closing.push(dns.close)
  return dns
}

const record = (address: string): DnsRecord => ({ type: 'A', address })
const often = '00:00:00.05'

/** What so many answers say. */
async function ask(url: string, count = 10): Promise<Set<string>> {
  const answers = new Set<string>()
  for (let number = 0; number < count; number++) {
    const response = await fetch(`${url}/api/a`)
    answers.add(response.status === 200 ? await response.text() : String(response.status))
  }
  return answers
}

test('GW-11 a name is one destination for each of its addresses, and follows them without a failed request', async () => {
  const port = await startServices('127.0.0.1', '127.0.0.2', '127.0.0.3')
  const { state, server } = await startDns({ 'orders.test': [record('127.0.0.1'), record('127.0.0.2')] })
  const { proxy, url } = await startProxy(
    `http://orders.test:${port}`,
    {},
    {},
    {
      LoadBalancingPolicy: 'RoundRobin',
      DestinationResolver: { Servers: [server], RefreshPeriod: often },
    },
  )
  const host = `orders.test:${port}`
  expect(await ask(url)).toEqual(new Set([`127.0.0.1 ${host}`, `127.0.0.2 ${host}`]))
  const ids = () =>
    proxy
      .snapshot()
      .clusters.get('c')
      ?.destinations.map(({ configuration }) => configuration.id)
  expect(ids()).toEqual(['d[127.0.0.1]', 'd[127.0.0.2]'])
  const kept = proxy.snapshot().clusters.get('c')?.destinations[1]

  state.zone['orders.test'] = [record('127.0.0.3'), record('127.0.0.2')]
  const expected = new Set([`127.0.0.1 ${host}`, `127.0.0.2 ${host}`, `127.0.0.3 ${host}`])
  await expect
    .poll(async () => {
      for (const answer of await ask(url, 2)) expect(expected).toContain(answer)
      return ids()
    })
    .toEqual(['d[127.0.0.2]', 'd[127.0.0.3]'])
  expect(await ask(url)).toEqual(new Set([`127.0.0.2 ${host}`, `127.0.0.3 ${host}`]))
  // Its connections, its health and its figures go on.
  expect(proxy.snapshot().clusters.get('c')?.destinations[0]).toBe(kept)
})

test('GW-11 what was known last holds while names cannot be resolved, and over a reload', async () => {
  const port = await startServices('127.0.0.1', '127.0.0.2')
  const { state, server } = await startDns({ 'orders.test': [record('127.0.0.2')] })
  const section = (path: string) => ({
    Routes: { r: { ClusterId: 'c', Match: { Path: path } } },
    Clusters: { c: { Destinations: { d: { Address: `http://orders.test:${port}` } } } },
    DestinationResolver: { Servers: [server], RefreshPeriod: often },
  })
  const { proxy, url } = await startProxy('http://127.0.0.1:1', {}, {}, {}, section('/api/{**rest}'))
  const answer = new Set([`127.0.0.2 orders.test:${port}`])
  expect(await ask(url)).toEqual(answer)
  for (const mode of ['fails', 'silent', 'answers'] as const) {
    state.mode = mode
    if (mode === 'answers') delete state.zone['orders.test']
    const { queries } = state
    await expect.poll(() => state.queries, { timeout: 10_000 }).toBeGreaterThan(queries + 1)
    proxy.reload(readProxyConfiguration(section('/{**rest}'), {}))
    expect(await ask(url)).toEqual(answer)
  }
  state.zone['orders.test'] = [record('127.0.0.1')]
  await expect.poll(() => ask(url), { timeout: 15_000 }).toEqual(new Set([`127.0.0.1 orders.test:${port}`]))
})

test('GW-11 a cluster may go its own way, and addresses lead where they lead', async () => {
  const port = await startServices('127.0.0.1', '127.0.0.2')
  const { state, server } = await startDns({ localhost: [record('127.0.0.2')] })
  const DestinationResolver = { Servers: [server] }
  const none = { DestinationResolver: { Policy: 'None' } }
  const own = await startProxy(`http://localhost:${port}`, {}, {}, none, { DestinationResolver })
  expect(await ask(own.url)).toEqual(new Set([`127.0.0.1 localhost:${port}`]))
  const address = await startProxy(`http://127.0.0.1:${port}`, {}, {}, {}, { DestinationResolver })
  expect(await ask(address.url)).toEqual(new Set([`127.0.0.1 127.0.0.1:${port}`]))
  expect(state.queries).toBe(0)
  const all = await startProxy(`http://localhost:${port}`, {}, {}, {}, { DestinationResolver })
  expect(await ask(all.url)).toEqual(new Set([`127.0.0.2 localhost:${port}`]))
})

test('GW-11 services are found with their ports, and are probed there', async () => {
  const warnings: Error[] = []
  const onWarning = (warning: Error) => warnings.push(warning)
  process.on('warning', onWarning)
  closing.push(() => process.off('warning', onWarning))
  const [one, two] = [await startServices('127.0.0.1'), await startServices('127.0.0.1')]
  const service = (port: number): DnsRecord => ({ type: 'SRV', priority: 1, port, target: 'a.test' })
  const { server } = await startDns({
    '_orders._tcp.test': [service(one), service(two)],
    'a.test': [record('127.0.0.1')],
  })
  const { proxy, url } = await startProxy(
    'http://_orders._tcp.test/',
    {},
    {},
    {
      LoadBalancingPolicy: 'RoundRobin',
      DestinationResolver: { Servers: [server], Records: 'Service' },
      HealthCheck: { Active: { Enabled: true } },
    },
  )
  expect(await ask(url)).toEqual(new Set(['127.0.0.1 _orders._tcp.test']))
  const destinations = () => proxy.snapshot().clusters.get('c')?.destinations ?? []
  expect(
    destinations()
      .map(({ configuration }) => configuration.id)
      .sort(),
  ).toEqual([one, two].map((port) => `d[127.0.0.1:${port}]`).sort())
  await expect.poll(() => destinations().map(({ active }) => active.health)).toEqual(['healthy', 'healthy'])
  // Such as of timers, while no destination was known yet.
  expect(warnings).toEqual([])
})

test('GW-11 TLS asks for the certificate of the name, not of the address', async () => {
  const pem = (name: string) => readFileSync(new URL(`../certificates/${name}`, import.meta.url))
  const asked: unknown[] = []
  const service = createTlsServer({
    ...{ key: pem('a.key'), cert: pem('a.crt') },
    SNICallback(name, done) {
      asked.push(name)
      done(null)
    },
  })
  service.on('request', (_request, response) => response.end('secure'))
  service.on('upgrade', (_request, socket) => socket.destroy())
  service.listen(0, '127.0.0.1')
  await once(service, 'listening')
  closing.push(() => {
    service.closeAllConnections()
    service.close()
  })
  const { server } = await startDns({ 'a.test': [record('127.0.0.1')] })
  const address = `https://a.test:${(service.address() as AddressInfo).port}`
  for (const HttpRequest of [{ Version: '1.1' }, {}]) {
    const { port, url } = await startProxy(
      address,
      {},
      {},
      {
        ...{ HttpClient: { DangerousAcceptAnyServerCertificate: true }, HttpRequest },
        DestinationResolver: { Servers: [server] },
      },
    )
    asked.length = 0
    expect(await ask(url, 1)).toEqual(new Set(['secure']))
    const socket = connect({ port, host: '127.0.0.1' })
    socket.write(
      'GET /api/a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    )
    await once(socket, 'data')
    socket.destroy()
    expect(asked).toEqual(['a.test', 'a.test'])
  }
})

test('GW-11 a resolver that is written wrongly is a fault', () => {
  const Clusters = {
    c: { Destinations: {}, DestinationResolver: { Servers: ['dns.test'], AddressFamily: 'IPv4' } },
  }
  expect(() => readProxyConfiguration({ Clusters }, {})).toThrow(/Servers has one that is no address/)
  expect(() => readProxyConfiguration({ Clusters }, {})).toThrow(/AddressFamily/)
})
