import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { readProxyConfiguration } from '#src/index.ts'
import { closeAll, closing, echo, startProxy, startUpstream } from '../fixtures.ts'
import { converse, startRawService, startRecorder } from './sockets.ts'

afterEach(closeAll)

const post = (headers: string) => `POST /api/a HTTP/1.1\r\nHost: h\r\n${headers}\r\n`
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

async function open(port: number, text: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' })
  closing.push(() => socket.destroy())
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(text)
  return socket
}

const startLimited = (address: string, Limits: object, cluster: object = {}) =>
  startProxy(address, {}, {}, cluster, { Limits })

test.each([
  ['of a length', 'Content-Length: 9\r\n', 'abc', {}],
  ['of chunks', 'Transfer-Encoding: chunked\r\n', '3\r\nabc\r\n', {}],
  [
    'that is kept to be sent again',
    'Content-Length: 9\r\n',
    'abc',
    { Resilience: { Retry: { Methods: ['POST'] } } },
  ],
])(
  'GW-26 a client that stops in a body %s gets 408, and the service is told to forget it',
  async (_what, framing, part, cluster) => {
    const upstream = await startRecorder()
    const { port } = await startLimited(upstream.address, { BodyIdle: '00:00:00.4' }, cluster)
    const { statuses, isClosed } = await converse(port, post(framing) + part)
    expect({ statuses, isClosed }).toEqual({ statuses: [408], isClosed: true })
    await until(() => upstream.sockets.every(({ destroyed }) => destroyed))
    expect({ requests: upstream.requests, faults: upstream.faults }).toEqual({ requests: [], faults: [] })
  },
)

test('GW-26 a body that trickles gets 408 once five seconds have passed, and one that is slow but steady passes', async () => {
  const upstream = await startRecorder()
  const { port } = await startLimited(upstream.address, {})
  const [trickle, steady] = [10, 300].map((size) =>
    converse(port, [
      post(`Content-Length: ${size * 70}\r\n`),
      ...Array.from({ length: 70 }, () => Array.from({ length: 5 }, () => 'a'.repeat(size / 5))).flat(),
    ]),
  )
  // 70 parts in about 7 s: 100 and 3000 bytes a second.
  expect((await trickle)?.statuses).toEqual([408])
  expect((await steady)?.statuses).toEqual([200])
  expect(upstream.requests.map(({ body }) => body.length)).toEqual([21_000])
})

test('GW-26 a service that is slow to read is not the client’s fault', async () => {
  const upstream = await startUpstream((request, response) => {
    setTimeout(() => request.resume().on('end', () => response.end('ok')), 2500)
  })
  const { port } = await startLimited(upstream.address, { BodyIdle: '00:00:00.5' })
  const size = 25_000_000
  const { statuses } = await converse(port, post(`Content-Length: ${size}\r\n`) + 'a'.repeat(size))
  expect(statuses).toEqual([200])
})

test('GW-27 a head that does not come gets 408 after ten seconds, and so does a client that says nothing', async () => {
  const upstream = await startRecorder()
  const { port } = await startProxy(upstream.address)
  const ends = await Promise.all(
    ['GET /api/a HTTP/1.1\r\nHost: h\r\nX-A: ', ''].map((text) => converse(port, text)),
  )
  expect(ends).toMatchObject([
    { statuses: [408], isClosed: true },
    { statuses: [408], isClosed: true },
  ])
  expect(upstream.isUntouched()).toBe(true)
})

test('GW-27 a client that does not read stops the reading of the answer, and gets it whole in the end', async () => {
  let sent = 0
  const size = 100_000_000
  const upstream = await startRawService((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`)
    const more = () => {
      while (sent < size) {
        sent += 100_000
        if (!socket.write(Buffer.alloc(100_000))) return
      }
    }
    socket.on('drain', more)
    more()
  })
  const { port } = await startProxy(upstream.address)
  const socket = await open(port, 'GET /api/a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
  socket.pause()
  await until(() => sent > 100_000)
  let before = -1
  while (before !== sent) {
    before = sent
    await pause(300)
  }
  // What the kernel's buffers take on both sides, and little of our own.
  expect(sent).toBeLessThan(size / 3)
  let received = 0
  socket.on('data', (chunk) => {
    received += chunk.length
  })
  socket.resume()
  await once(socket, 'close')
  expect(received).toBeGreaterThan(size)
})

test('GW-27 others are served while a thousand clients are slow in their heads, their bodies and their reading', async () => {
  const upstream = await startUpstream((request, response) => {
    if (request.url === '/large') response.end(Buffer.alloc(1_000_000))
    else echo(request, response)
  })
  const { port, url } = await startProxy(upstream.address)
  const slow = [
    'GET /api/a HTTP/1.1\r\nHost: h\r\nX-A: ',
    `${post('Content-Length: 9\r\n')}abc`,
    'GET /api/large HTTP/1.1\r\nHost: h\r\n\r\n',
  ]
  const sockets = await Promise.all(
    Array.from({ length: 999 }, (_, index) => open(port, slow[index % 3] as string)),
  )
  for (const socket of sockets) socket.pause()
  await until(() => upstream.seen.length >= 666, { timeoutMilliseconds: 60_000 })
  for (let count = 0; count < 20; count++) {
    const response = await fetch(`${url}/api/a`, { method: 'POST', body: 'hello' })
    expect(await response.json()).toEqual({ url: '/a', body: 'hello' })
  }
}, 90_000)

test('GW-47 Limits.Body holds where a route says nothing, and Limits.Target for every target', async () => {
  const upstream = await startRecorder()
  const { port } = await startLimited(upstream.address, { Body: 3, Target: 20 })
  const sent = [post('Content-Length: 4\r\n'), `${post('Transfer-Encoding: chunked\r\n')}4\r\nabcd\r\n`]
  for (const bytes of sent) expect((await converse(port, bytes)).statuses).toEqual([413])
  const get = (target: string) => `GET ${target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`
  expect((await converse(port, get(`/api/${'a'.repeat(15)}`))).statuses).toEqual([200])
  expect((await converse(port, get(`/api/${'a'.repeat(16)}`))).statuses).toEqual([414])
})

test.each([
  [{ Bodi: 1 }, 'Did you mean Body?'],
  [{ Body: -1 }, 'Limits.Body is not a whole number from 0 on'],
  [{ BodyIdle: 10 }, 'Limits.BodyIdle has a value that it cannot have'],
  [{ BodyMinimumRate: 0.5 }, 'Limits.BodyMinimumRate is not a whole number'],
  [{ Target: 20_000 }, 'Limits.Target is longer than a request’s head may be'],
])('GW-02 %j as limits is a fault', (Limits, message) => {
  expect(() => readProxyConfiguration({ Limits }, { authorizationPolicies: [] })).toThrow(message)
})
