import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { closeAll, startProxy } from '../fixtures.ts'
import { converse, startRecorder } from './sockets.ts'

let upstream: Awaited<ReturnType<typeof startRecorder>>
let port: number

beforeAll(async () => {
  upstream = await startRecorder()
  port = (await startProxy(upstream.address)).port
})
beforeEach(() => upstream.clear())
afterAll(closeAll)

const head = (method: string, headers = '', target = '/api/a') =>
  `${method} ${target} HTTP/1.1\r\nHost: h\r\n${headers}\r\n`
const namesOf = (headers: readonly string[] = []) => headers.filter((_, index) => index % 2 === 0)

test.each(['GET', 'HEAD', 'OPTIONS', 'DELETE', 'POST', 'PUT', 'PATCH'])(
  'GW-58 a body of %s is framed anew, whichever way it came, and is no request of its own',
  async (method) => {
    const inside = 'GET /api/hidden HTTP/1.1\r\nHost: h\r\n\r\n'
    const size = inside.length
    const bodies = [
      `${head(method, `Content-Length: ${size}\r\n`)}${inside}`,
      `${head(method, 'Transfer-Encoding: chunked\r\n')}${size.toString(16)}\r\n${inside}\r\n0\r\n\r\n`,
    ]
    for (const bytes of bodies) expect((await converse(port, bytes, 100)).statuses).toEqual([200])
    expect(upstream.faults).toEqual([])
    expect(upstream.requests).toMatchObject([
      { method, target: '/a', framing: 'length', body: inside },
      { method, target: '/a', body: inside },
    ])
  },
)

test.each(['GET', 'HEAD', 'OPTIONS', 'DELETE'])(
  'GW-58 a %s without a body carries no framing',
  async (method) => {
    await converse(port, head(method), 100)
    expect(upstream.requests).toMatchObject([{ method, framing: 'none' }])
  },
)

test('GW-58 a length of 0 says that there is no body', async () => {
  await converse(port, head('POST', 'Content-Length:\t0 \r\n'), 100)
  expect(upstream.requests).toMatchObject([{ method: 'POST', body: '' }])
  expect(upstream.requests[0]?.framing).not.toBe('chunked')
})

test('GW-63 an absolute target of the same host is forwarded as a path', async () => {
  const { statuses } = await converse(
    port,
    head('GET', '', 'http://H/api/a?b=c') + head('GET', '', 'HTTP://h/api/b'),
  )
  expect(statuses).toEqual([200, 200])
  expect(upstream.requests.map(({ target }) => target).sort()).toEqual(['/a?b=c', '/b'])
})

test.each(['*', 'http://h'])('GW-63 OPTIONS %s asks the gateway itself', async (target) => {
  const { answer, statuses } = await converse(
    port,
    head('OPTIONS', '', target) + head('OPTIONS', '', target),
    100,
  )
  expect(statuses).toEqual([204, 204])
  expect(answer).toMatch(/^allow: GET, HEAD/im)
  expect(upstream.isUntouched()).toBe(true)
})

test('GW-63 chunk extensions and leading zeros go no further', async () => {
  await converse(port, `${head('POST', 'Transfer-Encoding: CHUNKED\r\n')}0001;a="b"\r\nx\r\n000\r\n\r\n`, 100)
  expect(upstream.faults).toEqual([])
  expect(upstream.requests).toMatchObject([{ body: 'x' }])
})

test('GW-63 trailers of a request go no further, and become no headers', async () => {
  const trailers = 'Host: g\r\nAuthorization: Bearer forged\r\nContent-Type: a/b\r\nX-A: forged\r\n'
  const bytes = `${head('POST', 'Transfer-Encoding: chunked\r\nTrailer: Host, X-A\r\n')}1\r\nx\r\n0\r\n${trailers}\r\n`
  expect((await converse(port, bytes, 100)).statuses).toEqual([200])
  expect(upstream.faults).toEqual([])
  expect(JSON.stringify(upstream.requests)).not.toMatch(/forged|trailer|authorization/)
})

test('GW-57 the names of one hop go nowhere, nor do those that Connection names, in any case and line', async () => {
  const hop = [
    ...[
      'keep-alive',
      'proxy-connection',
      'proxy-authenticate',
      'proxy-authentication-info',
      'proxy-features',
    ],
    ...[
      'proxy-authorization',
      'proxy-instruction',
      'security-scheme',
      'alpn',
      'close',
      'http2-settings',
      'alt-svc',
    ],
    ...['upgrade-insecure-requests', 'te', 'trailer', 'x-one', 'x-two', 'x-three'],
  ]
  const lines = hop.map((name) => `${name.toUpperCase()}: 1\r\n`).join('')
  const connection = 'Connection: X-One,, x-tWO\r\nconnection: keep-alive\r\nCONNECTION:x-three \r\n'
  await converse(port, head('GET', `${lines}${connection}Upgrade: h2c\r\nX-Stays: 1\r\n`), 100)
  const names = namesOf(upstream.requests[0]?.headers)
  expect(names).toContain('x-stays')
  expect(names.filter((name) => name !== 'connection' && [...hop, 'upgrade'].includes(name))).toEqual([])
})

test.each([
  ['h2c', 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n'],
  ['several protocols', 'Connection: Upgrade\r\nUpgrade: h2c, websocket\r\nSec-WebSocket-Version: 13\r\n'],
  ['an unknown protocol', 'Connection: Upgrade\r\nUpgrade: mine/1\r\n'],
  ['WebSocket that Connection does not name', 'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'],
])('GW-53 an upgrade to %s is served as a plain request', async (_what, headers) => {
  // One after the other: node:http loses what stands right behind such a request in one piece.
  const { statuses } = await converse(port, [head('GET', headers), head('GET')], 100)
  expect(statuses).toEqual([200, 200])
  expect(upstream.requests.flatMap(({ headers: sent }) => namesOf(sent))).not.toContain('upgrade')
})

test.each([
  ['an old version', 'Sec-WebSocket-Version: 8\r\n'],
  ['two versions', 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 8\r\n'],
  ['none', ''],
])('GW-63 a WebSocket of %s is told the version that is spoken', async (_what, version) => {
  const handshake = head('GET', `Connection: Upgrade\r\nUpgrade: WebSocket\r\n${version}`)
  const { answer, statuses, isClosed } = await converse(port, `${handshake}${head('GET')}`)
  expect({ statuses, isClosed }).toEqual({ statuses: [426], isClosed: true })
  for (const line of [
    /^sec-websocket-version: 13\r$/im,
    /^upgrade: websocket\r$/im,
    /^connection: upgrade, close\r$/im,
  ])
    expect(answer).toMatch(line)
  expect(upstream.isUntouched()).toBe(true)
})

test.each(['Content-Length: 4\r\n', 'Transfer-Encoding: chunked\r\n'])(
  'GW-63 a WebSocket handshake with a body is refused: %s',
  async (framing) => {
    const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'
    const { statuses, isClosed } = await converse(port, `${head('GET', upgrade + framing)}0\r\n\r\n`)
    expect({ statuses, isClosed }).toEqual({ statuses: [400], isClosed: true })
    expect(upstream.isUntouched()).toBe(true)
  },
)
