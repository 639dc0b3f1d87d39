import { once } from 'node:events'
import { request as httpRequest, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { closeAll, closing, type Handler, startProxy, startUpstream } from '../fixtures.ts'

afterEach(closeAll)

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
const get = (path: string, version = '1.1') => `GET ${path} HTTP/${version}\r\nHost: h\r\n\r\n`
const file = (name: string) => fileURLToPath(new URL(`../certificates/${name}`, import.meta.url))

/** A client that can close its sending half alone. */
function open(port: number, isSecure: boolean) {
  const options = { port, host: '127.0.0.1', allowHalfOpen: true }
  const socket: Socket = isSecure ? connectTls({ ...options, rejectUnauthorized: false }) : connect(options)
  const client = { socket, heard: '', hasEnded: false }
  socket.on('error', () => {})
  socket.on('data', (bytes) => {
    client.heard += bytes.toString('latin1')
  })
  socket.on('end', () => {
    client.hasEnded = true
  })
  closing.push(() => socket.destroy())
  return client
}

async function start(handler: Handler) {
  const upstream = await startUpstream(handler)
  const Certificates = [{ CertificateFile: file('a.crt'), KeyFile: file('a.key') }]
  const Listeners = { tls: { Url: 'https://127.0.0.1:0', Protocols: 'Http1', Certificates } }
  const { ports } = await startProxy(upstream.address, {}, {}, {}, { Listeners })
  return { ...upstream, ports: ports as readonly [number, number] }
}

/** Answers, without those before the answer, and without chunks. */
const bodiesIn = (heard: string) =>
  heard
    .replaceAll('HTTP/1.1 100 Continue\r\n\r\n', '')
    .split(/HTTP\/1\.1 200 OK\r\n/)
    .slice(1)
    .map((answer) => {
      const [head = '', body = ''] = answer.split(/\r\n\r\n(.*)/s)
      if (!/transfer-encoding: chunked/.test(head)) return body
      return [...body.matchAll(/([0-9a-f]+)\r\n(.*?)\r\n/gs)]
        .map(([, size, chunk = '']) => {
          expect(Number.parseInt(size ?? '', 16)).toBe(chunk.length)
          return chunk
        })
        .join('')
    })

/** Half a second before the answer begins, and before it ends: many probes are sent within. */
const slowly: Handler = async (request, response) => {
  await pause(500)
  if (request.url === '/length') response.setHeader('content-length', 8)
  response.write(`one ${request.url?.slice(0, 1)}`)
  await pause(500)
  response.end('two')
}

test.each([
  ['plain', 'of known length', get('/api/length')],
  ['plain', 'of unknown length', get('/api/chunks')],
  ['plain', 'of unknown length to HTTP/1.0', get('/api/chunks', '1.0')],
  ['TLS', 'of known length', get('/api/length')],
  ['TLS', 'of unknown length', get('/api/chunks')],
])('over %s a client that closes its sending half gets its whole answer, %s', async (kind, _what, bytes) => {
  const { ports } = await start(slowly)
  const client = open(ports[kind === 'TLS' ? 1 : 0], kind === 'TLS')
  client.socket.end(bytes)
  await until(() => client.hasEnded)
  expect(bodiesIn(client.heard)).toEqual(['one /two'])
})

test('requests that were sent before the half was closed are all answered, in order, and then the connection ends', async () => {
  const { ports, seen } = await start(
    (request, response) => void setTimeout(() => response.end(request.url), 100),
  )
  const client = open(ports[0], false)
  client.socket.write(`POST /api/1 HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody${get('/api/2')}`)
  client.socket.end(get('/api/3'))
  await until(() => client.hasEnded)
  expect(bodiesIn(client.heard)).toEqual(['/1', '/2', '/3'])
  expect(seen).toHaveLength(3)
})

test('a request that is not whole when the half closes is refused, also behind one that is', async () => {
  const { ports, seen } = await start(
    (_request, response) => void setTimeout(() => response.end('first'), 100),
  )
  for (const before of ['', get('/api/a')]) {
    const client = open(ports[0], false)
    client.socket.end(`${before}POST /api/b HTTP/1.1\r\nHost: h\r\nContent-Le`)
    await until(() => client.hasEnded)
    expect(bodiesIn(client.heard.split('HTTP/1.1 400')[0] ?? '')).toEqual(before ? ['first'] : [])
    expect(client.heard).toContain('HTTP/1.1 400 ')
  }
  expect(seen).toHaveLength(1)
})

test('a common client reads the answer, whatever is sent to find out whether it listens', async () => {
  const { ports } = await start(slowly)
  const createConnection = () => connect({ port: ports[0], host: '127.0.0.1', allowHalfOpen: true })
  const request = httpRequest({ port: ports[0], path: '/api/chunks', createConnection })
  let information = 0
  request.on('continue', () => information++)
  request.end()
  request.once('finish', () => request.socket?.end())
  const [response] = await once(request, 'response')
  let body = ''
  for await (const chunk of response) body += chunk
  expect(body).toBe('one /two')
  expect(information).toBeGreaterThan(1)
})

const silently: Handler = (_request, _response) => {}
const begunWith =
  (head: object): Handler =>
  (_request, response) =>
    void response.writeHead(200, head as never).write('data: one\n\n')

test.each([
  ['before it is answered', 'plain', silently, get('/api/a')],
  ['before it is answered', 'TLS', silently, get('/api/a')],
  ['with its body sent', 'plain', silently, 'PUT /api/a HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx'],
  ['with others waiting', 'plain', silently, get('/api/a').repeat(3)],
  [
    'in an event stream that is silent',
    'plain',
    begunWith({ 'content-type': 'text/event-stream' }),
    get('/api/a'),
  ],
  [
    'in an event stream that is silent',
    'TLS',
    begunWith({ 'content-type': 'text/event-stream' }),
    get('/api/a'),
  ],
])(
  'GW-59 a client that has left for good %s (%s) takes the upstream’s request with it',
  async (_when, kind, handler, bytes) => {
    const answers: ServerResponse[] = []
    const { ports, seen } = await start((request, response) => {
      answers.push(response)
      handler(request, response)
    })
    const client = open(ports[kind === 'TLS' ? 1 : 0], kind === 'TLS')
    client.socket.write(bytes)
    await until(() => seen.length === 1 && (handler === silently || client.heard.includes('one')))
    client.socket.destroy()
    await until(() => answers[0]?.destroyed)
    await pause(100)
    expect(seen).toHaveLength(1)
  },
)

test('GW-59 a client that leaves some time after it has closed its half is found out by the next of its answer', async () => {
  const answers: ServerResponse[] = []
  const { ports } = await start((_request, response) => void answers.push(response))
  const client = open(ports[0], false)
  client.socket.end(get('/api/a'))
  await until(() => client.heard.includes('100 Continue') && answers.length === 1)
  client.socket.destroy()
  answers[0]?.writeHead(200, { 'content-type': 'text/event-stream' })
  const talking = setInterval(() => answers[0]?.write('data: more\n\n'), 20)
  await until(() => answers[0]?.destroyed)
  clearInterval(talking)
})
