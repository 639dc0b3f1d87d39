import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import type { Duplex } from 'node:stream'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import type { Exchange, OpenStream } from '#src/index.ts'
import { notAllowed } from '#src/upgrades/web-socket-frames.ts'
import { closeAll, closing, type Handler, startUpstream } from '../fixtures.ts'
import { clientFrame, serverFrame } from './frames.ts'
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

const open = `GET /api/a HTTP/1.1\r\nHost: h\r\n${handshake}\r\n`

/** A proxy whose streams are kept, with how many have ended, and the exchanges that have. */
async function startFollowed(address: string, parts: { cluster?: object; route?: object } = {}) {
  const [streams, ended]: [OpenStream[], Exchange[]] = [[], []]
  const closed = { count: 0 }
  const hooks = {
    opened(_exchange: Exchange, stream: OpenStream) {
      streams.push(stream)
      return () => void closed.count++
    },
    end: (exchange: Exchange) => void ended.push(exchange),
  }
  return { ...(await start(address, { hooks, ...parts })), streams, closed, ended }
}

const bytesOf = (peer: Peer) =>
  Buffer.from(peer.status > 0 ? peer.heard : peer.heard.split('\r\n\r\n').slice(1).join('\r\n\r\n'), 'latin1')

test.each([
  ['HTTP/1.1', startHttp1Service, {}],
  ['HTTP/2', (_head: undefined, serve: (stream: Duplex) => void) => startHttp2Service({ serve }), overHttp2],
])(
  'GW-52 a WebSocket that is barred is told so, and nothing of its client’s reaches a service of %s any more',
  async (_version, begin, cluster) => {
    let heard = ''
    const service = await begin(undefined, (stream: Duplex) => {
      stream.on('data', (chunk) => {
        heard += chunk.toString('latin1')
      })
    })
    const { port, http2Port, streams, closed, ended } = await startFollowed(service.address, { cluster })
    const peers = [openRaw(port, open), await openOffer(http2Port, { ':path': '/api/a' })]
    await until(() => streams.length === 2 && service.streams.length === 2)
    for (const peer of peers) peer.stream.write(clientFrame(1, Buffer.from('before')))
    await until(() => heard.length === 24)
    for (const stream of streams) stream.bar()
    for (const peer of peers) {
      peer.stream.write(clientFrame(1, Buffer.from('behind')))
      await until(() => bytesOf(peer).equals(notAllowed) && peer.hasEnded)
      peer.stream.end(clientFrame(8, Buffer.from([0x03, 0xf0])))
    }
    await until(() => closed.count === 2 && service.streams.every(({ destroyed }) => destroyed))
    expect(heard).toHaveLength(24)
    expect(ended.map(({ error }) => error)).toEqual(['AuthorizationEnded', 'AuthorizationEnded'])
  },
)

test('GW-52 a frame that is under way is ended before, and a client that goes on talking is cut', async () => {
  let heard = 0
  const service = await startHttp1Service(undefined, (stream) =>
    stream.on('data', (chunk) => {
      heard += chunk.length
    }),
  )
  const { port, http2Port, streams, closed } = await startFollowed(service.address)
  const peers = [openRaw(port, open), await openOffer(http2Port, { ':path': '/api/a' })]
  await until(() => streams.length === 2 && service.streams.length === 2)
  const message = serverFrame(2, Buffer.alloc(1000, 7))
  for (const stream of service.streams) stream.write(message.subarray(0, 500))
  await until(() => peers.every((peer) => bytesOf(peer).length === 500))
  for (const stream of streams) stream.bar()
  const talking = setInterval(() => {
    for (const { stream } of peers)
      if (!stream.destroyed) stream.write(clientFrame(1, Buffer.from('on and on')))
  }, 20)
  for (const stream of service.streams)
    stream.write(Buffer.concat([message.subarray(500), serverFrame(1, Buffer.from('late'))]))
  for (const peer of peers) await until(() => bytesOf(peer).equals(Buffer.concat([message, notAllowed])))
  await until(() => service.streams.every(({ destroyed }) => destroyed))
  await until(() => closed.count === 2)
  clearInterval(talking)
  expect(heard).toBe(0)
})

test('GW-52 a service that never ends its frame, and another protocol, are cut', async () => {
  const service = await startHttp1Service(undefined, () => {})
  const { port, streams, closed } = await startFollowed(service.address, {
    route: { Upgrades: ['websocket', 'mine'] },
  })
  const peers = [openRaw(port, open), openRaw(port, open.replace('websocket', 'mine'))]
  await until(() => streams.length === 2 && service.streams.length === 2)
  for (const stream of service.streams) stream.write(serverFrame(2, Buffer.alloc(1000, 7)).subarray(0, 500))
  await until(() => peers.every((peer) => bytesOf(peer).length === 500))
  for (const stream of streams) stream.bar()
  await until(() => peers.every(({ hasEnded }) => hasEnded))
  for (const { stream } of peers) stream.end()
  await until(() => closed.count === 2)
  expect(peers.map((peer) => bytesOf(peer).length)).toEqual([500, 500])
})

test('GW-52 event streams and gRPC that are barred are broken off, over HTTP/1.1 and HTTP/2', async () => {
  const aborted: (string | undefined)[] = []
  const service: Handler = (request, response) => {
    const type = request.url === '/events' ? 'text/event-stream; charset=utf-8' : 'application/grpc+proto'
    // A value that is the name of a header is not taken for one.
    response.writeHead(200, {
      vary: 'content-type',
      'access-control-expose-headers': 'content-length',
      'content-type': request.url === '/plain' ? 'text/plain' : type,
    })
    response.write('data: one\n\n')
    response.on('close', () => aborted.push(request.url))
  }
  const { address } = await startUpstream(service)
  const { port, http2Port, streams, closed, ended } = await startFollowed(address)
  const paths = ['events', 'grpc', 'plain']
  const peers = paths.map((path) => openRaw(port, `GET /api/${path} HTTP/1.1\r\nHost: h\r\n\r\n`))
  const session = connectHttp2(`http://127.0.0.1:${http2Port}`)
  session.on('error', () => {})
  closing.push(() => session.destroy())
  const calls = paths.map((path) => session.request({ ':path': `/api/${path}` }))
  const cut = calls.slice(0, 2).map((call) => new Promise((resolve) => call.once('close', resolve)))
  for (const call of calls) call.on('error', () => {}).resume()
  await Promise.all(calls.map((call) => once(call, 'response')))
  await until(() => peers.every(({ heard }) => heard.includes('one')))
  // What has no length is not taken for a stream for that alone.
  expect(streams).toHaveLength(4)
  for (const stream of streams) stream.bar()
  await Promise.all(cut)
  await until(() => peers[0]?.hasEnded && peers[1]?.hasEnded && aborted.length === 4 && closed.count === 4)
  expect(calls.slice(0, 2).map(({ rstCode }) => rstCode)).not.toContain(0)
  for (const peer of peers) expect(peer.heard).not.toContain('\r\n0\r\n')
  expect([...aborted].sort()).toEqual(['/events', '/events', '/grpc', '/grpc'])
  expect(ended.map(({ error }) => error)).toEqual(new Array(4).fill('AuthorizationEnded'))
  expect([peers[2]?.hasEnded, calls[2]?.closed]).toEqual([false, false])
})
