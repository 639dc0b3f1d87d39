import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { until } from '@alicerce/testing'
import { describe, expect, test } from 'vitest'
import type { UpstreamRequest } from '#src/forwarding/forwarder.ts'
import { nameError } from '#src/forwarding/forwarder-error.ts'
import { answer } from './answer.ts'
import { selfSigned } from './certificate.ts'
import { startRawUpstream } from './raw-upstream.ts'
import { forwarderTo, send } from './send.ts'

const headers = (...more: string[]) => ['host', 'h.test', ...more]
const bodyOf = (...chunks: string[]) => Readable.from(chunks.map((chunk) => Buffer.from(chunk)))

/** Answers each request when `isComplete` says that it is. */
function startReading(isComplete: (received: string) => boolean) {
  const answered = new WeakSet()
  return startRawUpstream({
    connected(socket) {
      let text = ''
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1')
        if (answered.has(socket) || !isComplete(text)) return
        answered.add(socket)
        socket.write(answer('ok'))
      })
    },
  })
}

describe('GW-58 a request is framed by us', () => {
  test.each([
    ['GET', headers('x-a', '1'), undefined, 'GET / HTTP/1.1\r\nhost: h.test\r\nx-a: 1\r\n\r\n'],
    ['HEAD', headers(), undefined, 'HEAD / HTTP/1.1\r\nhost: h.test\r\n\r\n'],
    ['DELETE', headers(), undefined, 'DELETE / HTTP/1.1\r\nhost: h.test\r\n\r\n'],
    ['POST', headers(), undefined, 'POST / HTTP/1.1\r\nhost: h.test\r\ncontent-length: 0\r\n\r\n'],
    [
      'PUT',
      headers('content-length', '0'),
      undefined,
      'PUT / HTTP/1.1\r\nhost: h.test\r\ncontent-length: 0\r\n\r\n',
    ],
    [
      'POST',
      headers('content-length', '5', 'x-a', '1'),
      ['ab', 'cde'],
      'POST / HTTP/1.1\r\nhost: h.test\r\nx-a: 1\r\ncontent-length: 5\r\n\r\nabcde',
    ],
    [
      'DELETE',
      headers(),
      ['ab', '', 'cdefghijklmnopqrs'],
      'DELETE / HTTP/1.1\r\nhost: h.test\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n11\r\ncdefghijklmnopqrs\r\n0\r\n\r\n',
    ],
    ['GET', ['x-a', '\xe9'], undefined, null],
  ])('%s with %j and body %j', async (method, list, chunks, expected) => {
    const upstream = await startReading((text) => text.length >= (expected?.length ?? 30))
    const heard = await send(forwarderTo(upstream), {
      ...{ method, headers: list, body: chunks ? bodyOf(...chunks) : undefined },
    }).done
    expect(heard.events.at(-1)).toBe('end')
    const port = upstream.origin.split(':')[2]
    expect(upstream.received[0]).toBe(
      // A missing Host is the origin's; other bytes than those of ASCII leave as they came.
      expected ?? `GET / HTTP/1.1\r\nx-a: \xe9\r\nhost: 127.0.0.1:${port}\r\n\r\n`,
    )
  })

  test.each([
    ['a CR in a value', { headers: headers('x-a', 'a\rb') }],
    ['an LF in a value', { headers: headers('x-a', 'a\r\nx-b: 1') }],
    ['a NUL in a value', { headers: headers('x-a', 'a\0b') }],
    ['a character that latin1 would make an LF', { headers: headers('x-a', 'a\u010ab') }],
    ['a name with a blank', { headers: headers('x a', '1') }],
    ['a name with a colon', { headers: headers('x:a', '1') }],
    ['a name with an LF', { headers: headers('x\na', '1') }],
    ['an empty name', { headers: headers('', '1') }],
    ['a name in upper case', { headers: headers('Content-Length', '1') }],
    ['Transfer-Encoding', { headers: headers('transfer-encoding', 'chunked') }],
    ['Connection', { headers: headers('connection', 'close') }],
    ['Upgrade', { headers: headers('upgrade', 'h2c') }],
    ['two Hosts', { headers: headers('host', 'h.test') }],
    ['two Content-Lengths', { headers: headers('content-length', '1', 'content-length', '1') }],
    ['a Content-Length that is no number', { headers: headers('content-length', '1x') }],
    ['a Content-Length without a body', { headers: headers('content-length', '1') }],
    ['a path with a blank', { path: '/a b' }],
    ['a path with an LF', { path: '/a\nb' }],
    ['an empty path', { path: '' }],
    ['a method with a blank', { method: 'GET /' }],
  ] satisfies [string, Partial<UpstreamRequest>][])(
    '%s is refused, and nothing is sent',
    async (_what, request) => {
      const upstream = await startRawUpstream({})
      const heard = await send(forwarderTo(upstream), request).done
      expect(heard.events).toEqual(['error'])
      expect(heard.error?.code).toBe('request-malformed')
      expect(nameError(heard.error as Error, false)).toBe('RequestCreation')
      await sleep(20)
      expect(upstream.sockets).toEqual([])
    },
  )

  test.each([
    ['longer than its length', bodyOf('abc', 'def'), '4'],
    ['shorter than its length', bodyOf('abc'), '4'],
  ])('a body %s ends the connection', async (_what, body, length) => {
    const upstream = await startReading(() => false)
    const heard = await send(forwarderTo(upstream), {
      ...{ method: 'POST', body, headers: headers('content-length', length) },
    }).done
    expect(heard.error?.code).toBe('request-body-failed')
    expect(nameError(heard.error as Error, false)).toBe('RequestBodyClient')
    await until(() => upstream.sockets.length === 0 || upstream.open() === 0)
    expect(upstream.received[0] ?? '').not.toContain('def')
  })

  test('a body that breaks off ends the connection, and the request is never ended as if it were whole', async () => {
    const upstream = await startReading(() => false)
    const body = new Readable({ read() {} })
    body.push('abc')
    const { done } = send(forwarderTo(upstream), { method: 'POST', body })
    await until(() => upstream.received[0]?.includes('abc'))
    body.destroy(new Error('gone'))
    expect((await done).error).toMatchObject({ code: 'request-body-failed', cause: { message: 'gone' } })
    await until(() => upstream.open() === 0)
    expect(upstream.received[0]).not.toContain('\r\n0\r\n')
  })

  test('a body that is gone already, or goes while the request waits, is an error', async () => {
    const upstream = await startReading(() => false)
    const forwarder = forwarderTo(upstream, { connections: 1 })
    const gone = bodyOf('abc')
    gone.destroy()
    expect((await send(forwarder, { method: 'POST', body: gone }).done).error?.code).toBe(
      'request-body-failed',
    )
    const first = send(forwarder)
    const body = new Readable({ read() {} })
    const waiting = send(forwarder, { method: 'POST', body })
    body.destroy(new Error('gone'))
    expect((await waiting.done).error?.code).toBe('request-body-failed')
    first.flow.abort(new Error('over'))
  })

  test('after an upload the connection is used again', async () => {
    const upstream = await startRawUpstream({ request: (socket) => socket.write(answer('ok')) })
    const forwarder = forwarderTo(upstream)
    for (let round = 0; round < 3; round++) {
      const list = headers('content-length', '3')
      await send(forwarder, { method: 'POST', body: bodyOf('abc'), headers: list }).done
    }
    expect(upstream.sockets.length).toBe(1)
  })
})

describe('GW-60 an answer before the request is complete', () => {
  test.each([
    ['length', headers('content-length', '100')],
    ['chunks', headers()],
  ])('is delivered, and the connection is not used again (%s)', async (_what, list) => {
    const upstream = await startRawUpstream({ request: (socket) => socket.write(answer('no')) })
    const forwarder = forwarderTo(upstream)
    const body = new Readable({ read() {} })
    body.push('part')
    const heard = await send(forwarder, { method: 'POST', body, headers: list }).done
    expect(heard.events).toEqual(['headers', 'data', 'end'])
    expect(body.destroyed).toBe(true)
    expect((await send(forwarder).done).body).toBe('no')
    expect(upstream.sockets.length).toBe(2)
    await until(() => upstream.open() === 1)
  })

  test('whose body takes longer than the upload leaves the connection usable', async () => {
    const upstream = await startRawUpstream({
      connected(socket) {
        socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nfir'))
        socket.on('data', (chunk) => {
          if (chunk.toString().endsWith('0\r\n\r\n')) socket.write('st!')
          if (chunk.toString().startsWith('GET')) socket.write(answer('second'))
        })
      },
    })
    const forwarder = forwarderTo(upstream)
    const body = new Readable({ read() {} })
    body.push('part')
    const { done, heard } = send(forwarder, { method: 'POST', body })
    await until(() => heard.body === 'fir')
    body.push('rest')
    body.push(null)
    expect((await done).body).toBe('first!')
    expect((await send(forwarder).done).body).toBe('second')
    expect(upstream.sockets.length).toBe(1)
  })
})

describe('GW-27 whichever side is slower slows the other', () => {
  const megabytes = 32

  test('a listener that takes nothing stops the upstream, and goes on where it stopped', async () => {
    const block = Buffer.alloc(1 << 20, 'a')
    let written = 0
    const upstream = await startRawUpstream({
      request(socket) {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${block.length * megabytes}\r\n\r\n`)
        const writeNext = () => {
          if (written++ < megabytes) socket.write(block, writeNext)
        }
        writeNext()
      },
    })
    let isSlow = true
    let size = 0
    const { flow, done, heard } = send(
      forwarderTo(upstream),
      {},
      {
        onData(chunk) {
          size += chunk.length
          heard.body = ''
          return !isSlow
        },
      },
    )
    await until(() => size > 0)
    const before = size
    await sleep(200)
    expect(size).toBe(before)
    expect(written).toBeLessThan(megabytes)
    flow.resume()
    await until(() => size > before)
    isSlow = false
    flow.resume()
    expect((await done).events.at(-1)).toBe('end')
    expect(size).toBe(block.length * megabytes)
  })

  test('an upstream that takes nothing stops the body', async () => {
    let given = 0
    const block = Buffer.alloc(1 << 16)
    const body = new Readable({
      read() {
        given++
        this.push(given <= megabytes * 16 ? block : null)
      },
    })
    const upstream = await startRawUpstream({ connected: (socket) => socket.pause() })
    const { done } = send(forwarderTo(upstream), { method: 'POST', body })
    let before = 0
    await until(async () => {
      before = given
      await sleep(100)
      return before > 0 && given === before
    })
    expect(given).toBeLessThan(megabytes * 16)
    upstream.sockets[0]?.on('data', () => {
      if (given > megabytes * 16) setTimeout(() => upstream.sockets[0]?.write(answer('ok')), 50)
    })
    upstream.sockets[0]?.resume()
    expect((await done).body).toBe('ok')
  })
})

describe('TLS', () => {
  const { key, cert } = selfSigned()
  const startTls = (request = (_socket: TLSSocket) => {}) =>
    startRawUpstream(
      {
        request(socket) {
          request(socket as TLSSocket)
          socket.write(answer('secret'))
        },
      },
      createTlsServer({ key, cert, ALPNProtocols: ['h2', 'http/1.1'] }),
      'https',
    )

  test('an upstream is spoken to in HTTP/1.1, and a later connection resumes the session', async () => {
    const seen = new Map<TLSSocket, unknown[]>()
    const upstream = await startTls((socket) =>
      seen.set(socket, [socket.alpnProtocol, socket.isSessionReused()]),
    )
    const forwarder = forwarderTo(upstream, { tls: { ca: cert } })
    expect((await send(forwarder).done).body).toBe('secret')
    expect((await send(forwarder).done).body).toBe('secret')
    await send(forwarder, { method: 'HEAD' }).done
    expect((await send(forwarder).done).body).toBe('secret')
    expect([...seen.values()]).toEqual([
      ['http/1.1', false],
      ['http/1.1', true],
    ])
  })

  test('a certificate that nobody vouches for, or for another name, is refused', async () => {
    const upstream = await startTls()
    const unknown = await send(forwarderTo(upstream)).done
    expect(unknown.error?.code).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
    const other = await send(forwarderTo(upstream, { tls: { ca: cert, servername: 'other.test' } })).done
    expect(other.error?.code).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
    expect(nameError(other.error as Error, false)).toBe('Request')
    expect(upstream.received.join('')).toBe('')
  })

  test('unless that is asked for', async () => {
    const upstream = await startTls()
    const heard = await send(forwarderTo(upstream, { tls: { rejectUnauthorized: false } })).done
    expect(heard.body).toBe('secret')
  })

  test('megabytes come whole, with pauses', async () => {
    const block = Buffer.alloc(1 << 20, 'abcdefg').toString()
    const upstream = await startRawUpstream(
      { request: (socket) => socket.write(answer(block.repeat(4))) },
      createTlsServer({ key, cert }),
      'https',
    )
    const sent = send(
      forwarderTo(upstream, { tls: { ca: cert } }),
      {},
      {
        onData() {
          setImmediate(() => sent.flow.resume())
          return false
        },
      },
    )
    expect((await sent.done).body === block.repeat(4)).toBe(true)
  })
})
