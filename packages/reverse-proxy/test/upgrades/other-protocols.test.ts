import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { readProxyConfiguration } from '#src/index.ts'
import { converse, startRecorder } from '../edge/sockets.ts'
import { closeAll, startProxy } from '../fixtures.ts'
import { handshake, openRaw, overHttp2, start, startHttp1Service, startHttp2Service } from './peers.ts'

afterEach(closeAll)

const offer = (protocol: string, method = 'GET', further = '') =>
  `${method} /api/a HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n${further}\r\n`

const webSocketOffer = `GET /api/a HTTP/1.1\r\nHost: h\r\n${handshake}\r\n`
const mine = { Upgrades: ['Mine/1', 'other'] }

test('GW-53 a route takes the protocols that it names, and no others', async () => {
  const upstream = await startHttp1Service()
  const { port } = await start(upstream.address, { route: mine })
  for (const protocol of ['mine/1', 'MINE/1', 'Other']) {
    const peer = openRaw(port, offer(protocol))
    await until(() => peer.heard.includes('\r\n\r\n'))
    expect(peer.heard).toContain(
      `HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: ${protocol.toLowerCase()}\r\n`,
    )
    peer.stream.write('one')
    await until(() => peer.heard.endsWith('echo one'))
    peer.stream.destroy()
  }
  upstream.seen.length = 0
  for (const bytes of [offer('mine'), offer('mine/2'), offer('mine/1, other'), offer('h2c'), webSocketOffer])
    expect((await converse(port, bytes)).statuses).toEqual([200])
  expect(upstream.seen).toHaveLength(5)
  for (const headers of upstream.seen) expect(headers).not.toHaveProperty('upgrade')
})

test('GW-53 where a route names none, WebSocket is the only one, and an empty list is none at all', async () => {
  const upstream = await startHttp1Service()
  const usual = await start(upstream.address)
  expect((await converse(usual.port, offer('mine/1'))).statuses).toEqual([200])
  expect((await converse(usual.port, webSocketOffer)).statuses).toEqual([101])
  const none = await start(upstream.address, { route: { Upgrades: [] } })
  expect((await converse(none.port, webSocketOffer)).statuses).toEqual([200])
})

test('GW-53 an offer may have any method, without a body', async () => {
  const upstream = await startHttp1Service()
  const { port } = await start(upstream.address, { route: mine })
  expect((await converse(port, offer('mine/1', 'POST', 'Content-Length: 0\r\n'))).statuses).toEqual([101])
  expect(upstream.seen[0]).toMatchObject({ 'content-length': '0' })
  expect((await converse(port, `${offer('mine/1', 'POST', 'Content-Length: 2\r\n')}ab`)).statuses).toEqual([
    200,
  ])
})

test('GW-53 a protocol that HTTP/2 does not carry is a plain request where nothing else is spoken', async () => {
  const upstream = await startHttp2Service({ serve: (stream) => stream.end('plain') })
  const { port } = await start(upstream.address, { route: mine, cluster: overHttp2 })
  expect((await converse(port, offer('mine/1'))).statuses).toEqual([200])
  expect(upstream.seen[0]).toMatchObject({ ':method': 'GET' })
})

test('GW-53 nothing that comes early is lost, in either direction', async () => {
  let heard = ''
  const upstream = await startHttp1Service(
    ({ headers }) =>
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${headers.upgrade}\r\n\r\nearly of the service`,
    (stream) => {
      stream.on('data', (chunk) => {
        heard += chunk
      })
    },
  )
  const { port } = await start(upstream.address, { route: mine })
  for (const parts of [
    [`${offer('other')}early of the client`],
    [offer('other'), 'early ', 'of the client'],
    [...offer('other'), ...'early of the client'],
  ]) {
    heard = ''
    const peer = openRaw(port, '')
    for (const part of parts) {
      peer.stream.write(part)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await until(() => heard === 'early of the client' && peer.heard.endsWith('\r\n\r\nearly of the service'))
    peer.stream.destroy()
  }
})

test('GW-53 each direction ends by itself', async () => {
  let heard = ''
  const upstream = await startHttp1Service(undefined, (stream) => {
    stream.on('data', (chunk) => {
      heard += chunk
    })
    stream.on('end', () => {
      heard += '.'
    })
  })
  const { port } = await start(upstream.address, { route: mine })
  const first = openRaw(port, offer('other'))
  await until(() => first.heard.includes('101'))
  first.stream.end('last of the client')
  await until(() => heard === 'last of the client.')
  upstream.streams[0]?.write('more of the service')
  await until(() => first.heard.endsWith('more of the service'))
  expect(first.hasEnded).toBe(false)
  upstream.streams[0]?.end()
  await until(() => first.isClosed)

  heard = ''
  const second = openRaw(port, offer('other'))
  await until(() => second.heard.includes('101'))
  upstream.streams[1]?.end('last of the service')
  await until(() => second.hasEnded)
  expect(second.heard).toMatch(/last of the service$/)
  second.stream.end('more of the client')
  await until(() => heard === 'more of the client.' && second.isClosed)
  await until(async () => (await upstream.connections()) === 0)
})

test('GW-53 much goes both ways at once, and none is lost or changed', async () => {
  const upstream = await startHttp1Service(undefined, (stream) => stream.pipe(stream))
  const { port } = await start(upstream.address, { route: mine })
  const peer = openRaw(port, offer('other'))
  await until(() => peer.heard.includes('\r\n\r\n'))
  const head = peer.heard.length
  const part = Array.from({ length: 1000 }, (_, index) => `${index},`).join('')
  for (let count = 0; count < 1000; count++) peer.stream.write(part)
  peer.stream.end()
  await until(() => peer.isClosed, { timeoutMilliseconds: 30_000 })
  expect(peer.heard.length - head).toBe(part.length * 1000)
  expect(peer.heard.slice(head) === part.repeat(1000)).toBe(true)
})

test('GW-53 a service that changes to another protocol than was offered is not believed', async () => {
  const upstream = await startHttp1Service(
    () => 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: evil\r\n\r\nsmuggled',
  )
  const { port } = await start(upstream.address, { route: mine })
  const peer = openRaw(port, offer('other'))
  await until(() => peer.hasEnded)
  expect(peer.heard).toMatch(/^HTTP\/1\.1 502 /)
  expect(peer.heard).not.toContain('smuggled')
})

const get = (target: string) => `GET ${target} HTTP/1.1\r\nHost: h\r\n\r\n`
const length = 'Content-Length: 2\r\n'
const chunked = 'Transfer-Encoding: chunked\r\n'

test.each([
  ['an offer', [offer('h2c'), get('/api/2')], 2],
  ['an offer with a body', [`${offer('mine', 'POST', length)}ab`, get('/api/2')], 2],
  [
    'an offer with a chunked body',
    [`${offer('mine', 'POST', chunked)}2\r\nab\r\n0\r\n\r\n`, get('/api/2')],
    2,
  ],
  ['an offer with trailers', [`${offer('mine', 'POST', chunked)}0\r\nX: 1\r\n\r\n`, get('/api/2')], 2],
  [
    'several offers',
    [offer('h2c'), `${offer('mine', 'POST', length)}ab`, offer('mine'), get('/api/2'), offer('mine')],
    5,
  ],
  ['more offers than are served at once', Array.from({ length: 60 }, () => offer('mine')), 60],
])(
  'GW-53 what stands behind %s that is not taken is served, however it comes',
  async (_what, requests, count) => {
    const upstream = await startRecorder()
    const { port } = await startProxy(upstream.address)
    const bytes = requests.join('')
    const parts = [[bytes], ...[7, 40, 113].map((at) => [bytes.slice(0, at), bytes.slice(at)])]
    if (count < 10) parts.push([...bytes])
    for (const part of parts) {
      upstream.clear()
      const { statuses } = await converse(port, part, 100, 20_000, count)
      expect(statuses).toEqual(Array.from({ length: count }, () => 200))
      expect([upstream.requests.length, upstream.faults]).toEqual([count, []])
    }
  },
)

test('GW-61 behind an offer that is not taken nothing is read in two ways', async () => {
  const upstream = await startRecorder()
  const { port } = await startProxy(upstream.address)
  const { statuses, isClosed } = await converse(
    port,
    `${offer('mine')}\r\n${get('/api/hidden')}`,
    300,
    20_000,
    2,
  )
  expect({ statuses, isClosed }).toEqual({ statuses: [200, 400], isClosed: true })
  expect(upstream.requests.map(({ target }) => target)).toEqual(['/a'])
})

test('GW-53 a WebSocket that the gateway refuses leaves no half-open connection behind', async () => {
  const upstream = await startRecorder()
  const refusal = { status: 401, code: 'no', title: 'No', detail: 'No.' }
  const { port } = await startProxy(upstream.address, {}, { authorize: () => refusal })
  const { answer, isClosed } = await converse(port, `${webSocketOffer}frames`)
  expect(answer).toMatch(/^HTTP\/1\.1 401 /)
  expect([isClosed, upstream.isUntouched()]).toEqual([true, true])
})

test.each([
  [['h2c'], 'which is HTTP again'],
  [['TLS/1.0'], 'which is HTTP again'],
  [['web socket'], 'names no protocol'],
  ['a/b/c', 'Upgrades'],
])('GW-02 %j as Upgrades is a fault', (Upgrades, reason) => {
  const Routes = { r: { ClusterId: 'c', Match: { Path: '/' }, Upgrades } }
  expect(() => readProxyConfiguration({ Routes, Clusters: { c: {} } }, {})).toThrow(reason)
})

test.each([
  ['nothing more', '', true],
  ['bytes that nobody can read any more', 'early', false],
])(
  'GW-53 GW-59 behind a client that ended its half before its protocol began, having sent %s, nothing is left open',
  async (_what, early, isServed) => {
    let begin = () => {}
    const ended: string[] = []
    const upstream = await startHttp1Service(
      () => '',
      (stream) => {
        stream.resume().on('end', () => stream.end('bye'))
        begin = () => void stream.write('HTTP/1.1 101 Go\r\nConnection: Upgrade\r\nUpgrade: mine/1\r\n\r\n')
      },
    )
    const hooks = { end: ({ error }: { error: string }) => void ended.push(error) }
    const { port } = await start(upstream.address, { route: mine, hooks })
    const peer = openRaw(port, offer('mine/1') + early)
    peer.stream.end()
    // Its end has been read: that is what is asked about.
    await until(() => upstream.streams.length === 1 && peer.heard.includes('100 Continue'))
    begin()
    await until(() => ended.length === 1 && upstream.streams[0]?.destroyed && peer.isClosed)
    expect(peer.heard.endsWith('bye')).toBe(isServed)
  },
)
