import { connect } from 'node:http2'
import { afterEach, expect, test } from 'vitest'
import { readProxyConfiguration } from '#src/index.ts'
import { closeAll, closing, startProxy } from '../fixtures.ts'
import { converse, startRecorder } from './sockets.ts'

afterEach(closeAll)

const head = (method: string, headers = '') => `${method} /api/a HTTP/1.1\r\nHost: h\r\n${headers}\r\n`
const bodies = [
  ['of a length', 'Content-Length: 4\r\n', 'body'],
  ['of chunks', 'Transfer-Encoding: chunked\r\n', '4\r\nbody\r\n0\r\n\r\n'],
  ['of no chunks at all', 'Transfer-Encoding: chunked\r\n', '0\r\n\r\n'],
] as const
const methods = ['GET', 'HEAD', 'OPTIONS', 'DELETE']

test.each(methods.flatMap((method) => bodies.map((body) => [method, ...body] as const)))(
  'GW-63 a route that rejects them refuses %s with a body %s, and nothing behind it is served',
  async (method, _what, framing, body) => {
    const upstream = await startRecorder()
    const { port } = await startProxy(upstream.address, { BodyWithoutMeaning: 'Reject' })
    const { statuses, isClosed } = await converse(port, head(method, framing) + body + head('GET'))
    expect({ statuses, isClosed }).toEqual({ statuses: [400], isClosed: true })
    expect(upstream.isUntouched()).toBe(true)
  },
)

test('GW-63 such a route takes these methods without a body, and others with one', async () => {
  const upstream = await startRecorder()
  const { port } = await startProxy(upstream.address, { BodyWithoutMeaning: 'reject' })
  for (const method of methods) {
    expect((await converse(port, head(method), 100)).statuses).toEqual([200])
    expect((await converse(port, head(method, 'Content-Length: 0\r\n'), 100)).statuses).toEqual([200])
  }
  for (const method of ['POST', 'PUT', 'PATCH'])
    for (const [, framing, body] of bodies)
      expect((await converse(port, head(method, framing) + body, 100)).statuses).toEqual([200])
  expect(upstream.faults).toEqual([])
})

test('GW-63 over HTTP/2 such a body is refused too, and no length has to tell of it', async () => {
  const upstream = await startRecorder()
  const Listeners = { one: { Url: 'http://127.0.0.1:0', Protocols: 'Http2' } }
  const { ports } = await startProxy(
    upstream.address,
    { BodyWithoutMeaning: 'Reject' },
    {},
    {},
    { Listeners },
  )
  const session = connect(`http://127.0.0.1:${ports[1]}`)
  closing.push(() => session.destroy())
  const ask = (method: string, body?: string) =>
    new Promise((resolve) => {
      const stream = session.request(
        { ':path': '/api/a', ':method': method },
        { endStream: body === undefined },
      )
      stream.on('response', (headers) => resolve(headers[':status']))
      stream.on('error', () => {})
      if (body !== undefined) stream.end(body)
    })
  for (const method of methods) expect([method, await ask(method, 'body')]).toEqual([method, 400])
  expect(upstream.isUntouched()).toBe(true)
  for (const method of methods) expect([method, await ask(method)]).toEqual([method, 200])
  expect(await ask('POST', 'body')).toBe(200)
})

test('GW-02 a misspelt word about such bodies is a fault', () => {
  const Routes = { r: { ClusterId: 'c', BodyWithoutMeaning: 'Refuse', Match: { Path: '/' } } }
  const read = () => readProxyConfiguration({ Routes, Clusters: { c: {} } }, { authorizationPolicies: [] })
  expect(read).toThrow('Routes.r.BodyWithoutMeaning has a value that it cannot have')
})
