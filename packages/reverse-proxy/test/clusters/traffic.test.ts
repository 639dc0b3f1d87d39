import { once } from 'node:events'
import { connect } from 'node:net'
import { capturedLog, until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { createReverseProxy, type Exchange, readProxyConfiguration } from '#src/index.ts'
import { closeAll, closing, type Handler, startUpstream } from '../fixtures.ts'

afterEach(closeAll)

/** Numbers from 0 to below 1, the same ones for the same seed (Park and Miller). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/** A proxy before as many services as there are handlers, whose chance is that of a seed. */
async function start(handlers: Handler[], cluster: object) {
  const upstreams = await Promise.all(handlers.map((handler) => startUpstream(handler)))
  const Destinations = Object.fromEntries(
    upstreams.map(({ address }, index) => [`d${index}`, { Address: address }]),
  )
  const section = {
    Routes: { r: { ClusterId: 'c', Match: { Path: '/api/{**rest}' } } },
    Clusters: { c: { Destinations, ...cluster } },
  }
  const ended: Exchange[] = []
  const proxy = createReverseProxy({
    configuration: readProxyConfiguration(section, { authorizationPolicies: [] }),
    ...{ random: seeded(7), log: capturedLog() },
    hooks: { end: (exchange) => void ended.push(exchange) },
  })
  closing.push(() => proxy.close(200))
  const [port] = await proxy.listen({ host: '127.0.0.1', port: 0 })
  const [destination] = proxy.snapshot().clusters.get('c')?.destinations ?? []
  const counts = () => upstreams.map(({ seen }) => seen.length)
  return { port, url: `http://127.0.0.1:${port}/api/a`, upstreams, counts, ended, destination }
}

const ok: Handler = (_request, response) => void response.end('ok')

async function ask(url: string, times: number): Promise<void> {
  for (let count = 0; count < times; count++) await (await fetch(url)).text()
}

test.each([
  ['FirstAlphabetical', [90, 0, 0]],
  ['RoundRobin', [30, 30, 30]],
  ['LeastRequests', [90, 0, 0]],
])('GW-19 %s shares 90 requests one by one as %j', async (LoadBalancingPolicy, shares) => {
  const { url, counts } = await start([ok, ok, ok], { LoadBalancingPolicy })
  await ask(url, 90)
  expect(counts()).toEqual(shares)
})

test('GW-19 Random shares as its numbers say', async () => {
  const { url, counts } = await start([ok, ok, ok], { LoadBalancingPolicy: 'Random' })
  const random = seeded(7)
  const shares = [0, 0, 0]
  for (let count = 0; count < 90; count++) {
    const index = Math.floor(random() * 3)
    shares[index] = (shares[index] ?? 0) + 1
  }
  await ask(url, 90)
  expect(counts()).toEqual(shares)
  expect(Math.min(...shares)).toBeGreaterThan(15)
})

test('GW-19 where nothing is said, two are compared and the less busy one is taken', async () => {
  const held: (() => void)[] = []
  const holding: Handler = (_request, response) => void held.push(() => response.end('late'))
  const { url, counts } = await start([holding, ok, ok], {})
  // One that answers nothing gets busy, and is then passed by.
  const waiting = Array.from({ length: 60 }, async () => (await fetch(url)).text())
  await until(() => counts().reduce((sum, count) => sum + count) === 60)
  const [busy = 0] = counts()
  await ask(url, 60)
  expect(counts()[0]).toBe(busy)
  for (const letGo of held) letGo()
  await Promise.all(waiting)
})

test('GW-19 a WebSocket counts as long as it is open', async () => {
  const { url, port, upstreams, counts } = await start([ok, ok], { LoadBalancingPolicy: 'LeastRequests' })
  upstreams[0]?.server.on('upgrade', (_request, socket) => {
    socket.on('error', () => {})
    socket.on('end', () => socket.end())
    socket.resume()
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  })
  await ask(url, 3)
  expect(counts()).toEqual([3, 0])
  const socket = connect({ port, host: '127.0.0.1' })
  closing.push(() => socket.destroy())
  const lines = ['Host: h', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']
  socket.write(
    `GET /api/a HTTP/1.1\r\n${lines.join('\r\n')}\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
  )
  await once(socket, 'data')
  await ask(url, 3)
  expect(counts()).toEqual([3, 3])
  socket.destroy()
  await until(async () => {
    await ask(url, 1)
    return (counts()[0] as number) > 3
  })
})

const passive = { HealthCheck: { Passive: { Enabled: true } } }

test('GW-22 answers of 5xx and clients that leave take no destination out', async () => {
  const failing: Handler = (request, response) => {
    if (request.url === '/api/a') response.writeHead(500).end()
  }
  const { url, destination, ended } = await start([failing], passive)
  await ask(url, 15)
  for (let count = 0; count < 15; count++) {
    const leaving = new AbortController()
    const asked = fetch(`${url}/slow`, { signal: leaving.signal }).catch(() => {})
    setTimeout(() => leaving.abort(), 20)
    await asked
  }
  await until(() => ended.length === 30)
  expect(new Set(ended.map(({ error }) => error))).toEqual(new Set(['None', 'RequestCanceled']))
  expect(destination?.passive.health).toBe('unknown')
  await ask(url, 1)
  expect(ended.at(-1)?.status).toBe(500)
})

test('GW-22 GW-23 the tenth cut connection takes it out, and then nobody is asked', async () => {
  const { url, destination, counts, ended } = await start(
    [(request) => void request.socket.destroy()],
    passive,
  )
  await ask(url, 9)
  expect(destination?.passive.health).toBe('unknown')
  await ask(url, 1)
  expect(destination?.passive.health).toBe('unhealthy')
  const response = await fetch(url)
  expect([response.status, ended.at(-1)?.error]).toEqual([503, 'NoAvailableDestinations'])
  expect(counts()).toEqual([10])
})

test('GW-21 probes come without any client, one at a time however slow they are, and two failures count', async () => {
  let [atOnce, most, count] = [0, 0, 0]
  const slow: Handler = (request, response) => {
    count++
    most = Math.max(most, ++atOnce)
    request.socket.once('close', () => atOnce--)
    setTimeout(() => response.destroy(), 150)
  }
  const Active = { Enabled: true, Interval: '00:00:00.02', Timeout: '00:00:00.1', Path: '/ready' }
  const { destination } = await start([slow], { HealthCheck: { Active } })
  await until(() => count === 1)
  expect(destination?.active.health).toBe('unknown')
  await until(() => destination?.active.health === 'unhealthy')
  expect(count).toBeGreaterThanOrEqual(2)
  await until(() => count >= 5)
  expect(most).toBeLessThanOrEqual(2)
})
