import { once } from 'node:events'
import { connect, createServer } from 'node:http2'
import { type AddressInfo, connect as connectSocket } from 'node:net'
import type { Readable } from 'node:stream'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { closeAll, closing, type Handler, startProxy, startUpstream } from './fixtures.ts'

afterEach(closeAll)

const events = ['data: one\n\n', 'data: two\n\n', 'data: three\n\n']

/** Says each event only when told, so that one that waits for the next never comes. */
function inTurns() {
  const turns: (() => void)[] = []
  const handler: Handler = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    let said = 0
    response.write(events[said++])
    turns.push(() => void (said < events.length ? response.write(events[said++]) : response.end()))
  }
  return { handler, next: () => turns[0]?.() }
}

type Service = (handler: Handler) => Promise<string>

const overHttp1: Service = async (handler) => (await startUpstream(handler)).address

const overHttp2: Service = async (handler) => {
  const server = createServer(handler as never).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const exactlyHttp2 = { HttpRequest: { Version: '2', VersionPolicy: 'RequestVersionExact' } }

test.each([
  ['HTTP/1.1', overHttp1, {}],
  ['HTTP/2', overHttp2, exactlyHttp2],
])(
  'GW-54 each event of a service of %s reaches clients of HTTP/1.1 and HTTP/2 before the next is sent',
  async (_kind, service, cluster) => {
    for (const version of [1, 2]) {
      const { handler, next } = inTurns()
      const Listeners = { two: { Url: 'http://127.0.0.1:0', Protocols: 'Http2' } }
      const { ports } = await startProxy(await service(handler), {}, {}, cluster, { Listeners })
      let heard = ''
      let answer: Readable
      if (version === 1) {
        const socket = connectSocket(ports[0], '127.0.0.1')
        socket.write('GET /api/a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
        answer = socket
      } else {
        const session = connect(`http://127.0.0.1:${ports[1]}`)
        closing.push(() => session.destroy())
        answer = session.request({ ':path': '/api/a' })
      }
      const ended = once(answer, 'end')
      answer.on('data', (chunk) => {
        heard += chunk
      })
      for (const event of events) {
        await until(() => heard.includes(event))
        next()
      }
      await ended
    }
  },
)

test('GW-47 a body without a length that grows too large is refused, and the service hears that it broke off', async () => {
  let [received, wasWhole, wasCut] = [0, false, false]
  const { address } = await startUpstream((request) => {
    request.on('data', (chunk) => {
      received += chunk.length
    })
    request.on('end', () => {
      wasWhole = true
    })
    request.on('close', () => {
      wasCut = !request.complete
    })
  })
  const { port } = await startProxy(address, { MaxRequestBodySize: 1000 })
  const socket = connectSocket(port, '127.0.0.1')
  let heard = ''
  socket.on('data', (chunk) => {
    heard += chunk
  })
  socket.on('error', () => {})
  socket.write('POST /api/a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n')
  socket.write(`320\r\n${'x'.repeat(800)}\r\n`)
  await until(() => received === 800)
  socket.write(`320\r\n${'x'.repeat(800)}\r\n`)
  await until(() => heard.startsWith('HTTP/1.1 413 ') && wasCut)
  expect([received, wasWhole]).toEqual([800, false])
})

test.each([
  ['that of its address', {}, [], undefined],
  ['its own', { Host: 'orders.internal' }, [], 'orders.internal'],
  ['the client’s', { Host: 'orders.internal' }, [{ RequestHeaderOriginalHost: 'true' }], 'shop.example'],
])('GW-15 the Host that a destination gets is %s', async (_whose, destination, Transforms, expected) => {
  const { address, seen } = await startUpstream((_request, response) => void response.end())
  const cluster = { Destinations: { d: { Address: address, ...destination } } }
  const { port } = await startProxy(address, { Transforms }, {}, cluster)
  const socket = connectSocket(port, '127.0.0.1')
  socket.write('GET /api/a HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n')
  await once(socket.resume(), 'close')
  expect(seen[0]?.headers.host).toBe(expected ?? new URL(address).host)
})
