import { connect } from 'node:net'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { closeAll, startProxy, startUpstream } from '../fixtures.ts'
import { converse, startRawService, startRecorder } from './sockets.ts'

afterEach(closeAll)

const get = (target: string) => `GET ${target} HTTP/1.1\r\nHost: h\r\n\r\n`
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
const chunkedPost = 'POST /api/p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n'
const several = [
  get('/api/1'),
  `POST /api/2 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n\r\n\r\n!`,
  `${chunkedPost}4;a=b\r\n\r\n\r\n\r\n1\r\n!\r\n0\r\nX-A: 1\r\n\r\n`,
  get('/api/4'),
].join('')

/** Answers each connection's first request when it is told to. */
async function startSlowService() {
  let release = () => {}
  const service = await startRawService((socket, received) => {
    if (received.endsWith('\r\n\r\n'))
      release = () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  })
  return { ...service, release: () => release() }
}

test.each([
  ['at once', [several]],
  ['byte by byte', [...several]],
  ['in two halves, each of them', several],
])('GW-61 requests that do not wait are all served, sent %s', async (_what, parts) => {
  const upstream = await startRecorder()
  const { port } = await startProxy(upstream.address)
  if (typeof parts === 'string') {
    for (let at = 1; at < parts.length; at += 7) {
      upstream.clear()
      const { statuses } = await converse(port, [parts.slice(0, at), parts.slice(at)], 60, 20_000, 4)
      expect([at, ...statuses]).toEqual([at, 200, 200, 200, 200])
    }
  } else expect((await converse(port, parts, 300, 20_000, 4)).statuses).toEqual([200, 200, 200, 200])
  expect(upstream.faults).toEqual([])
  expect(upstream.requests.map(({ target, body }) => [target, body]).sort()).toEqual([
    ['/1', ''],
    ['/2', '\r\n\r\n!'],
    ['/4', ''],
    ['/p', '\r\n\r\n!'],
  ])
})

test.each([
  ['a request that is refused', get('/api/a%00')],
  ['an empty line', '\r\n'],
  ['surplus spaces', 'GET  /api/a HTTP/1.1\r\nHost: h\r\n\r\n'],
])('GW-63 nothing is served behind %s, while a request before it is', async (_what, bad) => {
  const upstream = await startSlowService()
  const { port } = await startProxy(upstream.address)
  const conversation = converse(port, get('/api/slow') + bad + get('/api/hidden'), 500)
  await until(() => upstream.sockets.length > 0)
  await pause(100)
  upstream.release()
  const { statuses, isClosed } = await conversation
  expect({ statuses, isClosed }).toEqual({ statuses: [200, 400], isClosed: true })
  expect(upstream.sockets).toHaveLength(1)
})

test.each([
  ['a body with its length', `POST /api/p HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\na\r\n`],
  ['a body of chunks', `${chunkedPost}1\r\na\r\n0\r\n\r\n\r\n`],
  ['a body of chunks with trailers', `${chunkedPost}1\r\na\r\n0\r\nX-A: 1\r\n\r\n\r\n`],
])('GW-63 an empty line behind %s is seen', async (_what, bytes) => {
  const upstream = await startRecorder()
  const { port } = await startProxy(upstream.address)
  const { statuses, isClosed } = await converse(port, bytes + get('/api/hidden'))
  expect({ statuses, isClosed }).toEqual({ statuses: [200, 400], isClosed: true })
  expect(upstream.requests).toHaveLength(1)
})

test('GW-61 what follows a request that closes the connection is not served, and does not harm it', async () => {
  const upstream = await startRecorder()
  const { port } = await startProxy(upstream.address)
  for (const closing of ['HTTP/1.1\r\nConnection: close', 'HTTP/1.0']) {
    upstream.clear()
    const bytes = `GET /api/a ${closing}\r\nHost: h\r\n\r\n${get('/api/hidden')}`
    const { statuses, isClosed } = await converse(port, bytes)
    expect({ statuses, isClosed }).toEqual({ statuses: [200], isClosed: true })
    expect(upstream.requests).toMatchObject([{ target: '/a' }])
  }
})

test('GW-61 a WebSocket begins behind the answers to the requests before it, not among them', async () => {
  const upstream = await startSlowService()
  const { port } = await startProxy(upstream.address)
  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'
  const bytes = `${get('/api/slow')}GET /api/ws HTTP/1.1\r\nHost: h\r\n${upgrade}\r\n`
  const conversation = converse(port, bytes, 500)
  await until(() => upstream.sockets.length > 0)
  await pause(100)
  expect(upstream.sockets).toHaveLength(1)
  upstream.release()
  await until(() => upstream.sockets.length > 1)
  await pause(100)
  upstream.release()
  expect((await conversation).statuses).toEqual([200, 200])
})

test('GW-61 requests that are sent without waiting are at work one at a time, however many they are', async () => {
  let atWork = 0
  let most = 0
  let served = 0
  const upstream = await startUpstream((_request, response) => {
    most = Math.max(most, ++atWork)
    setTimeout(() => {
      atWork--
      served++
      response.end('ok')
    }, 2)
  })
  const { port } = await startProxy(upstream.address)
  const { statuses } = await converse(port, get('/api/a').repeat(300), 1000, 20_000, 300)
  expect([statuses.length, served, most]).toEqual([300, 300, 1])
})

test.each([
  ['a broken chunk', 'zz\r\n'],
  ['a chunk that is too long', '1\r\nab\r\n'],
  ['a trailer that frames', '0\r\nContent-Length: 1\r\n\r\n'],
])(
  'GW-63 %s behind a head that went up ends both connections, and the service never sees an end',
  async (_what, fault) => {
    const upstream = await startRecorder()
    const { port } = await startProxy(upstream.address)
    const conversation = converse(port, [chunkedPost, '1\r\na\r\n', `${fault}${get('/api/hidden')}`])
    const { statuses, isClosed } = await conversation
    expect({ statuses, isClosed }).toEqual({ statuses: [400], isClosed: true })
    await until(() => upstream.sockets.every(({ destroyed }) => destroyed))
    expect(upstream.requests).toEqual([])
    expect(upstream.sockets).toHaveLength(1)
  },
)

test('GW-60 an answer that comes before the body is whole reaches the client, and the connection serves nothing else', async () => {
  const answered = new Set<unknown>()
  const upstream = await startRawService((socket, received) => {
    if (!received.includes('\r\n\r\n') || answered.has(socket)) return
    answered.add(socket)
    socket.write('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
  })
  const { port } = await startProxy(upstream.address)
  const start = 'POST /api/a HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n'
  const part = 'a'.repeat(100_000)
  const { statuses, isClosed } = await converse(port, [start, part, part, part])
  expect({ statuses, isClosed }).toEqual({ statuses: [401], isClosed: true })
})

test('GW-60 a refusal reaches a client that is still sending', async () => {
  const upstream = await startRecorder()
  const authorize = () => ({ status: 401, code: 'no', title: 'No', detail: 'No.' })
  const { port } = await startProxy(upstream.address, {}, { authorize })
  const start = 'POST /api/a HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\n'
  const { statuses, isClosed } = await converse(port, start + 'a'.repeat(3_000_000))
  expect({ statuses, isClosed }).toEqual({ statuses: [401], isClosed: true })
  const small = 'POST /api/a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc'
  expect((await converse(port, small + small)).statuses).toEqual([401, 401])
  expect(upstream.isUntouched()).toBe(true)
})

test('GW-61 requests that do not wait are carried out one after the other, in their order', async () => {
  let [atWork, most] = [0, 0]
  const upstream = await startUpstream((request, response) => {
    most = Math.max(most, ++atWork)
    setTimeout(() => {
      atWork--
      response.end(request.url)
    }, 2)
  })
  const { port } = await startProxy(upstream.address)
  const bytes = Array.from({ length: 200 }, (_, index) => get(`/api/${index}`)).join('')
  const { answer } = await converse(port, bytes, 200, 20_000, 200)
  expect([most, atWork]).toEqual([1, 0])
  expect(
    [...answer.matchAll(/\/(\d+)/g)].map(([, index]) => Number(index)).filter((index) => index !== 1),
  ).toEqual(Array.from({ length: 200 }, (_, index) => index).filter((index) => index !== 1))
})

test('GW-59 what a client has sent without waiting is not carried out once it has left', async () => {
  const received: string[] = []
  const upstream = await startRawService((_socket, bytes) => received.push(bytes))
  const { port } = await startProxy(upstream.address)
  const socket = connect(port, '127.0.0.1')
  socket.write(get('/api/slow') + get('/api/2') + get('/api/3'))
  await until(() => received.length === 1)
  socket.resetAndDestroy()
  await until(() => upstream.sockets[0]?.destroyed === true)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect([upstream.sockets.length, received.length]).toEqual([1, 1])
})

test('GW-27 a client that goes on sending requests is read no further than it is served', async () => {
  const upstream = await startSlowService()
  const { port } = await startProxy(upstream.address)
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  const part = get('/api/a').repeat(1000)
  let isTaken = true
  for (let count = 0; isTaken && count < 2000; count++) {
    socket.write(part)
    await new Promise((resolve) => setImmediate(resolve))
    isTaken = socket.writableLength < 1_000_000
  }
  expect(isTaken).toBe(false)
  expect(upstream.sockets).toHaveLength(1)
  socket.destroy()
})
