import { once } from 'node:events'
import { constants, createServer, type ServerHttp2Stream } from 'node:http2'
import { type AddressInfo, createServer as createRawServer } from 'node:net'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import type { Exchange } from '#src/index.ts'
import { frame, frameTypes } from '../edge/http2-frames.ts'
import { closeAll, closing, raw, startProxy } from '../fixtures.ts'

afterEach(closeAll)

/** A proxy before a service that speaks HTTP/2 alone, and answers so. */
async function start(answer: (stream: ServerHttp2Stream) => void) {
  const server = createServer()
  server.on('stream', (stream) => {
    stream.on('error', () => {})
    stream.resume()
    answer(stream)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const ended: Exchange[] = []
  const HttpRequest = { Version: '2', VersionPolicy: 'RequestVersionExact' }
  const hooks = { end: (exchange: Exchange) => void ended.push(exchange) }
  return { ended, ...(await startProxy(address, {}, hooks, { HttpRequest })) }
}

const requests = {
  GET: 'GET /api/a HTTP/1.1\r\nHost: h\r\n\r\n',
  'POST that is still sent':
    'POST /api/a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n',
}

const half = (stream: ServerHttp2Stream) => {
  stream.respond({ ':status': 200 })
  stream.write('half')
}
/** `close` would say first that the answer is whole. */
const ways: Record<string, (stream: ServerHttp2Stream) => void> = {
  'is reset': (stream) => void stream.destroy(new Error('broken off')),
  'ends with its connection': (stream) => stream.session?.socket.destroy(),
}

test.each(
  Object.entries(requests).flatMap(([kind, bytes]) =>
    Object.entries(ways).map(([way, breakOff]) => [kind, way, bytes, breakOff] as const),
  ),
)(
  'GW-58 an answer to a %s over HTTP/2 that %s never ends as if it were whole',
  async (_kind, _way, bytes, breakOff) => {
    const { port, ended } = await start((stream) => {
      half(stream)
      setTimeout(() => breakOff(stream), 50)
    })
    const answer = await raw(port, bytes)
    expect(answer).toMatch(/^HTTP\/1.1 200 /)
    expect(answer, 'it came as far as it went').toContain('half')
    expect(answer, 'no last chunk').not.toContain('\r\n0\r\n')
    await until(() => ended.length === 1)
    expect(ended[0]?.error).toBe('ResponseBodyDestination')
  },
)

test('GW-58 an answer over HTTP/2 that comes before its request is whole, and ends, is whole', async () => {
  const { port, ended } = await start((stream) => {
    stream.respond({ ':status': 200 })
    stream.end('early')
  })
  expect(await raw(port, requests['POST that is still sent'])).toMatch(/^HTTP\/1.1 200 [\s\S]*early/)
  expect(ended[0]?.error).toBe('None')
})

/** A service made of bytes: it answers the first request whole, and with the same write says that it wants no more of it (RFC 9113 §8.1). */
async function startResettingService(pieces: number): Promise<string> {
  const status = Buffer.from([0x88])
  const data = Array.from({ length: pieces }, (_, index) =>
    frame(frameTypes.data, index === pieces - 1 ? 1 : 0, 1, Buffer.alloc(10_000, index + 48)),
  )
  const server = createRawServer((socket) => {
    socket.on('error', () => {})
    let hasAnswered = false
    socket.write(frame(frameTypes.settings, 0, 0, Buffer.alloc(0)))
    socket.on('data', (bytes) => {
      // Its preface and its settings come before the request.
      if (hasAnswered || !bytes.includes('/a')) return
      hasAnswered = true
      const head = frame(frameTypes.headers, 0x4, 1, status)
      socket.write(Buffer.concat([head, ...data, frame(frameTypes.reset, 0, 1, Buffer.alloc(4))]))
    })
    closing.push(() => socket.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

test.each(Object.entries(requests))(
  'GW-58 GW-60 RST_STREAM with NO_ERROR right behind a whole answer to a %s breaks nothing',
  async (_kind, bytes) => {
    const ended: Exchange[] = []
    const HttpRequest = { Version: '2', VersionPolicy: 'RequestVersionExact' }
    const hooks = { end: (exchange: Exchange) => void ended.push(exchange) }
    for (const pieces of [1, 6]) {
      const { port } = await startProxy(await startResettingService(pieces), {}, hooks, { HttpRequest })
      const answer = await raw(port, bytes)
      expect(answer).toMatch(/^HTTP\/1.1 200 [\s\S]*\r\n0\r\n\r\n$/)
      expect(answer.match(/[0-5]{1000}/g)?.length).toBe(pieces * 10)
    }
    expect(ended.map(({ error }) => error)).toEqual(['None', 'None'])
  },
)

test('GW-58 a service that resets the request before it answers is a 502', async () => {
  const { port, ended } = await start((stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR))
  expect(await raw(port, requests.GET)).toMatch(/^HTTP\/1.1 502 /)
  expect(ended[0]?.status).toBe(502)
})
