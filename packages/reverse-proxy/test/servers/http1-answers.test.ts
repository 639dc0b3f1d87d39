import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { Http1Side } from '#src/servers/http1/http1-side.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** Serves on a real port; gives how to open a connection, and what comes back on it as text. */
async function serve(onRequest: Handler) {
  const side = new Http1Side(onRequest)
  const server = createServer({ noDelay: true, allowHalfOpen: true }, side.accept)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    side.destroy()
    server.close()
  })
  return async (text = '') => {
    const socket: Socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    closing.push(() => socket.destroy())
    const conversation = { socket, received: '', isClosed: false }
    socket.on('error', () => {})
    socket.on('data', (bytes: Buffer) => {
      conversation.received += bytes.toString('latin1')
    })
    socket.on('end', () => {
      conversation.isClosed = true
    })
    await once(socket, 'connect')
    if (text) socket.write(text)
    return conversation
  }
}

const get = (headers = '', version = '1.1') => `GET / HTTP/${version}\r\nHost: h\r\n${headers}\r\n`
const post = (headers: string, body = '') => `POST / HTTP/1.1\r\nHost: h\r\n${headers}\r\n${body}`
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
const withoutDate = (text: string) => text.replace(/\r\ndate: [^\r]*/, '')

/** Written in two parts, so that its length is not known when it begins. */
const inParts: Handler = (_request, response) => {
  response.writeHead(200, '', ['x-a', '1'])
  response.write('one')
  response.end('two')
}

test('GW-49 an answer of unknown length comes in chunks, and to HTTP/1.0 until the connection ends', async () => {
  const open = await serve(inParts)
  const newer = await open(get())
  await until(() => newer.received.endsWith('0\r\n\r\n'))
  expect(withoutDate(newer.received)).toBe(
    'HTTP/1.1 200 OK\r\nx-a: 1\r\ntransfer-encoding: chunked\r\nconnection: keep-alive\r\nkeep-alive: timeout=65\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n',
  )
  const older = await open(get('Connection: keep-alive\r\n', '1.0'))
  await until(() => older.isClosed)
  expect(withoutDate(older.received)).toBe('HTTP/1.1 200 OK\r\nx-a: 1\r\nconnection: close\r\n\r\nonetwo')
})

test('GW-49 a client of HTTP/1.0 may keep its connection where the length is known', async () => {
  const open = await serve((_request, response) => response.end('ok'))
  const asking = await open(get('Connection: keep-alive\r\n', '1.0'))
  await until(() => asking.received.endsWith('ok'))
  asking.socket.write(get('', '1.0'))
  await until(() => asking.isClosed)
  expect(asking.received.match(/HTTP\/1.1 200/g)).toHaveLength(2)
})

test('GW-58 an answer to HEAD has no body, and names no length that nobody knows', async () => {
  const open = await serve(inParts)
  const client = await open(get().replace('GET', 'HEAD'))
  await until(() => client.received.endsWith('\r\n\r\n'))
  expect(client.received).not.toMatch(/transfer-encoding|content-length|one/)
})

test.each([
  ['a value with a line end', ['x-a', 'a\r\nset-cookie: b'], ''],
  ['a value beyond latin1, whose lower half is a line end', ['x-a', 'a\u010ab'], ''],
  ['a name with a blank', ['x a', 'a'], ''],
  ['a name in capitals, which could pass beside ours', ['Content-Length', '3'], ''],
  ['a reason with a line end', [], 'OK\r\nx-b: 1'],
])('GW-58 %s cannot be sent', async (_what, headers, reason) => {
  let thrown: unknown
  const open = await serve((_request, response) => {
    try {
      response.writeHead(200, reason, headers)
    } catch (error) {
      thrown = error
      response.destroy()
    }
  })
  const client = await open(get())
  await until(() => client.isClosed || client.socket.destroyed)
  expect([String(thrown), client.received]).toEqual([expect.stringMatching(/may not have|proper name/), ''])
})

test('GW-58 a body that is shorter than it promised cuts the connection, and a longer one is not sent', async () => {
  let thrown = ''
  const open = await serve((request, response) => {
    response.writeHead(200, '', ['content-length', '3'])
    try {
      response.end(request.url === '/' ? 'ab' : 'abcd')
    } catch (error) {
      thrown = String(error)
      response.destroy()
    }
  })
  const short = await open(get() + get())
  await until(() => short.socket.closed)
  expect(short.received).toBe('')
  const long = await open(get().replace('/', '/long'))
  await until(() => long.socket.closed)
  expect([long.received, thrown]).toEqual(['', expect.stringContaining('longer than it promised')])
})

test('GW-55 a client that asks first is told to go on only when its body is asked for', async () => {
  let read = () => {}
  const open = await serve((request, response) => {
    read = () => void request.on('data', () => {}).on('end', () => response.end('done'))
  })
  const client = await open(post('Expect: 100-continue\r\nContent-Length: 3\r\n'))
  await pause(100)
  expect(client.received).toBe('')
  read()
  await until(() => client.received === 'HTTP/1.1 100 Continue\r\n\r\n')
  client.socket.write('abc')
  await until(() => client.received.endsWith('done'))
  expect(client.isClosed).toBe(false)
})

test('GW-55 a client that asks first and is refused may not send on its connection: nobody knows whether its body comes', async () => {
  const open = await serve((_request, response) => response.writeHead(401, '', []).end('no'))
  const client = await open(post('Expect: 100-continue\r\nContent-Length: 3\r\n'))
  await until(() => client.isClosed)
  expect(client.received).toMatch(/^HTTP\/1.1 401 /)
})

test('GW-27 what is sent on behind an answer that nobody reads is not begun', async () => {
  let begun = 0
  const open = await serve((_request, response) => {
    begun++
    response.end(Buffer.alloc(30_000_000))
  })
  const client = await open()
  client.socket.pause()
  client.socket.write(get() + get())
  await until(() => begun === 1)
  await pause(200)
  expect(begun).toBe(1)
  client.socket.resume()
  await until(() => begun === 2)
})

test('GW-59 a client that leaves ends what is at work for it', async () => {
  let ended = 0
  const open = await serve((_request, response) => void response.on('close', () => ended++))
  const [leaving, resetting] = [await open(get()), await open(get())]
  await pause(50)
  leaving.socket.destroy()
  resetting.socket.resetAndDestroy()
  await until(() => ended === 2)
})

test('GW-63 heads that come byte by byte on many connections at once are not mixed up', async () => {
  const open = await serve(({ url, rawHeaders }, response) => response.end(`${url} ${rawHeaders.at(-1)}`))
  const clients = await Promise.all(Array.from({ length: 8 }, () => open()))
  const texts = clients.map((_, index) => `GET /${index} HTTP/1.1\r\nHost: h\r\nX-A: ${index * 111}\r\n\r\n`)
  for (let at = 0; at < Math.max(...texts.map(({ length }) => length)); at++) {
    for (const [index, { socket }] of clients.entries()) socket.write(texts[index]?.slice(at, at + 1) ?? '')
    await new Promise(setImmediate)
  }
  await until(() => clients.every(({ received }) => received.includes('200 OK')))
  expect(clients.map(({ received }) => received.split('\r\n\r\n')[1])).toEqual(
    clients.map((_, index) => `/${index} ${index * 111}`),
  )
})
