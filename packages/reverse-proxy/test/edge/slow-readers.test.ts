import { once } from 'node:events'
import { connect as connectHttp2, constants } from 'node:http2'
import { connect } from 'node:net'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { type Exchange, readProxyConfiguration } from '#src/index.ts'
import { closeAll, closing, startProxy, startUpstream } from '../fixtures.ts'

afterEach(closeAll)

const size = 60_000_000
const h2c = { Url: 'http://127.0.0.1:0', Protocols: 'Http2' }

/** A proxy before a service whose answers are large, and what became of each exchange. */
async function start(Limits: object) {
  const body = Buffer.alloc(size, 'a')
  const upstream = await startUpstream((_request, response) => void response.end(body))
  const ended: Exchange[] = []
  const end = (exchange: Exchange) => void ended.push(exchange)
  const { ports } = await startProxy(upstream.address, {}, { end }, {}, { Limits, Listeners: { h2c } })
  return { port: ports[0], http2Port: ports[1] as number, upstream, ended }
}

/** Asks, and reads nothing until told to. */
function ask(port: number) {
  const socket = connect({ port, host: '127.0.0.1' })
  closing.push(() => socket.destroy())
  socket.on('error', () => {})
  socket.write('GET /api/a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
  socket.pause()
  return socket
}

/** Reads about so many bytes a second. */
async function readSlowly(socket: ReturnType<typeof ask>, bytesPerSecond: number): Promise<number> {
  let received = 0
  socket.on('data', (chunk) => {
    received += chunk.length
    socket.pause()
    setTimeout(() => socket.resume(), (chunk.length / bytesPerSecond) * 1000)
  })
  socket.resume()
  await once(socket, 'close')
  return received
}

const openSockets = ({ upstream }: Awaited<ReturnType<typeof start>>) =>
  new Promise<number>((resolve) => upstream.server.getConnections((_error, count) => resolve(count)))

test('GW-27 who takes nothing of an answer is cut off in bounded time, and lets go of the service with it', async () => {
  const proxy = await start({ AnswerMinimumRate: 1_000_000 })
  const socket = ask(proxy.port)
  await until(() => proxy.ended.length === 1, { timeoutMilliseconds: 15_000 })
  expect(proxy.ended[0]).toMatchObject({ error: 'ResponseBodyCanceled', status: 200 })
  expect(proxy.ended[0]?.sentBytes, 'what the proxy read ahead').toBeLessThan(size / 3)
  await until(async () => (await openSockets(proxy)) === 0)
  socket.resume()
  await once(socket, 'close')
})

test('GW-27 who is slow but steady gets the whole, and a rate of 0 waits', async () => {
  const steady = await start({ AnswerMinimumRate: 100_000 })
  const patient = await start({ AnswerMinimumRate: 0 })
  const waiting = ask(patient.port)
  // Some 7 s, in which nothing waits for long.
  expect(await readSlowly(ask(steady.port), 8_500_000)).toBeGreaterThan(size)
  expect(steady.ended[0]).toMatchObject({ error: 'None', sentBytes: size })
  expect(patient.ended).toEqual([])
  expect(await readSlowly(waiting, 1_000_000_000)).toBeGreaterThan(size)
})

test('GW-27 over HTTP/2 a stream whose window the client keeps shut is ended, and the connection serves on', async () => {
  const proxy = await start({ AnswerMinimumRate: 1_000_000 })
  const session = connectHttp2(`http://127.0.0.1:${proxy.http2Port}`)
  closing.push(() => session.destroy())
  session.on('error', () => {})
  const slow = session.request({ ':path': '/api/a' })
  slow.on('error', () => {})
  await once(slow, 'response')
  slow.pause()
  await until(() => proxy.ended.length === 1, { timeoutMilliseconds: 15_000 })
  expect(proxy.ended[0]).toMatchObject({ error: 'ResponseBodyCanceled' })
  await until(async () => (await openSockets(proxy)) === 0)
  slow.resume()
  await until(() => slow.destroyed)
  expect(slow.rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR)
  const next = session.request({ ':path': '/api/a' })
  let received = 0
  next.on('data', (chunk) => (received += chunk.length))
  await once(next, 'end')
  expect(received).toBe(size)
})

test('GW-02 a rate for answers is a whole number', () => {
  const read = () =>
    readProxyConfiguration({ Limits: { AnswerMinimumRate: -1 } }, { authorizationPolicies: [] })
  expect(read).toThrow('Limits.AnswerMinimumRate is not a whole number from 0 on')
})
