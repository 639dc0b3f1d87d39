import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { readProxyConfiguration } from '#src/index.ts'
import { closeAll, closing, echo, raw, startProxy, startUpstream } from './fixtures.ts'

afterEach(closeAll)

test('forwards method, path bytes, query and body, and removes the prefix', async () => {
  const upstream = await startUpstream(echo)
  const { url } = await startProxy(upstream.address)
  const response = await fetch(`${url}/api/orders/%C3%A9?q=%2F`, { method: 'POST', body: 'hello' })
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({ url: '/orders/%C3%A9?q=%2F', body: 'hello' })
})

test('GW-40 takes identity headers away in every spelling, and sets X-Forwarded itself', async () => {
  const upstream = await startUpstream(echo)
  const { port } = await startProxy(upstream.address)
  const spellings = ['X-User-Id', 'x-user-id', 'x-USER-roles', 'X-Client-Id']
  const forged = [...spellings, 'X-Forwarded-For', 'X-Real-IP', 'Forwarded', 'X-Original-URL'].map(
    (name) => `${name}: forged`,
  )
  await raw(
    port,
    `GET /api/a HTTP/1.1\r\nHost: h.test\r\n${forged.join('\r\n')}\r\nConnection: close\r\n\r\n`,
  )
  const [request] = upstream.seen
  expect(request?.rawHeaders.join('\n')).not.toContain('forged')
  expect(request?.headers).toMatchObject({
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-host': 'h.test',
    'x-forwarded-proto': 'http',
  })
})

test('GW-57 passes no hop-by-hop and no nominated header, either way', async () => {
  const upstream = await startUpstream((_request, response) => {
    response
      .writeHead(200, { connection: 'x-secret', 'x-secret': '1', 'keep-alive': 'timeout=9', 'x-open': '1' })
      .end('ok')
  })
  const { port } = await startProxy(upstream.address)
  const answer = await raw(
    port,
    'GET /api/a HTTP/1.1\r\nHost: h\r\nConnection: close, X-Gone\r\nX-Gone: 1\r\nTE: trailers\r\nX-Stays: 1\r\n\r\n',
  )
  expect(upstream.seen[0]?.headers).not.toHaveProperty('x-gone')
  expect(upstream.seen[0]?.headers).not.toHaveProperty('te')
  expect(upstream.seen[0]?.headers['x-stays']).toBe('1')
  expect(answer).toContain('x-open: 1')
  expect(answer).not.toContain('x-secret')
})

test.each([
  [
    'a nominated Authorization',
    'GET /api/a HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer x\r\nConnection: authorization\r\n\r\n',
    400,
  ],
  ['a nominated identity header', 'GET /api/a HTTP/1.1\r\nHost: h\r\nConnection: X-User-Id\r\n\r\n', 400],
  ['two Host headers', 'GET /api/a HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n', 400],
  ['no Host header', 'GET /api/a HTTP/1.1\r\n\r\n', 400],
  [
    'Content-Length with Transfer-Encoding',
    'POST /api/a HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
  [
    'two Content-Lengths',
    'POST /api/a HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    400,
  ],
  ['a signed Content-Length', 'POST /api/a HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\na', 400],
  [
    'a twin of a framing header',
    'POST /api/a HTTP/1.1\r\nHost: h\r\nTransfer_Encoding: chunked\r\n\r\n',
    400,
  ],
  ['a bare LF', 'GET /api/a HTTP/1.1\nHost: h\n\n', 400],
  ['an encoded slash', 'GET /api/a%2fb HTTP/1.1\r\nHost: h\r\n\r\n', 400],
  ['an encoded backslash', 'GET /api/a%5Cb HTTP/1.1\r\nHost: h\r\n\r\n', 400],
  ['dot segments', 'GET /api/a/../b HTTP/1.1\r\nHost: h\r\n\r\n', 400],
  ['encoded dot segments', 'GET /api/a/%2e%2E/b HTTP/1.1\r\nHost: h\r\n\r\n', 400],
  ['an encoded NUL', 'GET /api/a%00 HTTP/1.1\r\nHost: h\r\n\r\n', 400],
  ['overlong UTF-8', 'GET /api/%c0%af HTTP/1.1\r\nHost: h\r\n\r\n', 400],
  ['a broken escape', 'GET /api/%zz HTTP/1.1\r\nHost: h\r\n\r\n', 400],
  ['an absolute target of another host', 'GET http://evil/api/a HTTP/1.1\r\nHost: h\r\n\r\n', 400],
  ['TRACE', 'TRACE /api/a HTTP/1.1\r\nHost: h\r\n\r\n', 405],
  ['CONNECT', 'CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n', 405],
])('GW-63 refuses %s, and nothing of it reaches the upstream', async (_what, text, status) => {
  const upstream = await startUpstream(echo)
  const { port } = await startProxy(upstream.address)
  expect(await raw(port, `${text}GET /api/smuggled HTTP/1.1\r\nHost: h\r\n\r\n`)).toMatch(
    new RegExp(`^HTTP/1.1 ${status} `),
  )
  expect(upstream.seen).toEqual([])
})

test('tells 404, 405 with Allow, 413, 502, 503 and 504 apart', async () => {
  const upstream = await startUpstream(() => {})
  const { url } = await startProxy(upstream.address, {
    ...{ Timeout: '00:00:00.2', MaxRequestBodySize: 3 },
    Match: { Path: '/api/{**rest}', Methods: ['GET', 'POST'] },
  })
  expect((await fetch(`${url}/other`)).status).toBe(404)
  const wrongMethod = await fetch(`${url}/api/a`, { method: 'DELETE' })
  expect([wrongMethod.status, wrongMethod.headers.get('allow')]).toEqual([405, 'GET, POST'])
  expect((await fetch(`${url}/api/a`, { method: 'POST', body: 'four' })).status).toBe(413)
  expect(upstream.seen).toEqual([])
  const stream = new Blob(['four']).stream()
  expect((await fetch(`${url}/api/a`, { method: 'POST', body: stream, duplex: 'half' })).status).toBe(413)
  expect((await fetch(`${url}/api/a`)).status).toBe(504)
  const dead = await startProxy('http://127.0.0.1:1/')
  expect((await fetch(`${dead.url}/api/a`)).status).toBe(502)
  const none = await startProxy(upstream.address, {}, {}, { Destinations: {} })
  expect((await fetch(`${none.url}/api/a`)).status).toBe(503)
})

test('GW-26 a client that stops within its body is told so, and the destination is not to blame', async () => {
  const upstream = await startUpstream(echo)
  const ends: string[] = []
  const { port } = await startProxy(
    upstream.address,
    {},
    { end: ({ error }) => void ends.push(error) },
    { HttpRequest: { ActivityTimeout: '00:00:00.1' } },
  )
  const socket = connect({ port, host: '127.0.0.1' })
  let text = ''
  socket.on('data', (chunk) => (text += chunk.toString('latin1')))
  socket.write('POST /api/a HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\npart')
  await once(socket, 'close')
  expect(text).toMatch(/^HTTP\/1.1 408 /)
  expect(ends).toEqual(['RequestBodyClient'])
})

test('GW-59 a client that leaves aborts the upstream', async () => {
  let gone = false
  const upstream = await startUpstream((_request, response) => {
    response.on('close', () => {
      gone = true
    })
    response.write('first')
  })
  const { url } = await startProxy(upstream.address)
  const controller = new AbortController()
  const response = await fetch(`${url}/api/a`, { signal: controller.signal })
  await response.body?.getReader().read()
  controller.abort()
  await until(() => gone)
})

test('a policy that throws lets nobody pass', async () => {
  const upstream = await startUpstream(echo)
  const authorize = () => {
    throw new Error('broken policy')
  }
  const { url } = await startProxy(upstream.address, {}, { authorize })
  expect((await fetch(`${url}/api/a`)).status).toBe(500)
  expect(upstream.seen).toEqual([])
})

test('GW-02 names every fault at once, with the mend', () => {
  const section = {
    Routes: {
      r: {
        ClusterId: 'ordres',
        AuthorizationPolcy: 'x',
        Match: { Path: '/a/{id:integer}' },
        Transforms: [{ PathRemovePrefx: '/a' }],
      },
    },
    Clusters: { orders: { Destinations: { d: { Address: 'nonsense' } }, LoadBalancingPolicy: 'Fastest' } },
  }
  const read = () => readProxyConfiguration(section, { authorizationPolicies: [] })
  for (const part of [
    'ordres',
    'Did you mean orders?',
    'Did you mean AuthorizationPolicy?',
    'Match.Path',
    'Transforms[0]',
    'Destinations.d.Address',
    'LoadBalancingPolicy',
  ]) {
    expect(read).toThrow(part)
  }
})

test('a WebSocket passes, with what the client sent early, in both directions', async () => {
  const upstream = await startUpstream(echo)
  upstream.server.on('upgrade', (_request, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    socket.on('data', (chunk) => socket.end(`heard ${chunk}`))
  })
  const { port } = await startProxy(upstream.address)
  const head =
    'GET /api/ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n'
  const answer = await raw(port, `${head}early`)
  expect(answer).toMatch(/^HTTP\/1.1 101 /)
  expect(answer).toContain('heard early')
})

test('GW-09 a reload serves the next request, and the one at work ends under the old configuration', async () => {
  let release = () => {}
  const slow = await startUpstream((_request, response) => {
    release = () => response.end('old')
  })
  const next = await startUpstream((_request, response) => void response.end('new'))
  const { proxy, url } = await startProxy(slow.address)
  const atWork = fetch(`${url}/api/a`)
  await until(() => slow.seen.length === 1)
  const section = {
    Routes: { r: { ClusterId: 'c', Match: { Path: '/api/{**rest}' } } },
    Clusters: { c: { Destinations: { d: { Address: next.address } } } },
  }
  proxy.reload(readProxyConfiguration(section, { authorizationPolicies: [] }))
  expect(await (await fetch(`${url}/api/a`)).text()).toBe('new')
  release()
  expect(await (await atWork).text()).toBe('old')
})

test('GW-12 a method is sent as another', async () => {
  const upstream = await startUpstream(echo)
  const { url } = await startProxy(upstream.address, {
    Transforms: [{ HttpMethodChange: 'PUT', Set: 'POST' }],
  })
  await fetch(`${url}/api/a`, { method: 'PUT', body: 'x' })
  await fetch(`${url}/api/a`, { method: 'DELETE' })
  expect(upstream.seen.map(({ method }) => method)).toEqual(['POST', 'DELETE'])
})

test('GW-14 an answer that never came is a failure, for the headers that ask for one', async () => {
  const Transforms = [
    { ResponseHeader: 'X-Failed', Set: '1', When: 'Failure' },
    { ResponseHeader: 'X-Fine', Set: '1' },
  ]
  const { url } = await startProxy('http://127.0.0.1:9/', { Transforms })
  const { status, headers } = await fetch(`${url}/api/a`)
  expect([status, headers.get('x-failed'), headers.get('x-fine')]).toEqual([502, '1', null])
})

test('GW-24 a timeout is the route’s own or a policy’s, and one of them', async () => {
  const Policies = { Timeout: { short: { Timeout: '00:00:00.1' } } }
  const upstream = await startUpstream(() => {})
  const { url } = await startProxy(upstream.address, { TimeoutPolicy: 'Short' }, {}, {}, { Policies })
  expect((await fetch(`${url}/api/a`)).status).toBe(504)
  const both = { Timeout: '00:00:01', TimeoutPolicy: 'disable' }
  await expect(startProxy(upstream.address, both)).rejects.toThrow('TimeoutPolicy stands beside Timeout')
  await expect(startProxy(upstream.address, { TimeoutPolicy: 'long' })).rejects.toThrow(
    'names no policy (long)',
  )
})

test('GW-66 WebSockets are closed one after the other when the proxy drains, within its time', async () => {
  const upstream = await startUpstream(() => {})
  upstream.server.on('upgrade', (_request, socket) => {
    socket.on('error', () => {})
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  })
  const { proxy, port } = await startProxy(upstream.address)
  const openAtClose: number[] = []
  const sockets: Socket[] = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const socket = connect(port, '127.0.0.1')
      socket.write(
        'GET /api/a HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
      )
      await once(socket, 'data')
      socket.on('close', () => openAtClose.push(sockets.filter(({ destroyed }) => !destroyed).length))
      return socket
    }),
  )
  await proxy.close(400)
  await expect.poll(() => sockets.every(({ destroyed }) => destroyed)).toBe(true)
  expect(openAtClose[0]).toBeGreaterThan(0)
})

test.each([
  [true, '101'],
  [false, '502'],
])('GW-48 a WebSocket follows DangerousAcceptAnyServerCertificate: %s', async (isAccepted, status) => {
  const pem = (name: string) => readFileSync(new URL(`certificates/${name}`, import.meta.url))
  const server = createHttpsServer({ cert: pem('b.crt'), key: pem('b.key') })
  server.on('upgrade', (_request, socket) => {
    socket.on('error', () => {})
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const HttpClient = { DangerousAcceptAnyServerCertificate: isAccepted }
  const { port } = await startProxy(address, {}, {}, { HttpClient })
  const answer = await raw(
    port,
    'GET /api/a HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  )
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
})
