import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** What a service does, by the path that it is asked. */
const behaviours: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  '/echo': (request, response) => void request.pipe(response),
  '/cached': (_request, response) =>
    void setTimeout(
      () => response.writeHead(200, { 'cache-control': 'max-age=0', etag: '"1"' }).end('kept'),
      20,
    ),
  '/large': (_request, response) => void response.end(Buffer.alloc(2_000_000)),
  '/busy': (_request, response) => void response.writeHead(503).end('busy'),
  '/reset': (request) => request.socket.resetAndDestroy(),
  '/garbage': (request) => void request.socket.end('HTTP/1.1 2000 What\r\nno answer\0'),
  '/never': () => {},
  '/late': (_request, response) => void setTimeout(() => response.end('late'), 100),
  '/half': (request, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('half')
    setTimeout(() => request.socket.destroy(), 5)
  },
  '/events': (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const timer = setInterval(() => response.write('data: x\n\n'), 10)
    response.on('close', () => clearInterval(timer))
  },
}

/** Starts a service that does as its paths say, and speaks something like WebSocket: it gives back what it gets. */
export async function startService() {
  const server = createServer((request, response) => {
    request.on('error', () => {})
    response.on('error', () => {})
    const behave = behaviours[request.url ?? '']
    if (behave) behave(request, response)
    else response.end('ok')
  })
  server.on('upgrade', (request, socket: Socket) => {
    socket.on('error', () => {})
    socket.on('end', () => socket.end())
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    if (request.url === '/closing') setTimeout(() => socket.destroy(), 10)
    else socket.pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    /** How many connections are open to it. */
    connections: () =>
      new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count))),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
