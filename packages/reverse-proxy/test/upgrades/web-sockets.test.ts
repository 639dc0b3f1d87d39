import { once } from 'node:events'
import { createServer as createProxyServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import type { Exchange } from '#src/index.ts'
import { breakOff } from '#src/upgrades/end-duplex.ts'
import { closeAll, closing } from '../fixtures.ts'
import { clientFrame, readFrames, serverFrame } from './frames.ts'
import {
  accept,
  handshake,
  openOffer,
  openRaw,
  openSession,
  overHttp2,
  type Peer,
  type Service,
  start,
  startHttp1Service,
  startHttp2Service,
} from './peers.ts'

afterEach(closeAll)

const http1Offer = `GET /api/chat?room=1 HTTP/1.1\r\nHost: h\r\nSec-WebSocket-Protocol: chat, other\r\nSec-WebSocket-Extensions: permessage-deflate\r\n${handshake}\r\n`

type Open = (ports: { port: number; http2Port: number }) => Promise<Peer>
const overOne: Open = async ({ port }) => openRaw(port, http1Offer)
const overTwo: Open = ({ http2Port }) =>
  openOffer(http2Port, {
    ':path': '/api/chat?room=1',
    'sec-websocket-protocol': 'chat, other',
    'sec-websocket-extensions': 'permessage-deflate',
  })

const clients: [string, Open][] = [
  ['HTTP/1.1', overOne],
  ['HTTP/2', overTwo],
]
const services: [string, () => Promise<Service>, object][] = [
  ['HTTP/1.1', () => startHttp1Service(), {}],
  ['HTTP/2', () => startHttp2Service(), overHttp2],
  [
    'HTTP/2 with TLS',
    () => startHttp2Service({ isSecure: true }),
    { HttpClient: { DangerousAcceptAnyServerCertificate: true } },
  ],
]
const ways = clients.flatMap(([client, open]) =>
  services.map(([service, begin, cluster]) => [client, service, open, begin, cluster] as const),
)

/** Whether it has switched, by whatever its protocol says so. */
const hasSwitched = (peer: Peer) => peer.status === 200 || peer.heard.startsWith('HTTP/1.1 101 ')
/** What came behind the head of an answer. */
const bodyOf = (peer: Peer) =>
  peer.status > 0 ? peer.heard : peer.heard.split('\r\n\r\n').slice(1).join('\r\n\r\n')

test.each(ways)('GW-52 a WebSocket goes from %s to %s', async (client, service, open, begin, cluster) => {
  const upstream = await begin()
  const ended: Exchange[] = []
  const ports = await start(upstream.address, { cluster, hooks: { end: (one: Exchange) => ended.push(one) } })
  const peer = await open(ports)
  await until(() => hasSwitched(peer))
  expect(upstream.seen).toHaveLength(1)
  expect(upstream.seen[0]).toMatchObject({
    'sec-websocket-version': '13',
    'sec-websocket-protocol': 'chat, other',
    'sec-websocket-extensions': 'permessage-deflate',
    'x-forwarded-host': 'h',
  })
  if (service === 'HTTP/1.1')
    expect(upstream.seen[0]).toMatchObject({ upgrade: 'websocket', connection: 'Upgrade' })
  else {
    expect(upstream.seen[0]).toMatchObject({
      ':method': 'CONNECT',
      ':protocol': 'websocket',
      ':path': '/chat?room=1',
    })
    expect(upstream.seen[0]).not.toHaveProperty('sec-websocket-key')
  }
  if (client === 'HTTP/1.1') {
    expect(peer.heard).toContain(`\r\nsec-websocket-accept: ${accept}\r\n`)
    expect(peer.heard).toMatch(/^connection: Upgrade\r\nupgrade: websocket\r$/m)
    expect(peer.heard).toMatch(/^sec-websocket-protocol: chat\r$/m)
  } else {
    expect(peer.headers).toMatchObject({ 'sec-websocket-protocol': 'chat' })
    expect(peer.headers).not.toHaveProperty('sec-websocket-accept')
  }
  peer.stream.write('one')
  await until(() => bodyOf(peer) === 'echo one')
  peer.stream.end('two')
  await until(() => peer.isClosed)
  expect(bodyOf(peer)).toBe('echo oneecho twobye')
  await until(() => ended.length === 1)
  expect(ended[0]).toMatchObject({
    ...{ status: client === 'HTTP/1.1' ? 101 : 200, error: 'None', receivedBytes: 6, sentBytes: 19 },
    inspected: { protocol: 'websocket' },
  })
  // Nothing stays open for the sake of what is over.
  await until(async () => (await upstream.connections()) === 0)
})

test.each(ways)(
  'GW-59 whoever breaks a WebSocket off takes the other side with it, from %s to %s',
  async (...way) => {
    const [, , open, begin, cluster] = way
    const upstream = await begin()
    const ports = await start(upstream.address, { cluster })
    const [left, cut] = [await open(ports), await open(ports)]
    await until(() => hasSwitched(left) && hasSwitched(cut) && upstream.streams.length === 2)
    breakOff(left.stream)
    await until(() => upstream.streams.some(({ destroyed }) => destroyed))
    expect(cut.isClosed).toBe(false)
    for (const stream of upstream.streams) breakOff(stream)
    // Node ends a stream before it resets it, and whoever may go on writing has only heard of an end.
    await until(() => cut.isClosed || cut.hasEnded)
    await until(async () => (await upstream.connections()) === 0)
  },
)

test('GW-52 WebSockets share a connection of HTTP/2', async () => {
  const upstream = await startHttp2Service()
  const ports = await start(upstream.address, { cluster: overHttp2 })
  const first = await overOne(ports)
  await until(() => hasSwitched(first))
  const others = await Promise.all(clients.map(([, open]) => open(ports)))
  await until(() => others.every(hasSwitched))
  expect([upstream.streams.length, await upstream.connections()]).toEqual([3, 1])
})

test.each(clients)(
  'GW-52 where the HTTP/2 of a destination carries none, one from %s goes over HTTP/1.1, or nowhere where that may not be',
  async (_client, open) => {
    const upstream = await startHttp2Service({ isSecure: true, isAble: false })
    const HttpClient = { DangerousAcceptAnyServerCertificate: true }
    const falling = await start(upstream.address, { cluster: { HttpClient } })
    const peer = await open(falling)
    await until(() => hasSwitched(peer))
    expect(upstream.seen[0]).toMatchObject({ upgrade: 'websocket' })
    const strict = await start(upstream.address, { cluster: { HttpClient, ...overHttp2 } })
    const refused = await open(strict)
    await until(() => refused.isClosed || refused.hasEnded)
    expect([refused.status, refused.heard]).toEqual([
      expect.toBeOneOf([0, 502]),
      expect.stringContaining('could not be reached or gave no proper answer'),
    ])
    expect(upstream.streams).toHaveLength(1)
  },
)

test('GW-52 an answer to another key than ours is no answer: the client of HTTP/2 gets 502', async () => {
  const wrong = await startHttp1Service(
    () =>
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  const { http2Port } = await start(wrong.address)
  const peer = await openOffer(http2Port)
  await until(() => peer.isClosed)
  expect(peer.status).toBe(502)
  await until(() => wrong.streams[0]?.destroyed === true)
})

test('GW-52 a key that cannot be answered is refused before HTTP/2 is asked', async () => {
  const upstream = await startHttp2Service()
  const { port } = await start(upstream.address, { cluster: overHttp2 })
  const peer = openRaw(port, http1Offer.replace('dGhlIHNhbXBsZSBub25jZQ==', 'short'))
  await until(() => peer.hasEnded)
  expect(peer.heard).toMatch(/^HTTP\/1\.1 400 /)
  expect(upstream.seen).toEqual([])
})

test.each(ways)(
  'GW-52 nothing is offered from %s to %s before the gateway has agreed',
  async (_client, _service, open, begin, cluster) => {
    const upstream = await begin()
    const refusal = { status: 403, code: 'no', title: 'No', detail: 'Not you.' }
    const ports = await start(upstream.address, { cluster, hooks: { authorize: async () => refusal } })
    const peer = await open(ports)
    await until(() => peer.isClosed || peer.hasEnded)
    expect(peer.heard).toContain('Not you.')
    expect([peer.status, peer.heard.slice(0, 13)]).toEqual(
      peer.status ? [403, expect.anything()] : [0, 'HTTP/1.1 403 '],
    )
    expect([upstream.seen, await upstream.connections()]).toEqual([[], 0])
  },
)

test.each(clients)(
  'GW-52 the answer of a service that refuses is the answer to %s',
  async (_client, open) => {
    const http1 = await startHttp1Service(
      () => 'HTTP/1.1 409 Conflict\r\nContent-Length: 4\r\nX-A: 1\r\n\r\nfull',
    )
    const http2 = await startHttp2Service({
      answer: { ':status': 409, 'x-a': '1' },
      serve: (stream) => stream.end('full'),
    })
    for (const [address, cluster] of [[http1.address, {}] as const, [http2.address, overHttp2] as const]) {
      const peer = await open(await start(address, { cluster }))
      await until(() => peer.hasEnded)
      expect(peer.status === 409 || peer.heard.startsWith('HTTP/1.1 409 ')).toBe(true)
      expect(bodyOf(peer)).toMatch(/full/)
    }
  },
)

test('GW-52 a plain success of a service is none to a client of HTTP/2, to which it would mean that the WebSocket is open', async () => {
  const upstream = await startHttp1Service(() => 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  const { http2Port, port } = await start(upstream.address)
  const peer = await openOffer(http2Port)
  await until(() => peer.isClosed)
  expect(peer.status).toBe(502)
  const plain = openRaw(port, http1Offer)
  await until(() => plain.hasEnded)
  expect(plain.heard).toMatch(/^HTTP\/1\.1 200 .*ok$/s)
})

test.each([
  ['a protocol that the route does not take', { ':protocol': 'mine' }, 501],
  ['a version that is not spoken', { 'sec-websocket-version': '8' }, 400],
  ['an address that there is not', { ':path': '/none' }, 404],
])('GW-52 over HTTP/2 an offer of %s is refused', async (_what, headers, status) => {
  const upstream = await startHttp1Service()
  const peer = await openOffer((await start(upstream.address)).http2Port, headers)
  await until(() => peer.isClosed)
  expect([peer.status, upstream.seen]).toEqual([status, []])
})

test('GW-52 a key of the client’s own says nothing over HTTP/2, and headers that belong to a hop are refused there', async () => {
  const upstream = await startHttp1Service()
  const { http2Port } = await start(upstream.address)
  const peer = await openOffer(http2Port, { 'sec-websocket-key': 'forged' })
  await until(() => peer.status > 0)
  expect([peer.status, upstream.seen[0]]).toEqual([
    200,
    expect.not.objectContaining({ 'sec-websocket-key': 'forged' }),
  ])
  const session = await openSession(http2Port)
  expect(() => session.request({ ':path': '/api/a', upgrade: 'websocket' })).toThrow(/forbidden/)
})

/** Sends each message back, as a frame of a server's. */
const echoFrames = (stream: Duplex) => {
  let bytes: Buffer = Buffer.alloc(0)
  stream.on('data', (chunk: Buffer) => {
    const { frames, rest } = readFrames(Buffer.concat([bytes, chunk]))
    bytes = rest
    for (const { opcode, payload } of frames) {
      stream.write(serverFrame(opcode, payload))
      if (opcode === 8) stream.end()
    }
  })
}

test.each([
  ['HTTP/1.1', () => startHttp1Service(undefined, echoFrames), {}],
  ['HTTP/2', () => startHttp2Service({ serve: echoFrames }), overHttp2],
])(
  'GW-52 a client that is not ours talks through it to a service of %s',
  async (_service, begin, cluster) => {
    const upstream = await begin()
    const { port } = await start(upstream.address, { cluster })
    const client = new WebSocket(`ws://127.0.0.1:${port}/api/chat`, ['chat'])
    await once(client, 'open')
    for (const message of ['short', 'a'.repeat(300), 'b'.repeat(100_000)]) {
      client.send(message)
      const [{ data }] = await once(client, 'message')
      expect(data).toBe(message)
    }
    client.close(1000, 'done')
    const [{ code, reason, wasClean }] = await once(client, 'close')
    expect([code, reason, wasClean]).toEqual([1000, 'done', true])
  },
)

test('GW-25 a WebSocket that is quiet for longer than the cluster allows is closed, and both sides hear it', async () => {
  const upstream = await startHttp1Service()
  const ended: Exchange[] = []
  const { port } = await start(upstream.address, {
    cluster: { HttpRequest: { ActivityTimeout: '00:00:00.3' } },
    hooks: { end: (one: Exchange) => ended.push(one) },
  })
  const peer = openRaw(port, http1Offer)
  await until(() => peer.isClosed || peer.hasEnded)
  expect(hasSwitched(peer)).toBe(true)
  await until(() => upstream.streams[0]?.destroyed === true && ended.length === 1)
  expect(ended[0]?.error).toBe('UpgradeActivityTimeout')
})

test('GW-24 a service that does not answer an offer in the time of the route is given up, and an open WebSocket has no such end', async () => {
  const silent = await startHttp1Service(() => '')
  const late = openRaw((await start(silent.address, { route: { Timeout: '00:00:00.2' } })).port, http1Offer)
  await until(() => late.hasEnded)
  expect(late.heard).toMatch(/^HTTP\/1\.1 504 /)
  await until(() => silent.streams[0]?.destroyed === true)
  const upstream = await startHttp1Service()
  const peer = openRaw((await start(upstream.address, { route: { Timeout: '00:00:05' } })).port, http1Offer)
  await until(() => hasSwitched(peer))
  await new Promise((resolve) => setTimeout(resolve, 5100))
  peer.stream.write('still')
  await until(() => bodyOf(peer) === 'echo still')
})

test.each(clients)(
  'GW-59 a client of %s that leaves before the service has answered takes the offer with it',
  async (_client, open) => {
    const silent = await startHttp1Service(() => '')
    const ended: Exchange[] = []
    const ports = await start(silent.address, { hooks: { end: (one: Exchange) => ended.push(one) } })
    const peer = await open(ports)
    await until(() => silent.streams.length === 1)
    peer.stream.destroy()
    await until(() => silent.streams[0]?.destroyed === true && ended.length === 1)
    expect(ended[0]?.error).toBe('RequestCanceled')
  },
)

/** An HTTP proxy, which connects to whatever it is asked for. */
async function startWebProxy() {
  const asked: (string | undefined)[] = []
  const server = createProxyServer()
  server.on('connect', ({ url = '' }, socket: Socket) => {
    asked.push(url)
    const target = connect(Number(url.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      target.pipe(socket)
      socket.pipe(target)
    })
    for (const one of [socket, target]) one.on('error', () => one.destroy())
    closing.push(() => target.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  return { asked, Address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

test.each(services)(
  'GW-52 a WebSocket to a service of %s goes through the HTTP proxy of its cluster',
  async (_service, begin, cluster) => {
    const [upstream, { asked, Address }] = await Promise.all([begin(), startWebProxy()])
    const HttpClient = {
      ...('HttpClient' in cluster && (cluster.HttpClient as object)),
      WebProxy: { Address },
    }
    const peer = await overOne(await start(upstream.address, { cluster: { ...cluster, HttpClient } }))
    await until(() => hasSwitched(peer))
    peer.stream.write('one')
    await until(() => bodyOf(peer) === 'echo one')
    expect(asked).toEqual([new URL(upstream.address).host])
    peer.stream.destroy()
  },
)

test('GW-52 frames of a client pass as they are', async () => {
  let received = Buffer.alloc(0)
  const upstream = await startHttp1Service(undefined, (stream) => {
    stream.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
    })
  })
  const { port } = await start(upstream.address)
  const frame = clientFrame(1, Buffer.from('hello'))
  const peer = openRaw(port, http1Offer)
  peer.stream.write(frame)
  await until(() => received.length === frame.length)
  expect(received).toEqual(frame)
})
