import { once } from 'node:events'
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { closeAll, closing, startProxy } from '../fixtures.ts'
import { startRawService } from './sockets.ts'

afterEach(closeAll)

const post = (further = '') =>
  `POST /api/a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n${further}\r\n`

/** A service that does nothing by itself. */
async function startSilent() {
  const heard: string[] = []
  const service = await startRawService((_socket, received) => heard.splice(0, 1, received))
  return {
    ...service,
    /** All that came on the latest connection. */
    heard: () => heard[0] ?? '',
    /** Once the head of a request is there. */
    async head() {
      await until(() => heard[0]?.includes('\r\n\r\n') === true)
      return heard[0] as string
    },
    say: (text: string) => service.sockets.at(-1)?.write(text),
  }
}

/** A client that keeps what it hears. */
function openClient(port: number) {
  const socket: Socket = connect(port, '127.0.0.1')
  const client = { socket, heard: '', isClosed: false }
  socket.on('data', (chunk) => {
    client.heard += chunk.toString('latin1')
  })
  socket.on('error', () => {})
  socket.on('end', () => {
    client.isClosed = true
  })
  closing.push(() => socket.destroy())
  return client
}

/** Until whatever was on its way would have arrived. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 150))

test('GW-55 a body is asked for when the service asks for it, and goes up then', async () => {
  const service = await startSilent()
  const { port } = await startProxy(service.address)
  const client = openClient(port)
  client.socket.write(post())
  expect(await service.head()).toMatch(/^expect: 100-continue\r$/im)
  await settle()
  expect([client.heard, service.heard().split('\r\n\r\n')[1]]).toEqual(['', ''])
  service.say('HTTP/1.1 100 Continue\r\n\r\n')
  await until(() => client.heard === 'HTTP/1.1 100 Continue\r\n\r\n')
  client.socket.write('body')
  await until(() => service.heard().endsWith('\r\n\r\nbody'))
  service.say('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  await until(() => client.heard.endsWith('ok'))
  client.socket.write(post())
  await until(() => service.heard().split('POST ').length === 3)
  expect(client.isClosed).toBe(false)
})

test('GW-55 a body that comes unasked waits until the service asks for it', async () => {
  const service = await startSilent()
  const { port } = await startProxy(service.address)
  const client = openClient(port)
  client.socket.write(`${post()}body`)
  await service.head()
  await settle()
  expect(service.heard()).not.toContain('body')
  service.say('HTTP/1.1 100 Continue\r\n\r\n')
  await until(() => service.heard().endsWith('body'))
})

test('GW-55 a service that refuses gets no body, its answer passes at once, and the connection serves nothing else', async () => {
  const service = await startSilent()
  const { port } = await startProxy(service.address)
  const client = openClient(port)
  client.socket.write(post())
  await service.head()
  service.say('HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nno!')
  await until(() => client.isClosed)
  expect(client.heard).toMatch(/^HTTP\/1\.1 413 .*^connection: close\r$.*no!$/ims)
  expect(client.heard).not.toContain('100 Continue')
  expect(service.heard()).toMatch(/\r\n\r\n$/)
  // Nor is what it had begun ever taken for the beginning of another request.
  await until(() => service.sockets.every(({ destroyed }) => destroyed))
})

test('GW-55 a service that does not know of it gets the body nevertheless', async () => {
  const service = await startSilent()
  const { port } = await startProxy(service.address)
  const client = openClient(port)
  client.socket.write(post())
  await service.head()
  await until(() => client.heard === 'HTTP/1.1 100 Continue\r\n\r\n')
  client.socket.write('body')
  await until(() => service.heard().endsWith('body'))
})

test('GW-55 what the gateway refuses itself is refused without a 100', async () => {
  const service = await startSilent()
  const refusal = { status: 401, code: 'no', title: 'No', detail: 'No.' }
  const { port } = await startProxy(service.address, {}, { authorize: () => refusal })
  const client = openClient(port)
  client.socket.write(post())
  await until(() => client.isClosed)
  expect(client.heard).toMatch(/^HTTP\/1\.1 401 /)
  expect(service.sockets).toEqual([])
})

test('GW-55 a client of HTTP/1.0 is asked for nothing', async () => {
  const service = await startSilent()
  const { port } = await startProxy(service.address)
  const client = openClient(port)
  client.socket.write(`${post().replace('HTTP/1.1', 'HTTP/1.0')}body`)
  await until(() => service.heard().endsWith('body'))
  expect(service.heard()).not.toMatch(/expect/i)
  service.say('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  await until(() => client.isClosed)
  expect(client.heard).toMatch(/^HTTP\/1\.1 200 /)
})

test('GW-55 a client of HTTP/2 is asked when the service asks', async () => {
  const service = await startSilent()
  const { stream } = await openStream(service.address, { ':method': 'POST', expect: '100-continue' })
  let isAsked = false
  stream.on('continue', () => {
    isAsked = true
  })
  expect(await service.head()).toMatch(/^expect: 100-continue\r$/im)
  await settle()
  expect(isAsked).toBe(false)
  service.say('HTTP/1.1 100 Continue\r\n\r\n')
  await once(stream, 'continue')
  stream.end('body')
  await until(() => service.heard().endsWith('4\r\nbody\r\n0\r\n\r\n'))
})

test('GW-55 a destination that is reached by HTTP/2 cannot be asked: the gateway asks for the body itself', async () => {
  const bodies: string[] = []
  const server = createHttp2Server((request, response) => {
    request.on('data', (chunk) => bodies.push(String(chunk)))
    request.on('end', () => response.end('ok'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  const HttpRequest = { Version: '2', VersionPolicy: 'RequestVersionExact' }
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const { port } = await startProxy(address, {}, {}, { HttpRequest })
  const client = openClient(port)
  client.socket.write(post())
  await until(() => client.heard === 'HTTP/1.1 100 Continue\r\n\r\n')
  client.socket.write('body')
  await until(() => client.heard.endsWith('ok\r\n0\r\n\r\n'))
  expect(bodies).toEqual(['body'])
})

/** One more port, for HTTP/2 without TLS, and a stream on it. */
async function openStream(address: string, headers: object = {}, cluster: object = {}) {
  const Listeners = { two: { Url: 'http://127.0.0.1:0', Protocols: 'Http2' } }
  const { ports } = await startProxy(address, {}, {}, cluster, { Listeners })
  const session = connectHttp2(`http://127.0.0.1:${ports[1]}`)
  session.on('error', () => {})
  closing.push(() => session.destroy())
  const stream = session.request({ ':path': '/api/a', ...headers })
  stream.on('error', () => {})
  return { stream, session }
}

const hints = [
  'HTTP/1.1 102 Processing\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nLink: </b.js>\r\nConnection: X-Mine\r\nX-Mine: 1\r\n\r\n',
]
const final = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

test('GW-55 answers before the answer reach a client of HTTP/1.1 as they come', async () => {
  const service = await startSilent()
  const { port } = await startProxy(service.address)
  const client = openClient(port)
  client.socket.write('GET /api/a HTTP/1.1\r\nHost: h\r\n\r\n')
  await service.head()
  service.say(hints.join(''))
  await until(() => client.heard.includes('103 Early Hints'))
  expect(client.heard).toBe(
    'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\nlink: </b.js>\r\n\r\n',
  )
  service.say(final)
  await until(() => client.heard.endsWith('ok'))
  expect(client.heard.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 102', 'HTTP/1.1 103', 'HTTP/1.1 200'])
})

test('GW-55 a client of HTTP/1.0 gets the answer alone', async () => {
  const service = await startSilent()
  const { port } = await startProxy(service.address)
  const client = openClient(port)
  client.socket.write('GET /api/a HTTP/1.0\r\nHost: h\r\n\r\n')
  await service.head()
  service.say(hints.join('') + final)
  await until(() => client.isClosed)
  expect(client.heard).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
})

test('GW-55 answers before the answer reach a client of HTTP/2', async () => {
  const service = await startSilent()
  const { stream } = await openStream(service.address)
  const seen: unknown[] = []
  stream.on('headers', (headers) => seen.push([headers[':status'], headers.link]))
  await service.head()
  service.say(hints.join('') + final)
  const [headers] = await once(stream, 'response')
  expect([headers[':status'], seen]).toEqual([
    200,
    [
      [102, undefined],
      [103, '</a.css>; rel=preload, </b.js>'],
    ],
  ])
})

test('GW-55 answers before the answer of a destination that is reached by HTTP/2 pass too', async () => {
  const server = createHttp2Server((_request, response) => {
    response.stream.additionalHeaders({ ':status': 103, link: '</a.css>' })
    response.end('ok')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const HttpRequest = { Version: '2', VersionPolicy: 'RequestVersionExact' }
  const { port } = await startProxy(address, {}, {}, { HttpRequest })
  const client = openClient(port)
  client.socket.write('GET /api/a HTTP/1.1\r\nHost: h\r\n\r\n')
  await until(() => client.heard.includes('ok'))
  expect(client.heard).toMatch(/^HTTP\/1\.1 103 Early Hints\r\nlink: <\/a\.css>\r\n\r\nHTTP\/1\.1 200 /)
})

test('GW-14 what a transform takes out of answers is not in those before the answer', async () => {
  const service = await startSilent()
  const Transforms = [{ PathRemovePrefix: '/api' }, { ResponseHeaderRemove: 'X-Inside' }]
  const { port } = await startProxy(service.address, { Transforms })
  const client = openClient(port)
  client.socket.write('GET /api/a HTTP/1.1\r\nHost: h\r\n\r\n')
  await service.head()
  service.say(`HTTP/1.1 103 Early Hints\r\nX-Inside: 1\r\nLink: </a>\r\n\r\n${final}`)
  await until(() => client.heard.endsWith('ok'))
  expect(client.heard).toMatch(/^HTTP\/1\.1 103 Early Hints\r\nlink: <\/a>\r\n\r\nHTTP\/1\.1 200 /)
})
