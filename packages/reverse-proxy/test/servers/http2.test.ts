import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants, createServer } from 'node:http2'
import { request as httpsRequest } from 'node:https'
import { type AddressInfo, connect as connectSocket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterEach, expect, test } from 'vitest'
import { type Exchange, type ProxyHooks, readProxyConfiguration } from '#src/index.ts'
import { frameTypes, openFrames, requestFrames } from '../edge/http2-frames.ts'
import { closeAll, closing, echo, startProxy, startUpstream } from '../fixtures.ts'

afterEach(closeAll)

const file = (name: string) => new URL(`../certificates/${name}`, import.meta.url).pathname
const pem = (name: string) => readFileSync(file(name))
const certificate = (name: string, Hosts: string[]) => ({
  ...{ Hosts, CertificateFile: file(`${name}.crt`), KeyFile: file(`${name}.key`) },
})
const https = {
  Url: 'https://127.0.0.1:0',
  Certificates: [certificate('a', ['a.test']), certificate('b', ['*.b.test'])],
}

/** A proxy with one more port. */
async function start(address: string, listener: object, hooks: ProxyHooks = {}, cluster: object = {}) {
  const Listeners = { one: listener }
  const { ports, proxy } = await startProxy(address, {}, hooks, cluster, { Listeners })
  return { port: ports[1] as number, proxy }
}

function openSession(url: string): ClientHttp2Session {
  const session = connect(url, { ca: pem('a.crt'), servername: 'a.test' })
  session.on('error', () => {})
  closing.push(() => session.destroy())
  return session
}

async function answerTo(stream: ClientHttp2Stream) {
  let [body, trailers, headers]: [string, object, Record<string, unknown>] = ['', {}, {}]
  stream.on('response', (found) => (headers = found))
  stream.on('trailers', (found) => (trailers = found))
  stream.on('data', (chunk) => (body += chunk))
  stream.on('error', () => {})
  await new Promise<void>((resolve) => stream.on('close', resolve))
  return { status: headers[':status'], headers, body, trailers, code: stream.rstCode }
}

test('GW-49 one TLS port speaks HTTP/2 and HTTP/1.1, as the client chooses', async () => {
  const upstream = await startUpstream(echo)
  const { port } = await start(upstream.address, https)
  const session = openSession(`https://127.0.0.1:${port}`)
  const stream = session.request({
    ':path': '/api/a?q=1',
    ':method': 'POST',
    cookie: ['a=1', 'b=2'],
    'x-user-id': 'forged',
  })
  stream.end('hello')
  expect(await answerTo(stream)).toMatchObject({
    status: 200,
    body: '{"url":"/a?q=1","body":"hello"}',
    code: 0,
  })
  expect(upstream.seen[0]?.headers).toMatchObject({ cookie: 'a=1; b=2', 'x-forwarded-proto': 'https' })
  expect(upstream.seen[0]?.headers).not.toHaveProperty('x-user-id')

  const request = httpsRequest({
    port,
    path: '/api/b',
    servername: 'a.test',
    ca: pem('a.crt'),
    agent: false,
  }).end()
  const [response] = await once(request, 'response')
  expect([response.statusCode, response.httpVersion]).toEqual([200, '1.1'])
  response.resume()
})

test('GW-49 h2c is spoken by prior knowledge, where a listener says so', async () => {
  const upstream = await startUpstream(echo)
  const { port } = await start(upstream.address, { Url: 'http://127.0.0.1:0', Protocols: 'Http2' })
  const session = openSession(`http://127.0.0.1:${port}`)
  expect(await answerTo(session.request({ ':path': '/api/a' }))).toMatchObject({ status: 200 })
})

test('GW-49 Upgrade: h2c is never honoured nor forwarded', async () => {
  const upstream = await startUpstream(echo)
  const { url } = await startProxy(upstream.address)
  const headers = {
    connection: 'Upgrade, HTTP2-Settings',
    upgrade: 'h2c',
    'http2-settings': 'AAMAAABkAAQAoAAAAAIAAAAA',
  }
  const request = (await import('node:http')).request(`${url}/api/a`, { headers }).end()
  const [response] = await once(request, 'response')
  response.resume()
  expect(response.statusCode).toBe(200)
  expect(upstream.seen[0]?.headers).not.toHaveProperty('upgrade')
  expect(upstream.seen[0]?.headers).not.toHaveProperty('http2-settings')
})

test.each([
  ['a Host that is another than :authority', { ':authority': 'a.test', host: 'b.test' }, 400],
  ['an encoded slash', { ':path': '/api/a%2fb' }, 400],
  ['a twin of a framing header', { transfer_encoding: 'chunked' }, 400],
  ['TRACE', { ':method': 'TRACE' }, 405],
  ['CONNECT', { ':method': 'CONNECT', ':authority': 'a.test:443' }, 405],
])('GW-63 over HTTP/2 %s is refused too', async (_what, headers, status) => {
  const upstream = await startUpstream(echo)
  const { port } = await start(upstream.address, https)
  const session = openSession(`https://127.0.0.1:${port}`)
  const isConnect = ':method' in headers && headers[':method'] === 'CONNECT'
  const stream = session.request(isConnect ? headers : { ':path': '/api/a', ...headers })
  stream.end()
  expect((await answerTo(stream)).status).toBe(status)
  expect(upstream.seen).toEqual([])
})

test('GW-59 a stream that is reset takes the upstream’s request with it, and an upstream that breaks off resets the stream', async () => {
  const upstream = await startUpstream((request, response) => {
    response.writeHead(200).write('half')
    if (request.url === '/cut') setTimeout(() => request.socket.destroy(), 50)
  })
  const ended: Exchange[] = []
  const { port } = await start(upstream.address, https, { end: (exchange) => void ended.push(exchange) })
  const session = openSession(`https://127.0.0.1:${port}`)
  const left = session.request({ ':path': '/api/left' })
  await once(left, 'data')
  left.close(constants.NGHTTP2_CANCEL)
  await expect.poll(() => upstream.seen[0]?.socket.destroyed).toBe(true)
  expect(ended[0]?.error).toBe('ResponseBodyCanceled')

  const cut = session.request({ ':path': '/api/cut' })
  expect((await answerTo(cut)).code).toBe(constants.NGHTTP2_INTERNAL_ERROR)
  expect(session.destroyed).toBe(false)
})

test.each([
  ['GET', undefined],
  ['POST', ''],
  ['POST', 'part'],
])(
  'GW-59 frame by frame: the answer to %s (body: %j) that its service breaks off never says that it ends',
  async (method, body) => {
    const upstream = await startUpstream((request, response) => {
      response.writeHead(200).write('half')
      setTimeout(() => request.socket.destroy(), 50)
    })
    const { port } = await start(upstream.address, { Url: 'http://127.0.0.1:0', Protocols: 'Http2' })
    const connection = await openFrames(port)
    closing.push(() => connection.socket.destroy())
    const fields = [
      [':method', method],
      [':scheme', 'http'],
      [':authority', 'h'],
      [':path', '/api/a'],
    ] as const
    connection.socket.write(requestFrames(1, fields, body))
    await expect.poll(() => connection.of(1).at(-1)?.type).toBe(frameTypes.reset)
    expect(connection.of(1).at(-1)?.payload.readUInt32BE(0)).toBe(constants.NGHTTP2_INTERNAL_ERROR)
    expect(connection.of(1).some(({ type, flags }) => type === frameTypes.data && (flags & 1) === 1)).toBe(
      false,
    )
  },
)

test('GW-49 the certificate is chosen by the name that the client asks for', async () => {
  const { port } = await start('http://127.0.0.1:9/', https)
  const nameFor = async (servername: string | undefined) => {
    const socket = connectTls({ port, rejectUnauthorized: false, ...(servername && { servername }) })
    await once(socket, 'secureConnect')
    const { subject } = socket.getPeerCertificate()
    socket.destroy()
    return subject.CN
  }
  expect(await Promise.all([undefined, 'a.test', 'x.b.test', 'x.y.b.test', 'other'].map(nameFor))).toEqual([
    ...['a.test', 'a.test', 'b.test', 'a.test', 'a.test'],
  ])
})

test.each([
  ['Allow', undefined, true],
  ['Require', undefined, false],
  ['Require', 'client', true],
  ['Require', 'a', false],
])('GW-48 %s with the certificate %s', async (ClientCertificates, name, isServed) => {
  const upstream = await startUpstream(echo)
  const listener = {
    ...https,
    Protocols: 'Http1',
    ClientCertificates,
    ClientCertificateAuthority: file('authority.crt'),
  }
  const route = { Transforms: [{ ClientCert: 'X-Certificate' }] }
  const { ports } = await startProxy(upstream.address, route, {}, {}, { Listeners: { one: listener } })
  const identity = name ? { cert: pem(`${name}.crt`), key: pem(`${name}.key`) } : {}
  const headers = { 'x-certificate': 'forged' }
  const request = httpsRequest({
    ...{
      port: ports[1],
      path: '/api/a',
      servername: 'a.test',
      ca: pem('a.crt'),
      agent: false,
      headers,
      ...identity,
    },
  }).end()
  const outcome = await once(request, 'response').then(
    ([{ statusCode }]) => statusCode === 200,
    () => false,
  )
  expect(outcome).toBe(isServed)
  const seen = upstream.seen[0]?.headers['x-certificate']
  expect(seen).toBe(
    name === 'client'
      ? pem('client.crt')
          .toString()
          .replace(/-----[^-]+-----|\n/g, '')
      : undefined,
  )
})

test('GW-66 a drain tells clients of HTTP/2 to open no more streams, and lets those at work end', async () => {
  const upstream = await startUpstream(
    (_request, response) => void setTimeout(() => response.end('late'), 200),
  )
  const { port, proxy } = await start(upstream.address, https)
  const session = openSession(`https://127.0.0.1:${port}`)
  const stream = session.request({ ':path': '/api/a' })
  await expect.poll(() => upstream.seen.length).toBe(1)
  const goaway = once(session, 'goaway')
  const closed = proxy.close(5000)
  await goaway
  expect(await answerTo(stream)).toMatchObject({ status: 200, body: 'late' })
  await closed
})

test('GW-67 streams and requests that are on their way when the proxy leaves are served', async () => {
  const upstream = await startUpstream(echo)
  const { ports, proxy } = await startProxy(
    upstream.address,
    {},
    {},
    {},
    { Listeners: { one: https } },
    { idleGraceMilliseconds: 5000 },
  )
  const session = openSession(`https://127.0.0.1:${ports[1]}`)
  const plain = connectSocket({ port: ports[0], host: '127.0.0.1' })
  const overTls = connectTls({
    port: ports[1] as number,
    host: '127.0.0.1',
    ca: pem('a.crt'),
    servername: 'a.test',
  })
  await Promise.all([once(session, 'connect'), once(plain, 'connect'), once(overTls, 'secureConnect')])
  const goaway = once(session, 'goaway')
  const closed = proxy.close(10_000)
  const stream = session.request({ ':path': '/api/a' })
  expect(await answerTo(stream)).toMatchObject({ status: 200 })
  expect((await goaway)[1]).toBe(2 ** 31 - 1)
  for (const socket of [plain, overTls]) {
    socket.write('GET /api/a HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 200 .*connection: close/is)
  }
  // Nobody is idle any more, and nothing is waited for.
  await closed
})

/** A gRPC service in miniature: it answers each message with itself, and says in its trailers how many there were. */
async function startGrpc() {
  const server = createServer()
  server.on('stream', (stream, headers) => {
    if (headers[':path'] === '/none') {
      stream.respond(
        { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '5' },
        { endStream: true },
      )
      return
    }
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc', 'x-te': headers.te },
      { waitForTrailers: true },
    )
    let count = 0
    stream.on('data', (message) => {
      count++
      stream.write(message)
    })
    stream.on('end', () => stream.end())
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'x-count': String(count) }))
    stream.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const overHttp2 = { HttpRequest: { Version: '2', VersionPolicy: 'RequestVersionExact' } }
const grpc = { ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers' }

test('GW-51 GW-56 gRPC passes in both directions at once, with its trailers', async () => {
  const { port } = await start(await startGrpc(), https, {}, overHttp2)
  const stream = openSession(`https://127.0.0.1:${port}`).request({ ...grpc, ':path': '/api/chat' })
  const messages: string[] = []
  for (const message of ['one', 'two', 'three']) {
    stream.write(message)
    messages.push(String((await once(stream, 'data'))[0]))
  }
  stream.end()
  expect(messages).toEqual(['one', 'two', 'three'])
  expect(await answerTo(stream)).toMatchObject({ trailers: { 'grpc-status': '0', 'x-count': '3' }, code: 0 })
})

test('GW-51 an answer of trailers alone passes', async () => {
  const { port } = await start(await startGrpc(), https, {}, overHttp2)
  const stream = openSession(`https://127.0.0.1:${port}`).request({ ...grpc, ':path': '/api/none' })
  stream.end()
  expect(await answerTo(stream)).toMatchObject({ headers: { 'grpc-status': '5' }, body: '' })
})

test('GW-51 GW-59 a call that is cancelled on one side ends on the other, both ways', async () => {
  const codes: (number | undefined)[] = []
  const server = createServer()
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {})
    stream.on('close', () => codes.push(stream.rstCode))
    stream.resume()
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' })
    stream.write('first')
    if (headers[':path'] === '/fails') setTimeout(() => stream.destroy(new Error('broken off')), 50)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const { port } = await start(address, https, {}, overHttp2)
  const session = openSession(`https://127.0.0.1:${port}`)
  // Its body goes on, and the service must not take what came for all of it.
  const calling = session.request({ ...grpc, ':path': '/api/left' })
  calling.write('part')
  await once(calling, 'data')
  calling.close(constants.NGHTTP2_CANCEL)
  await expect.poll(() => codes).toEqual([constants.NGHTTP2_CANCEL])
  const reading = session.request({ ':path': '/api/left' })
  await once(reading, 'data')
  reading.close(constants.NGHTTP2_CANCEL)
  await expect.poll(() => codes).toEqual([constants.NGHTTP2_CANCEL, constants.NGHTTP2_CANCEL])
  const failing = session.request({ ...grpc, ':path': '/api/fails' })
  expect((await answerTo(failing)).code).toBe(constants.NGHTTP2_INTERNAL_ERROR)
})

test('GW-68 a refusal of gRPC has the form that its clients read', async () => {
  const refusal = { status: 401, code: 'token-missing', title: 'x', detail: 'Sign in first' }
  const { port } = await start(await startGrpc(), https, { authorize: () => refusal }, overHttp2)
  const stream = openSession(`https://127.0.0.1:${port}`).request({ ...grpc, ':path': '/api/chat' })
  stream.end()
  expect(await answerTo(stream)).toMatchObject({
    headers: { ':status': 200, 'grpc-status': '16', 'grpc-message': 'Sign%20in%20first' },
    body: '',
  })
})

test.each([
  [{}, 'Url is missing'],
  [{ Url: 'https://x' }, 'Certificates are missing'],
  [{ Url: 'http://x', Protocols: 'Http1AndHttp2' }, 'Protocols needs TLS'],
  [{ Url: 'https://x', Certificates: [{}] }, 'CertificateFile is missing'],
  [{ ...https, ClientCertificates: 'Require' }, 'ClientCertificateAuthority is missing'],
])('GW-02 the listener %j is a fault', (listener, reason) => {
  const read = () => readProxyConfiguration({ Listeners: { one: listener } }, { authorizationPolicies: [] })
  expect(read).toThrow(reason)
})
