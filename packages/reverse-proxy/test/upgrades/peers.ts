import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import {
  type ClientHttp2Session,
  connect as connectHttp2,
  createServer as createHttp2Server,
  createSecureServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2'
import { type AddressInfo, connect, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { acceptOf } from '#src/edge/web-socket-handshake.ts'
import { closing, startProxy } from '../fixtures.ts'

const pem = (name: string) => readFileSync(new URL(`../certificates/${name}`, import.meta.url))

/** Headers of a handshake over HTTP/1.1, with the key of RFC 6455's own example. */
export const handshake = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '',
].join('\r\n')

/** What answers {@link handshake}. */
export const accept = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='

/** Two servers that speak it, for requests that want them to. */
export type Service = {
  address: string
  /** Headers of offers that came. */
  seen: (IncomingMessage['headers'] | IncomingHttpHeaders)[]
  /** What the offers became. */
  streams: Duplex[]
  /** How many connections there are now. */
  connections(): Promise<number>
}

async function listen(
  server: Server | Http2Server,
  scheme: string,
  parts: Pick<Service, 'seen' | 'streams'>,
) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
  })
  closing.push(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { ...parts, address: `${scheme}://127.0.0.1:${port}/`, connections: async () => open.size }
}

const echo = (stream: Duplex) => {
  stream.on('error', () => {})
  stream.on('data', (chunk) => stream.write(`echo ${chunk}`))
  stream.on('end', () => stream.end('bye'))
}

/** A service of HTTP/1.1 that takes every offer, as `head` says, and by default gives back what it hears. */
export async function startHttp1Service(
  head = (request: IncomingMessage) =>
    [
      ...['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', `Upgrade: ${request.headers.upgrade}`],
      ...[`Sec-WebSocket-Accept: ${acceptOf(request.headers['sec-websocket-key'] ?? '')}`, ''],
      ...['Sec-WebSocket-Protocol: chat', '\r\n'],
    ]
      .filter(Boolean)
      .join('\r\n'),
  serve: (stream: Duplex, request: IncomingMessage) => void = echo,
): Promise<Service> {
  const [seen, streams]: [Service['seen'], Duplex[]] = [[], []]
  const server = createServer()
  server.on('upgrade', (request, socket, early) => {
    seen.push(request.headers)
    streams.push(socket)
    socket.on('error', () => {})
    if (early.length > 0) socket.unshift(early)
    socket.write(head(request))
    serve(socket, request)
  })
  server.on('request', (request, response) => {
    seen.push(request.headers)
    response.end(`plain ${request.url}`)
  })
  return listen(server, 'http', { seen, streams })
}

/** A service of HTTP/2. `answer`: what it says to an offer. `isAble`: whether it takes any; with TLS it speaks HTTP/1.1 then. */
export async function startHttp2Service(
  parts: {
    answer?: OutgoingHttpHeaders
    isSecure?: boolean
    isAble?: boolean
    serve?: (stream: ServerHttp2Stream) => void
  } = {},
): Promise<Service> {
  const { answer = { ':status': 200 }, isSecure = false, isAble = true, serve = echo } = parts
  const [seen, streams]: [Service['seen'], Duplex[]] = [[], []]
  const options = { settings: { enableConnectProtocol: isAble } }
  const server = isSecure
    ? createSecureServer({ ...options, cert: pem('a.crt'), key: pem('a.key'), allowHTTP1: true })
    : createHttp2Server(options)
  server.on('stream', (stream, headers) => {
    seen.push(headers)
    streams.push(stream)
    stream.on('error', () => {})
    stream.respond({
      ...(headers['sec-websocket-protocol'] && { 'sec-websocket-protocol': 'chat' }),
      ...answer,
    })
    serve(stream)
  })
  server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    seen.push(request.headers)
    streams.push(socket)
    socket.on('error', () => {})
    const accepted = acceptOf(request.headers['sec-websocket-key'] ?? '')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accepted}\r\n\r\n`,
    )
    echo(socket)
  })
  return listen(server, isSecure ? 'https' : 'http', { seen, streams })
}

/** How a cluster says that its destinations speak HTTP/2. */
export const overHttp2 = { HttpRequest: { Version: '2', VersionPolicy: 'RequestVersionExact' } }

/** A proxy with a port for HTTP/1.1 and one for HTTP/2 without TLS. */
export async function start(
  address: string,
  { route = {}, hooks = {}, cluster = {} }: { route?: object; hooks?: object; cluster?: object } = {},
) {
  const Listeners = { two: { Url: 'http://127.0.0.1:0', Protocols: 'Http2' } }
  const { ports, proxy } = await startProxy(address, route, hooks, cluster, { Listeners })
  return { proxy, port: ports[0], http2Port: ports[1] as number }
}

/** A connection, or stream, with all that came on it. */
export type Peer = {
  stream: Duplex
  heard: string
  hasEnded: boolean
  isClosed: boolean
  status: number
  headers: object
}

function listenTo(stream: Duplex): Peer {
  const peer: Peer = { stream, heard: '', hasEnded: false, isClosed: false, status: 0, headers: {} }
  stream.on('data', (chunk: Buffer) => {
    peer.heard += chunk.toString('latin1')
  })
  stream.on('error', () => {})
  stream.on('end', () => {
    peer.hasEnded = true
  })
  stream.on('close', () => {
    peer.isClosed = true
  })
  closing.push(() => stream.destroy())
  return peer
}

/** Sends bytes as they are. */
export function openRaw(port: number, bytes: string): Peer {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.write(bytes, 'latin1')
  return listenTo(socket)
}

/** A session whose other side has said what it takes. */
export async function openSession(port: number): Promise<ClientHttp2Session> {
  const session = connectHttp2(`http://127.0.0.1:${port}`)
  session.on('error', () => {})
  closing.push(() => session.destroy())
  await once(session, 'remoteSettings')
  return session
}

/** Offers a protocol over HTTP/2. */
export async function openOffer(port: number, headers: object = {}): Promise<Peer> {
  const session = await openSession(port)
  const stream = session.request({
    ...{ ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/api/chat', ':scheme': 'http' },
    ...{ ':authority': 'h', 'sec-websocket-version': '13', ...headers },
  })
  const peer = listenTo(stream)
  stream.on('response', (found) => {
    peer.status = Number(found[':status'])
    peer.headers = found
  })
  return peer
}
