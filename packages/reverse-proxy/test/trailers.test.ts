import { afterEach, expect, test } from 'vitest'
import { closeAll, raw, startProxy, startUpstream } from './fixtures.ts'

afterEach(closeAll)

async function startWithTrailers(Transforms: object[] = []) {
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(200, { trailer: 'x-sum, authorization' })
    response.write('body')
    response.addTrailers({ 'x-sum': '4', authorization: 'forged' })
    response.end()
  })
  return (await startProxy(upstream.address, { Transforms })).port
}

const request = (headers: string) => `GET /api/a HTTP/1.1\r\nHost: h\r\n${headers}\r\n\r\n`

test('GW-56 trailers pass to a client that takes them, except those that would mean something else', async () => {
  const port = await startWithTrailers([{ ResponseTrailer: 'X-Ours', Set: '1', When: 'Always' }])
  const answer = await raw(port, request('TE: trailers\r\nConnection: te, close'))
  expect(answer).toMatch(/4\r\nbody\r\n0\r\nx-sum: 4\r\nx-ours: 1\r\n\r\n$/i)
  expect(answer).not.toContain('forged')
})

test('GW-56 a client that takes none gets none', async () => {
  const answer = await raw(await startWithTrailers(), request('Connection: close'))
  expect(answer).toMatch(/body\r\n0\r\n\r\n$/)
})

test('GW-56 trailers of a client are dropped, and never become headers', async () => {
  const upstream = await startUpstream((incoming, response) => {
    incoming.resume().on('end', () => response.end(JSON.stringify(incoming.rawTrailers)))
  })
  const { port } = await startProxy(upstream.address)
  const answer = await raw(
    port,
    'POST /api/a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: X-User-Id\r\nConnection: close\r\n\r\n1\r\na\r\n0\r\nX-User-Id: forged\r\nX-A: 1\r\n\r\n',
  )
  expect(answer).toContain('[]')
  expect(JSON.stringify(upstream.seen[0]?.headers)).not.toContain('forged')
})
