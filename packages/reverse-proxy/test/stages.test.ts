import { createSecureServer } from 'node:http2'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import type { Exchange, Timings } from '#src/index.ts'
import { closeAll, closing, type Handler, startProxy, startUpstream } from './fixtures.ts'
import { selfSigned } from './forwarding/certificate.ts'

afterEach(closeAll)

/** Milliseconds that a service lets pass. Timers may fire a millisecond early. */
const [pause, least] = [60, 55]

/** A proxy whose exchanges are kept when they have ended. */
async function start(address: string, cluster: object = {}, route: object = {}, sections: object = {}) {
  const ended: Exchange[] = []
  const hooks = { end: (exchange: Exchange) => void ended.push(exchange) }
  const { url, proxy } = await startProxy(address, route, hooks, cluster, sections)
  const timingsOf = async (count: number): Promise<Timings[]> => {
    await until(() => ended.length === count)
    return ended.map(({ timings }) => timings)
  }
  return { url: `${url}/api/a`, timingsOf, proxy }
}

const inTwoParts: Handler = async (_request, response) => {
  await sleep(pause)
  response.writeHead(200).flushHeaders()
  await sleep(pause)
  response.end('done')
}

function expectSums({
  queue = -1,
  connect = -1,
  firstByte = -1,
  upstream = -1,
  body = -1,
  total = -1,
}: Timings) {
  for (const stage of [queue, connect, firstByte, body]) expect(stage).toBeGreaterThanOrEqual(0)
  expect(queue + connect + firstByte).toBeCloseTo(upstream)
  expect(upstream + body).toBeLessThanOrEqual(total)
}

/** Two requests of {@link inTwoParts}, of which the first one opens the connection. */
async function expectOneOpening({ url, timingsOf }: Awaited<ReturnType<typeof start>>) {
  for (let count = 0; count < 2; count++) await (await fetch(url)).text()
  const [first, second] = await timingsOf(2)
  for (const timings of [first, second]) {
    expectSums(timings as Timings)
    expect(timings?.firstByte).toBeGreaterThan(least)
    expect(timings?.body).toBeGreaterThan(least)
  }
  expect(first?.connect).toBeGreaterThan(0)
  expect(second?.connect).toBe(0)
}

test('GW-65 opening a connection, waiting for the head and the body are stages of their own', async () => {
  const { address } = await startUpstream(inTwoParts)
  await expectOneOpening(await start(address))
})

test('GW-65 over HTTP/2 too a connection is opened once', async () => {
  const server = createSecureServer(selfSigned(), inTwoParts as never).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  closing.push(() => server.close())
  const HttpClient = { DangerousAcceptAnyServerCertificate: true }
  const { port } = server.address() as { port: number }
  await expectOneOpening(await start(`https://127.0.0.1:${port}/`, { HttpClient }))
})

test.each([
  ['a connection', { HttpClient: { MaxConnectionsPerServer: 1 } }],
  ['its turn', { Resilience: { Concurrency: { PerDestination: 1, QueueLength: 1, QueueFor: '00:01:00' } } }],
])('GW-65 waiting for %s is the queue’s time', async (_what, cluster) => {
  const { address } = await startUpstream(inTwoParts)
  const { url, timingsOf } = await start(address, cluster)
  await Promise.all([fetch(url), fetch(url)].map(async (answer) => (await answer).text()))
  const [first, second] = await timingsOf(2)
  expect(first?.queue).toBeLessThan(second?.queue ?? 0)
  // The first one had all of its two pauses before the second was sent.
  expect(second?.queue).toBeGreaterThan(least)
  expect(second?.connect).toBe(0)
  expect((second?.queue ?? 0) + (second?.firstByte ?? 0) + (second?.body ?? 0)).toBeLessThanOrEqual(
    second?.total ?? 0,
  )
})

test('GW-65 of several attempts the stages are those of the one that was answered', async () => {
  let asked = 0
  const { address } = await startUpstream(async (_request, response) => {
    if (asked++ === 0) await sleep(pause)
    response.writeHead(asked === 1 ? 503 : 200).end()
  })
  const { url, timingsOf } = await start(address, { Resilience: { Retry: { Backoff: '00:00:00.001' } } })
  expect((await fetch(url)).status).toBe(200)
  const [timings] = await timingsOf(1)
  expect(timings?.upstream).toBeCloseTo(
    (timings?.queue ?? 0) + (timings?.connect ?? 0) + (timings?.firstByte ?? 0),
  )
  expect((timings?.total ?? 0) - (timings?.upstream ?? 0)).toBeGreaterThan(least)
})

test('GW-65 what never came to a stage has no time of it, and what is stored comes to none', async () => {
  const gone = await startUpstream(() => {})
  gone.server.close()
  const refused = await start(gone.address)
  expect((await fetch(refused.url)).status).toBe(502)
  const [failed] = await refused.timingsOf(1)
  expect([failed?.firstByte, failed?.body]).toEqual([undefined, undefined])

  const { address } = await startUpstream((_request, response) => void response.end('kept'))
  const Policies = { OutputCache: { p: { Duration: '00:01:00' } } }
  const cached = await start(address, {}, { OutputCachePolicy: 'p' }, { Policies })
  for (let count = 0; count < 2; count++) await (await fetch(cached.url)).text()
  const [miss, hit] = await cached.timingsOf(2)
  expectSums(miss as Timings)
  expect([hit?.queue, hit?.connect, hit?.firstByte, hit?.body]).toEqual(new Array(4).fill(undefined))
})

test('GW-64 each destination counts its answers by status, and requests that got none', async () => {
  const { address, server } = await startUpstream((request, response) => {
    if (request.url === '/cut') request.socket.destroy()
    else response.writeHead(Number(request.url?.slice(1))).end()
  })
  const { url, proxy } = await start(address)
  for (const path of ['200', '404', '404', 'cut']) await fetch(url.replace(/a$/, path))
  server.close()
  const answers = proxy.snapshot().clusters.get('c')?.destinations[0]?.answers
  const counted = [...(answers ?? [])].map(([status, { counts }]) => [
    status,
    counts.reduce((sum, count) => sum + count),
  ])
  expect(counted).toEqual([
    [200, 1],
    [404, 2],
    [0, 1],
  ])
})
