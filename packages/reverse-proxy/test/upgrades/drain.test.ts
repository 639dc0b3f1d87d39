import type { Duplex } from 'node:stream'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { goingAway, WebSocketFrames } from '#src/upgrades/web-socket-frames.ts'
import { closeAll } from '../fixtures.ts'
import { clientFrame, readFrames, serverFrame } from './frames.ts'
import {
  handshake,
  openOffer,
  openRaw,
  overHttp2,
  type Peer,
  start,
  startHttp1Service,
  startHttp2Service,
} from './peers.ts'

afterEach(closeAll)

const messages = [
  serverFrame(1, Buffer.from('short')),
  serverFrame(9, Buffer.alloc(0)),
  serverFrame(2, Buffer.alloc(125, 1)),
  serverFrame(2, Buffer.alloc(126, 2)),
  serverFrame(2, Buffer.alloc(65_535, 3)),
  serverFrame(2, Buffer.alloc(65_536, 4)),
]

test('GW-66 the ends of frames are found however the bytes come', () => {
  const bytes = Buffer.concat(messages)
  const ends = messages.map((_, index) => Buffer.concat(messages.slice(0, index + 1)).length)
  for (const size of [1, 2, 3, 7, 126, 4096, bytes.length]) {
    const frames = new WebSocketFrames()
    const found: number[] = []
    for (let start = 0; start < bytes.length; start += size) {
      const piece = bytes.subarray(start, start + size)
      for (let at = 0; at < piece.length; ) {
        at = frames.next(piece, at)
        if (frames.isBetween) found.push(start + at)
      }
    }
    expect(found).toEqual(ends)
  }
})

test.each([
  ['masked, as a client’s are', clientFrame(1, Buffer.from('a'))],
  ['longer than any can be', Buffer.from([0x82, 127, 255, 255, 255, 255, 255, 255, 255, 255])],
])('GW-66 frames that are %s are no server’s, and nothing is known of what follows', (_what, bytes) => {
  const frames = new WebSocketFrames()
  frames.take(bytes)
  expect([frames.isLost, frames.isBetween]).toEqual([true, false])
})

const open = `GET /api/a HTTP/1.1\r\nHost: h\r\n${handshake}\r\n`
type Heard = Map<Duplex, Buffer>
/** Keeps what it hears, and says nothing by itself. */
const quiet = (heard: Heard) => (stream: Duplex) =>
  void stream.on('data', (chunk) =>
    heard.set(stream, Buffer.concat([heard.get(stream) ?? Buffer.alloc(0), chunk])),
  )
const framesOf = (peer: Peer) =>
  readFrames(
    Buffer.from(
      peer.status > 0 ? peer.heard : peer.heard.split('\r\n\r\n').slice(1).join('\r\n\r\n'),
      'latin1',
    ),
  )

test.each([
  ['HTTP/1.1', (heard: Heard) => startHttp1Service(undefined, quiet(heard)), {}],
  ['HTTP/2', (heard: Heard) => startHttp2Service({ serve: quiet(heard) }), overHttp2],
])(
  'GW-66 a drain tells WebSockets that the gateway goes away, and lets them answer a service of %s',
  async (_service, begin, cluster) => {
    const heard: Heard = new Map()
    const upstream = await begin(heard)
    const { port, http2Port, proxy } = await start(upstream.address, { cluster })
    const [one, two] = [openRaw(port, open), await openOffer(http2Port, { ':path': '/api/a' })]
    await until(
      () => one.heard.startsWith('HTTP/1.1 101') && two.status === 200 && upstream.streams.length === 2,
    )
    const closed = proxy.close(5000)
    const converse = async (peer: Peer) => {
      await until(() => framesOf(peer).frames.length === 1)
      expect(framesOf(peer).frames).toEqual([{ opcode: 8, payload: Buffer.from([0x03, 0xe9]) }])
      const answer = clientFrame(8, Buffer.from([0x03, 0xe9]))
      peer.stream.write(answer)
      const serving = () => upstream.streams.find((stream) => heard.get(stream)?.includes(answer))
      await until(() => serving() !== undefined)
      // What a service still says is nobody's any more (RFC 6455 §5.5.1).
      serving()?.end(serverFrame(1, Buffer.from('late')))
      peer.stream.end()
    }
    await Promise.all([one, two].map(converse))
    await closed
    for (const peer of [one, two]) expect(framesOf(peer).frames).toHaveLength(1)
    await until(() => one.hasEnded && two.hasEnded)
  },
)

test('GW-66 what is in the middle of a frame is told behind it', async () => {
  const upstream = await startHttp1Service(undefined, () => {})
  const { port, proxy } = await start(upstream.address)
  const peer = openRaw(port, open)
  await until(() => peer.heard.startsWith('HTTP/1.1 101') && upstream.streams.length === 1)
  const message = serverFrame(2, Buffer.alloc(1000, 7))
  upstream.streams[0]?.write(message.subarray(0, 500))
  await until(() => framesOf(peer).rest.length === 500)
  const closed = proxy.close(5000)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(framesOf(peer)).toMatchObject({ frames: [], rest: { length: 500 } })
  upstream.streams[0]?.write(Buffer.concat([message.subarray(500), serverFrame(1, Buffer.from('late'))]))
  await until(() => framesOf(peer).frames.length > 1)
  expect(Buffer.from(peer.heard.split('\r\n\r\n').slice(1).join('\r\n\r\n'), 'latin1')).toEqual(
    Buffer.concat([message, goingAway]),
  )
  peer.stream.end()
  await closed
})

test('GW-66 a client that does not answer, and a protocol that nobody can follow, are cut within the time', async () => {
  const upstream = await startHttp1Service(undefined, (stream) =>
    stream.resume().on('end', () => stream.end()),
  )
  const { port, proxy } = await start(upstream.address, { route: { Upgrades: ['websocket', 'mine'] } })
  const other = openRaw(port, open.replace('websocket', 'mine'))
  const mute = openRaw(port, open)
  await until(() => [other, mute].every(({ heard }) => heard.includes('\r\n\r\n')))
  await proxy.close(500)
  await until(() => other.hasEnded && mute.hasEnded)
  expect(framesOf(other).frames).toEqual([])
  expect(framesOf(mute).frames).toHaveLength(1)
  await until(() => upstream.streams.every(({ destroyed }) => destroyed))
})

test('GW-66 an offer that is under way when a drain begins is answered, and told at once', async () => {
  let release = () => {}
  const upstream = await startHttp1Service(
    () => '',
    (stream) => {
      release = () =>
        void stream.write(
          'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
        )
    },
  )
  const { port, proxy } = await start(upstream.address)
  const peer = openRaw(port, open)
  await until(() => upstream.streams.length === 1)
  const closed = proxy.close(5000)
  release()
  await until(() => framesOf(peer).frames.length === 1)
  expect(peer.heard).toMatch(/^HTTP\/1\.1 101 /)
  peer.stream.end()
  await closed
})

test('GW-10 a reload leaves open WebSockets alone', async () => {
  const upstream = await startHttp2Service()
  const { port, proxy } = await start(upstream.address, { cluster: overHttp2 })
  const peer = openRaw(port, open)
  await until(() => peer.heard.startsWith('HTTP/1.1 101'))
  proxy.reload({ ...proxy.snapshot().configuration, routes: [], clusters: new Map() })
  peer.stream.write('one')
  await until(() => peer.heard.endsWith('echo one'))
})
