import { setImmediate as turn } from 'node:timers/promises'
import { until } from '@alicerce/testing'
import { describe, expect, test } from 'vitest'
import { nameError } from '#src/forwarding/forwarder-error.ts'
import { startRawUpstream } from './raw-upstream.ts'
import { forwarderTo, send } from './send.ts'

/** Asks an upstream that says these bytes, at once or in pieces, and then closes or not. */
async function ask(pieces: string | string[], { method = 'GET', end = false } = {}) {
  const upstream = await startRawUpstream({
    async request(socket) {
      for (const piece of [pieces].flat()) {
        socket.write(piece, 'latin1')
        await turn()
      }
      if (end) socket.end()
    },
  })
  const forwarder = forwarderTo(upstream)
  const heard = await send(forwarder, { method }).done
  return { heard, upstream, forwarder }
}

const ok = 'HTTP/1.1 200 OK\r\n'

describe('GW-61 an answer that could be read in two ways is an error before any of it is passed on', () => {
  test.each([
    [
      'Content-Length with Transfer-Encoding',
      `${ok}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    [
      'Transfer-Encoding with Content-Length',
      `${ok}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
    ],
    ['two different Content-Lengths', `${ok}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`],
    ['two equal Content-Lengths', `${ok}Content-Length: 1\r\ncontent-length: 1\r\n\r\na`],
    ['a list of Content-Lengths', `${ok}Content-Length: 1, 1\r\n\r\na`],
    ['a signed Content-Length', `${ok}Content-Length: +1\r\n\r\na`],
    ['a negative Content-Length', `${ok}Content-Length: -1\r\n\r\na`],
    ['a hexadecimal Content-Length', `${ok}Content-Length: 0x1\r\n\r\na`],
    ['an empty Content-Length', `${ok}Content-Length:\r\n\r\na`],
    ['a Content-Length beyond what can be counted', `${ok}Content-Length: 9999999999999999\r\n\r\na`],
    ['another coding than chunked', `${ok}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
    ['chunked twice', `${ok}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`],
    [
      'two lines of Transfer-Encoding',
      `${ok}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['a coding that only looks like chunked', `${ok}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['chunked in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['another protocol', 'ICY 200 OK\r\n\r\n'],
    ['another version', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['a version in lower case', 'http/1.1 200 OK\r\n\r\n'],
    ['two spaces before the status', 'HTTP/1.1  200 OK\r\n\r\n'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
    ['a status below 100', 'HTTP/1.1 099 OK\r\n\r\n'],
    ['an empty line before the status line', `\r\n${ok}Content-Length: 0\r\n\r\n`],
    ['lines that end in LF alone', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
    ['one header line that ends in LF alone', `${ok}X-A: 1\nContent-Length: 0\r\n\r\n`],
    ['a CR in a value', `${ok}X-A: a\rb\r\nContent-Length: 0\r\n\r\n`],
    ['a NUL in a value', `${ok}X-A: a\0b\r\nContent-Length: 0\r\n\r\n`],
    ['a control character in the reason', 'HTTP/1.1 200 O\x01K\r\n\r\n'],
    ['a folded line', `${ok}X-A: a\r\n b\r\nContent-Length: 0\r\n\r\n`],
    ['a folded first line', `${ok} X-A: a\r\nContent-Length: 0\r\n\r\n`],
    ['a blank before the colon', `${ok}Content-Length : 0\r\n\r\n`],
    ['no name before the colon', `${ok}: a\r\nContent-Length: 0\r\n\r\n`],
    ['a line without a colon', `${ok}nonsense\r\nContent-Length: 0\r\n\r\n`],
    ['a CR alone at the end of the block', `${ok}Content-Length: 0\r\n\rX`],
    [
      '101 that nobody asked for',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
    ],
    ['a header block of more than 64 KiB', `${ok}${`X-A: ${'a'.repeat(1000)}\r\n`.repeat(70)}\r\n`],
    ['a header line of more than 64 KiB', `${ok}X-A: ${'a'.repeat(140_000)}`],
    ['interim answers without end', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(3000)],
    ['bytes behind 204', 'HTTP/1.1 204 No Content\r\n\r\nbody'],
    ['bytes behind an empty body', `${ok}Content-Length: 0\r\n\r\nbody`],
  ])('%s', async (_what, bytes) => {
    const middle = Math.floor(bytes.length / 2)
    for (const pieces of [[bytes], [bytes.slice(0, middle), bytes.slice(middle)]]) {
      const { heard, upstream } = await ask(pieces)
      // Bytes that come later than the answer are met as the next test says.
      if (pieces.length === 2 && heard.events.includes('end')) continue
      expect(heard.events.filter((event) => event !== 'information')).toEqual(['error'])
      expect(heard.error?.code).toBe('upstream-response-malformed')
      expect(nameError(heard.error as Error, false)).toBe('ResponseHeaders')
      await until(() => upstream.open() === 0)
    }
  })
})

describe('GW-58 a body that is not what was promised is an error, never an end', () => {
  const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`
  const malformed = 'upstream-response-malformed'
  const closed = 'upstream-connection-closed'
  test.each([
    ['shorter than its length', `${ok}Content-Length: 5\r\n\r\nabc`, closed],
    ['longer than its length', `${ok}Content-Length: 3\r\n\r\nabcd`, malformed],
    ['chunks that stop within data', `${chunked}5\r\nabc`, closed],
    ['chunks that stop behind data', `${chunked}3\r\nabc`, closed],
    ['chunks that stop before the last one', `${chunked}3\r\nabc\r\n`, closed],
    ['chunks that stop within the last one', `${chunked}3\r\nabc\r\n0\r\n`, closed],
    ['chunks that stop within trailers', `${chunked}3\r\nabc\r\n0\r\nx-a: 1\r\n`, closed],
    ['a chunk without a size', `${chunked}\r\nabc\r\n0\r\n\r\n`, malformed],
    ['a chunk with a size that is no number', `${chunked}3x\r\nabc\r\n0\r\n\r\n`, malformed],
    ['a chunk with a blank behind its size', `${chunked}3 \r\nabc\r\n0\r\n\r\n`, malformed],
    ['a chunk with a signed size', `${chunked}+3\r\nabc\r\n0\r\n\r\n`, malformed],
    ['a chunk with a size beyond counting', `${chunked}fffffffffffffff\r\nabc`, malformed],
    ['a chunk longer than its size', `${chunked}3\r\nabcd\r\n0\r\n\r\n`, malformed],
    ['a chunk size that ends in LF alone', `${chunked}3\nabc\r\n0\r\n\r\n`, malformed],
    ['chunk data that end in LF alone', `${chunked}3\r\nabc\n0\r\n\r\n`, malformed],
    ['an extension with LF', `${chunked}3;a\nb\r\nabc\r\n0\r\n\r\n`, malformed],
    ['extensions without end', `${chunked}1;${'a'.repeat(20_000)}\r\n`, malformed],
    ['a trailer that is no header line', `${chunked}3\r\nabc\r\n0\r\nnonsense\r\n\r\n`, malformed],
    ['a trailer that frames', `${chunked}3\r\nabc\r\n0\r\nContent-Length: 3\r\n\r\n`, malformed],
    ['bytes behind the last chunk', `${chunked}3\r\nabc\r\n0\r\n\r\nmore`, malformed],
  ])('%s', async (_what, bytes, code) => {
    const { heard, upstream } = await ask(bytes, { end: true })
    expect(heard.events.filter((event) => event !== 'data')).toEqual(['headers', 'error'])
    expect(heard.error?.code).toBe(code)
    expect(nameError(heard.error as Error, true)).toBe('ResponseBodyDestination')
    await until(() => upstream.open() === 0)
  })

  test('a reset within a body that lasts until the end is an error', async () => {
    const upstream = await startRawUpstream({
      request(socket) {
        socket.write(`${ok}\r\nabc`, () => setTimeout(() => socket.resetAndDestroy(), 20))
      },
    })
    const heard = await send(forwarderTo(upstream)).done
    expect(heard.events).toEqual(['headers', 'data', 'error'])
    expect(heard.error?.code).toBe('upstream-connection-closed')
  })

  test('a connection that ends before the headers have come is an error', async () => {
    const { heard } = await ask('HTTP/1.1 200 OK\r\nContent-', { end: true })
    expect(heard.events).toEqual(['error'])
    expect(nameError(heard.error as Error, false)).toBe('Request')
  })
})

describe('GW-58 an answer is read as it is framed', () => {
  const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`
  test.each([
    ['a stated length', `${ok}Content-Length: 3\r\n\r\nabc`, 'abc'],
    ['a length with zeros before it', `${ok}Content-Length: 003\r\n\r\nabc`, 'abc'],
    ['an empty body', `${ok}Content-Length: 0\r\n\r\n`, ''],
    ['chunks', `${chunked}3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n`, 'abc0123456789'],
    ['chunks with extensions', `${chunked}3;a=b;c="d"\r\nabc\r\n0;e\r\n\r\n`, 'abc'],
    ['no reason and no space before it', 'HTTP/1.1 200\r\nContent-Length: 3\r\n\r\nabc', 'abc'],
    ['HTTP/1.0 with a length', 'HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabc', 'abc'],
  ])('%s, in one piece and byte by byte', async (_what, bytes, body) => {
    for (const pieces of [[bytes], [...bytes]]) {
      const { heard } = await ask(pieces)
      expect(heard.message).toBe(bytes.includes('OK') ? 'OK' : '')
      expect(heard.events).toEqual(['headers', ...(body ? ['data'] : []), 'end'])
      expect(heard).toMatchObject({ status: 200, body })
    }
  })

  test.each([
    ['HEAD', `${ok}Content-Length: 5\r\n\r\n`],
    ['HEAD', `${ok}Transfer-Encoding: chunked\r\n\r\n`],
    ['GET', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n'],
  ])('%s with %j has no body', async (method, bytes) => {
    const { heard } = await ask(bytes, { method })
    expect(heard.events).toEqual(['headers', 'end'])
  })

  test('without a length the body lasts until the connection ends', async () => {
    const { heard } = await ask([`${ok}\r\nab`, 'c'], { end: true })
    expect(heard.events).toEqual(['headers', 'data', 'end'])
    expect(heard.body).toBe('abc')
  })

  test('headers come as they were written: their order, their case, latin1, blanks around values gone', async () => {
    const { heard } = await ask(
      'HTTP/1.1 404 Nicht Gefunden\r\nX-B: \t 1 2\t \r\nx-a:\r\nX-B: \xe9\r\nContent-Length: 0\r\n\r\n',
    )
    expect(heard.message).toBe('Nicht Gefunden')
    expect(heard.rawHeaders).toEqual(['X-B', '1 2', 'x-a', '', 'X-B', '\xe9', 'Content-Length', '0'])
  })

  test('GW-55 interim answers are no answers: 100 is skipped, others are told', async () => {
    const { heard } = await ask(
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok}Content-Length: 3\r\n\r\nabc`,
    )
    expect(heard.events).toEqual(['information', 'headers', 'data', 'end'])
    expect(heard).toMatchObject({ information: [103], status: 200, body: 'abc' })
  })

  test('GW-56 trailers come right before the end', async () => {
    const { heard } = await ask([`${chunked}3\r\nabc\r\n0\r\ngrpc-status: 0\r\nX-`, 'Sum:  1\r\n\r\n'])
    expect(heard.events).toEqual(['headers', 'data', 'trailers', 'end'])
    expect(heard.trailers).toEqual(['grpc-status', '0', 'X-Sum', '1'])
  })

  test('a body of many megabytes arrives whole', async () => {
    const block = Buffer.from(Array.from({ length: 1 << 20 }, (_, index) => index % 251)).toString('latin1')
    const { heard } = await ask([
      `${ok}Content-Length: ${block.length * 8}\r\n\r\n`,
      ...Array.from({ length: 8 }, () => block),
    ])
    expect(heard.body === block.repeat(8)).toBe(true)
  })
})

test('a listener that throws ends its own exchange, and the connection with it', async () => {
  const upstream = await startRawUpstream({
    request: (socket) => socket.write(`${ok}Content-Length: 3\r\n\r\nabc`),
  })
  const broken = new Error('broken listener')
  const heard = await send(
    forwarderTo(upstream),
    {},
    {
      onHeaders() {
        throw broken
      },
    },
  ).done
  expect(heard.error).toBe(broken)
  await until(() => upstream.open() === 0)
})
