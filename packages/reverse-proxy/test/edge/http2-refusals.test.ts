import { once } from 'node:events'
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2'
import { until } from '@alicerce/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { closeAll, closing, startProxy } from '../fixtures.ts'
import { frame, frameTypes, isOk, openFrames, requestFrames } from './http2-frames.ts'
import { startRecorder } from './sockets.ts'

let upstream: Awaited<ReturnType<typeof startRecorder>>
let port: number
let session: ClientHttp2Session

beforeAll(async () => {
  upstream = await startRecorder()
  const Listeners = { one: { Url: 'http://127.0.0.1:0', Protocols: 'Http2' } }
  const { ports } = await startProxy(upstream.address, {}, {}, {}, { Listeners })
  port = ports[1] as number
  session = connect(`http://127.0.0.1:${port}`)
  session.on('error', () => {})
  closing.push(() => session.destroy())
})
beforeEach(() => upstream.clear())
afterAll(closeAll)

/** The status of the answer; `reset` where the stream ended without one. */
const statusOf = (headers: OutgoingHttpHeaders, body?: string, over = session) =>
  new Promise((resolve) => {
    const stream = over.request(headers, { endStream: body === undefined })
    stream.on('response', (found) => resolve(found[':status']))
    stream.on('error', () => {})
    stream.on('close', () => resolve('reset'))
    if (body !== undefined) stream.end(body)
  })

const path = (of: string) => ({ ':path': of })
const withHost = (authority: string) => ({ ':authority': authority })
const posting = (headers: OutgoingHttpHeaders) => ({ ':method': 'POST', ...headers })

test.each([
  ['a Host beside another :authority', { ':authority': 'h', host: 'g' }, 400],
  ['no authority', withHost(''), 'reset'],
  ['an authority with userinfo', withHost('u@h'), 'reset'],
  ['an authority with a path', withHost('h/api'), 'reset'],
  ['a list of authorities', withHost('h,g'), 400],
  ['an authority with a blank', withHost('h g'), 'reset'],
  ['a port that is none', withHost('h:99999'), 400],
  ['a target that is no path', path('api/a'), 'reset'],
  ['an absolute target', path('http://h/api/a'), 'reset'],
  ['GET *', path('*'), 'reset'],
  ['a byte beyond ASCII', path('/api/\u00e9'), 400],
  ['an encoded slash', path('/api/a%2fb'), 400],
  ['an encoded backslash', path('/api/a%5Cb'), 400],
  ['a backslash', path('/api/a\\b'), 400],
  ['a fragment', path('/api/a#b'), 400],
  ['dot segments', path('/api/a/../b'), 400],
  ['encoded dot segments', path('/api/a/%2e%2E/b'), 400],
  ['an encoded NUL', path('/api/a%00'), 400],
  ['an encoded line end', path('/api/a%0d%0ab'), 400],
  ['overlong UTF-8', path('/api/%c0%af'), 400],
  ['a broken escape', path('/api/%zz'), 400],
  ['a target that is too long', path(`/api/${'a'.repeat(8192)}`), 414],
  ['a twin of Transfer-Encoding', { transfer_encoding: 'chunked' }, 400],
  ['a twin of Content-Length', { content_length: '4' }, 400],
  ['a twin of an identity header', { x_user_id: 'forged' }, 400],
  ['TRACE', { ':method': 'TRACE' }, 405],
  ['too many headers', Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`x-${n}`, '1'])), 'reset'],
])('GW-63 over HTTP/2 %s is refused', async (_what, headers, status) => {
  expect(await statusOf({ ':path': '/api/a', ':authority': 'h', ...headers })).toBe(status)
  expect(upstream.isUntouched()).toBe(true)
  expect(await statusOf({ ':path': '/api/a', ':authority': 'h' }), 'the connection serves on').toBe(200)
})

test('GW-63 over HTTP/2 OPTIONS * asks the gateway itself, and CONNECT is not served', async () => {
  expect(await statusOf({ ':path': '*', ':method': 'OPTIONS', ':authority': 'h' })).toBe(204)
  expect(await statusOf({ ':method': 'CONNECT', ':authority': 'h:443' })).toBe(405)
  expect(upstream.isUntouched()).toBe(true)
})

test.each(['GET', 'HEAD', 'OPTIONS', 'DELETE', 'POST'])(
  'GW-58 a body of %s that comes over HTTP/2 is framed anew, and is no request of its own',
  async (method) => {
    const inside = 'GET /api/hidden HTTP/1.1\r\nHost: h\r\n\r\n'
    for (const headers of [{}, { 'content-length': String(inside.length) }])
      expect(await statusOf({ ':path': '/api/a', ':method': method, ...headers }, inside)).toBe(200)
    expect(upstream.faults).toEqual([])
    expect(upstream.requests).toMatchObject([
      { method, target: '/a', body: inside },
      { method, target: '/a', body: inside },
    ])
  },
)

test.each([
  ['fewer than it says', '5'],
  ['more than it says', '3'],
])('GW-63 a body over HTTP/2 that has %s is never a whole request', async (_what, length) => {
  const outcome = await statusOf({ ':path': '/api/a', ...posting({ 'content-length': length }) }, 'body')
  expect(outcome).toBe('reset')
  expect(upstream.requests).toEqual([])
})

const usual = [
  [':method', 'GET'],
  [':scheme', 'http'],
  [':authority', 'h'],
  [':path', '/api/a'],
] as const
const without = (name: string) => usual.filter(([one]) => one !== name)
const replacing = (name: string, value: string) => [...without(name), [name, value] as const]
const protocolError = 0x1

test.each([
  ['a name in upper case', [...usual, ['X-A', '1']]],
  ['Connection', [...usual, ['connection', 'x-a']]],
  ['Keep-Alive', [...usual, ['keep-alive', 'timeout=5']]],
  ['Proxy-Connection', [...usual, ['proxy-connection', 'close']]],
  ['Transfer-Encoding', [...usual, ['transfer-encoding', 'chunked']]],
  ['Upgrade', [...usual, ['upgrade', 'websocket']]],
  ['TE of something else', [...usual, ['te', 'gzip']]],
  ['a pseudo-header behind a header', [...without(':path'), ['x-a', '1'], [':path', '/api/a']]],
  ['two paths', [...usual, [':path', '/api/b']]],
  ['two methods', [...usual, [':method', 'DELETE']]],
  ['two authorities', [...usual, [':authority', 'g']]],
  ['an unknown pseudo-header', [...usual, [':user', 'root']]],
  ['a pseudo-header of answers', [...usual, [':status', '200']]],
  ['no path', without(':path')],
  ['no method', without(':method')],
  ['no scheme', without(':scheme')],
  ['an empty path', replacing(':path', '')],
  ['a path with a blank', replacing(':path', '/api/a b')],
  ['a path with a line end', replacing(':path', '/api/a HTTP/1.1\r\nx-a: 1')],
  ['a method with a blank', replacing(':method', 'GET /api/b')],
  ['two lengths', [...usual, ['content-length', '0'], ['content-length', '4']]],
  ['a length that is no number', [...usual, ['content-length', '+4']]],
] as [string, [string, string][]][])(
  'GW-63 over HTTP/2 %s is an error of its stream, and the next stream is served',
  async (_what, fields) => {
    const connection = await openFrames(port)
    connection.socket.write(requestFrames(1, fields))
    await until(() => connection.of(1).length > 0 || connection.state.isClosed)
    const [first] = connection.of(1)
    expect([first?.type, first?.payload.readUInt32BE(0)]).toEqual([frameTypes.reset, protocolError])
    expect(upstream.isUntouched()).toBe(true)
    connection.socket.write(requestFrames(3, usual))
    await until(() => connection.of(3).some(isOk))
    connection.socket.destroy()
  },
)

/**
 * RFC 9113 §8.2.1 wants such a request refused. Node drops the field before anybody can see it: then it is nobody's, and the service is asked
 * what was authorized.
 */
test.each([
  ['a name with a blank', ['x a', '1']],
  ['a name with a colon', ['x:a', '1']],
  ['no name', ['', '1']],
  ['a name with a line end', ['x-a\r\nx-b', '1']],
  ['CR and LF in a value', ['x-a', '1\r\nx-user-id: forged']],
  ['a bare LF in a value', ['x-a', '1\nx-b: 2']],
  ['NUL in a value', ['x-a', '1\0']],
  ['a blank before a value', ['x-a', ' 1']],
] as [string, [string, string]][])(
  'GW-63 over HTTP/2 a field with %s goes no further, nor does any part of it',
  async (_what, field) => {
    const connection = await openFrames(port)
    connection.socket.write(requestFrames(1, [...usual, field, ['x-last', 'last']]))
    await until(() => connection.of(1).some(isOk))
    const [request] = upstream.requests
    expect([...upstream.requests, ...upstream.faults]).toHaveLength(1)
    const names = request?.headers.filter((_, index) => index % 2 === 0)
    expect(names?.filter((name) => name.includes('x-') && !name.startsWith('x-forwarded'))).toEqual([
      'x-last',
    ])
    expect(names?.every((name) => /^[a-z-]+$/.test(name))).toBe(true)
    connection.socket.destroy()
  },
)

test('GW-63 over HTTP/2 errors without end close the connection', async () => {
  const connection = await openFrames(port)
  for (let number = 0; number < 200; number++)
    connection.socket.write(requestFrames(1 + 2 * number, [...usual, ['connection', 'close']]))
  await until(() => connection.state.isClosed)
  expect(upstream.isUntouched()).toBe(true)
})

test('GW-49 who opens streams and resets them without end loses the connection', async () => {
  const connection = await openFrames(port)
  const reset = Buffer.from([0, 0, 0, 8])
  for (let number = 0; number < 400 && !connection.state.isClosed; number++) {
    const stream = 1 + 2 * number
    connection.socket.write(requestFrames(stream, usual))
    connection.socket.write(frame(frameTypes.reset, 0, stream, reset))
  }
  await until(() => connection.state.isClosed)
  expect(connection.frames.some(({ type }) => type === frameTypes.goaway)).toBe(true)
})

test('GW-49 no more streams are open at once than were offered, and no larger heads are taken', async () => {
  const other = connect(`http://127.0.0.1:${port}`)
  closing.push(() => other.destroy())
  const [settings] = await once(other, 'remoteSettings')
  expect(settings).toMatchObject({ maxConcurrentStreams: 128, maxHeaderListSize: 32_768, enablePush: false })
  const withHeaders = (count: number) => {
    const large = Object.fromEntries(Array.from({ length: count }, (_, n) => [`x-${n}`, 'a'.repeat(1000)]))
    return statusOf({ ':path': '/api/a', ...large }, undefined, other)
  }
  expect(await withHeaders(30)).toBe(200)
  upstream.clear()
  expect(await withHeaders(40)).toBe('reset')
  expect(upstream.isUntouched()).toBe(true)
})
