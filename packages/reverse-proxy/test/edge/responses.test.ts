import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { closeAll, startProxy } from '../fixtures.ts'
import { converse, startRawService } from './sockets.ts'

afterEach(closeAll)

const ok = 'HTTP/1.1 200 OK\r\n'
const tail = 'Content-Length: 2\r\n\r\nok'

/** A proxy before a service that answers every request with the same bytes. */
async function startBefore(answer: string, thenCloses = false) {
  const service = await startRawService((socket, received) => {
    if (!received.endsWith('\r\n\r\n')) return
    socket.write(answer, 'latin1')
    if (thenCloses) socket.end()
  })
  const errors: string[] = []
  const { port } = await startProxy(service.address, {}, { end: ({ error }) => void errors.push(error) })
  const ask = (method = 'GET') =>
    converse(port, `${method} /api/a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`)
  return { ...service, errors, ask }
}

test.each([
  [
    'Content-Length with Transfer-Encoding',
    `${ok}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
  ],
  [
    'Transfer-Encoding with Content-Length',
    `${ok}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
  ],
  ['two Content-Lengths', `${ok}Content-Length: 2\r\nContent-Length: 3\r\n\r\nok!`],
  ['a list of Content-Lengths', `${ok}Content-Length: 2, 3\r\n\r\nok!`],
  ['a signed Content-Length', `${ok}Content-Length: +2\r\n\r\nok`],
  ['a negative Content-Length', `${ok}Content-Length: -2\r\n\r\nok`],
  ['an empty Content-Length', `${ok}Content-Length:\r\n\r\nok`],
  ['a Content-Length beyond 2^53', `${ok}Content-Length: 99999999999999999999\r\n\r\nok`],
  ['a coding that is not chunked', `${ok}Transfer-Encoding: gzip\r\n\r\nok`],
  ['a coding under chunked', `${ok}Transfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`],
  [
    'chunked on two lines',
    `${ok}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
  ],
  ['a coding over chunked', `${ok}Transfer-Encoding: chunked, identity\r\n\r\n2\r\nok\r\n0\r\n\r\n`],
  ['a bare CR in a value', `${ok}X-A: a\rSet-Cookie: b=c\r\n${tail}`],
  ['a bare LF in a value', `${ok}X-A: a\nSet-Cookie: b=c\r\n${tail}`],
  ['lines that end with LF', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok'],
  ['a folded line', `${ok}X-A: a\r\n b\r\n${tail}`],
  ['NUL in a value', `${ok}X-A: a\0b\r\n${tail}`],
  ['a control character in a value', `${ok}X-A: a\x01b\r\n${tail}`],
  ['a space before a colon', `${ok}Content-Length : 2\r\n\r\nok`],
  ['an empty name', `${ok}: a\r\n${tail}`],
  [
    '101 that nobody asked for',
    'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
  ],
  ['101 to nothing', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
  ['a status of two digits', `HTTP/1.1 20 OK\r\n${tail}`],
  ['a status of four digits', `HTTP/1.1 2000 OK\r\n${tail}`],
  ['a status below 100', `HTTP/1.1 099 OK\r\n${tail}`],
  ['no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n\r\n'],
])('GW-63 an answer with %s is a 502, and its connection is used no more', async (_what, answer) => {
  const { ask, errors, sockets } = await startBefore(answer)
  const { statuses, answer: got } = await ask()
  expect(statuses).toEqual([502])
  expect(got).not.toContain('Set-Cookie')
  expect(errors).toEqual(['ResponseHeaders'])
  await until(() => sockets.every(({ destroyed, readableEnded }) => destroyed || readableEnded))
  expect((await ask()).statuses).toEqual([502])
  expect(sockets).toHaveLength(2)
})

test.each([
  ['a broken chunk', `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\nzz\r\n`],
  ['a chunk that ends with LF', `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n2\nok\n0\n\n`],
  ['a bare LF in trailers', `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-A: a\nX-B: b\r\n\r\n`],
])('GW-58 an answer whose body has %s never ends cleanly', async (_what, answer) => {
  const { ask, errors } = await startBefore(answer)
  const { answer: got } = await ask()
  expect(got).toMatch(/^HTTP\/1.1 200 /)
  expect(got).not.toContain('\r\n0\r\n')
  expect(errors).toEqual(['ResponseBodyDestination'])
})

test.each([
  ['its length says', `${ok}Content-Length: 9\r\n\r\nok`],
  ['its chunks say', `${ok}Transfer-Encoding: chunked\r\n\r\n9\r\nok`],
])('GW-58 an answer that is shorter than %s never ends cleanly', async (_what, answer) => {
  const { ask, errors } = await startBefore(answer, true)
  const { answer: got } = await ask()
  expect(got).not.toMatch(/\r\n0\r\n|content-length: 2\r/)
  expect(errors).toEqual(['ResponseBodyDestination'])
})

test.each([
  ['its length', `${ok}Content-Length: 2\r\n\r\nok`],
  ['its chunks', `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`],
])('GW-61 what stands behind %s is nobody’s answer', async (_what, answer) => {
  const { ask, sockets } = await startBefore(`${answer}${ok}Content-Length: 6\r\n\r\npoison`)
  for (let count = 1; count <= 3; count++) {
    const { statuses, answer: got } = await ask()
    // Whole, or broken off: never with what was not promised, and on a connection of its own each time.
    expect([[200], []]).toContainEqual(statuses)
    expect(got).not.toContain('poison')
    expect(sockets).toHaveLength(count)
  }
})

test('GW-58 HEAD and 304 keep their length without a body, and 204 has none', async () => {
  const head = await startBefore(`${ok}Content-Length: 5\r\n\r\n`)
  expect((await head.ask('HEAD')).answer).toMatch(/content-length: 5\r\n[\s\S]*\r\n\r\n$/i)
  const notModified = await startBefore('HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n')
  expect((await notModified.ask()).answer).toMatch(/content-length: 5\r\n[\s\S]*\r\n\r\n$/i)
  const noContent = await startBefore('HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n')
  expect((await noContent.ask()).answer).not.toMatch(/content-length|transfer-encoding/i)
})

test.each([
  ['no reason', 'HTTP/1.1 200\r\n'],
  ['an empty reason', 'HTTP/1.1 200 \r\n'],
  ['a reason beyond ASCII', 'HTTP/1.1 200 G\xfclt\r\n'],
])('GW-63 an answer with %s is as good as any', async (_what, line) => {
  const { ask } = await startBefore(line + tail)
  const { answer } = await ask()
  expect(answer).toMatch(/^HTTP\/1.1 200 [\s\S]*ok$/)
})
