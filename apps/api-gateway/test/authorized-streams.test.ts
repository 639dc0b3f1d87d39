import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { freePort, until } from '@alicerce/testing'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { scope, shippedConfiguration, startGateway, stopAll } from './fixtures.ts'

const clients: (Duplex | ClientHttp2Session)[] = []

afterEach(stopAll)
// Before the gateway is, which would wait for them.
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy()
})

/** A Close frame with 1008 (RFC 6455 §7.4.1). */
const notAllowed = '\x88\x02\x03\xf0'

/** A gateway with a port for HTTP/2, before a service that takes WebSockets, and streams events to whoever asks otherwise. */
async function start(atTokenEnd?: string) {
  const configuration = JSON.parse(shippedConfiguration)
  const http2Port = await freePort()
  configuration.ReverseProxy.Listeners = {
    two: { Url: `http://127.0.0.1:${http2Port}`, Protocols: 'Http2' },
  }
  if (atTokenEnd) configuration.ReverseProxy.Policies.Authorization['read-orders'].AtTokenEnd = atTokenEnd
  const answers: ServerResponse[] = []
  const started = await startGateway({
    configuration: JSON.stringify(configuration),
    service: (_request, response) => {
      answers.push(response)
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: one\n\n')
    },
  })
  const sockets: Duplex[] = []
  started.upstream.server.on('upgrade', ({ headers }, socket) => {
    const key = `${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
    sockets.push(socket.on('error', () => {}))
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        `Sec-WebSocket-Accept: ${createHash('sha1').update(key).digest('base64')}\r\n\r\n`,
    )
  })
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  return { ...started, http2Port, answers, sockets }
}

type Heard = { text: string; isClosed: boolean; isOpen: boolean }

function hear(stream: Duplex): Heard {
  const heard = { text: '', isClosed: false, isOpen: false }
  stream.on('data', (chunk: Buffer) => {
    heard.text += chunk.toString('latin1')
    heard.isOpen = true
  })
  stream.on('error', () => {})
  stream.on('end', () => stream.end())
  stream.on('close', () => {
    heard.isClosed = true
  })
  clients.push(stream)
  return heard
}

/** A WebSocket and an event stream over each version of HTTP, all by the same token. */
async function openAll({ port, http2Port }: { port: number; http2Port: number }, token: string) {
  const raw = (more: string) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    socket.write(`GET /api/orders/x HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${token}\r\n${more}\r\n`)
    return hear(socket)
  }
  const session = connectHttp2(`http://127.0.0.1:${http2Port}`)
  session.on('error', () => {})
  clients.push(session)
  await once(session, 'remoteSettings')
  const streamed = (more: object) => {
    const stream = session.request({ ':path': '/api/orders/x', authorization: `Bearer ${token}`, ...more })
    const heard = hear(stream)
    stream.on('response', (headers) => {
      heard.isOpen = headers[':status'] === 200
    })
    return heard
  }
  const offer = {
    ...{ ':method': 'CONNECT', ':protocol': 'websocket', ':scheme': 'http', ':authority': 'h' },
    'sec-websocket-version': '13',
  }
  const upgrade = [
    ...['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
    ...['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', ''],
  ]
  return { webSockets: [raw(upgrade.join('\r\n')), streamed(offer)], events: [raw(''), streamed({})] }
}

test.each(['expires', 'is revoked'])(
  'GW-52 WebSockets and event streams end when their token %s, over HTTP/1.1 and HTTP/2, and no others do',
  async (how) => {
    const started = await start()
    const { issuer, backplane, answers, sockets } = started
    const now = Math.floor(Date.now() / 1000)
    // Fifteen seconds more are tolerated.
    const exp = how === 'expires' ? now - 10 : now + 300
    const doomed = await openAll(started, await issuer.sign({ scope, sid: 'doomed', exp, iat: now - 60 }))
    const other = await openAll(started, await issuer.sign({ scope, sid: 'other' }))
    const all = [doomed, other].flatMap(({ webSockets, events }) => [...webSockets, ...events])
    await until(() => all.every(({ isOpen }) => isOpen) && answers.length === 4 && sockets.length === 4)
    if (how === 'is revoked')
      await backplane.revocations.publish({
        ...{ kind: 'session', value: 'doomed', issuedBefore: now, expiresAt: now + 600 },
      })
    await until(() => [...doomed.webSockets, ...doomed.events].every(({ isClosed }) => isClosed), {
      timeoutMilliseconds: 30_000,
    })
    for (const { text } of doomed.webSockets) expect(text.endsWith(notAllowed)).toBe(true)
    await until(() => answers.filter(({ destroyed }) => destroyed).length === 2)
    await until(() => sockets.filter(({ destroyed }) => destroyed).length === 2)
    expect([...other.webSockets, ...other.events].map(({ isClosed }) => isClosed)).toEqual(
      new Array(4).fill(false),
    )
  },
)

test('GW-52 a policy can let streams outlive their token', async () => {
  const started = await start('KeepStreams')
  const now = Math.floor(Date.now() / 1000)
  const token = await started.issuer.sign({ scope, sid: 'kept' })
  const { webSockets, events } = await openAll(started, token)
  await until(() => [...webSockets, ...events].every(({ isOpen }) => isOpen))
  await started.backplane.revocations.publish({
    ...{ kind: 'session', value: 'kept', issuedBefore: now + 1, expiresAt: now + 600 },
  })
  const ask = () => fetch(`${started.url}/api/orders/x`, { headers: { authorization: `Bearer ${token}` } })
  await until(async () => (await ask()).status === 401)
  await new Promise((resolve) => setTimeout(resolve, 1500))
  expect([...webSockets, ...events].map(({ isClosed }) => isClosed)).toEqual(new Array(4).fill(false))
})
