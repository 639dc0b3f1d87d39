import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** An upstream that answers with bytes, as wrong as they may be. */
export type RawUpstream = {
  readonly origin: string
  /** All connections that there ever were. */
  readonly sockets: Socket[]
  /** What came on each of them, as latin1. */
  readonly received: string[]
  /** How many connections are open. */
  open(): number
}

/** What an upstream does: called for each connection and for each head of a request. */
export type RawBehaviour = {
  connected?(socket: Socket): void
  request?(socket: Socket, head: string): void
}

/** Starts an upstream that lasts as long as the test. `server` may be one for TLS. */
export async function startRawUpstream(
  { connected, request }: RawBehaviour,
  server: Server = createServer(),
  scheme = 'http',
): Promise<RawUpstream> {
  const sockets: Socket[] = []
  const received: string[] = []
  server.on(scheme === 'https' ? 'secureConnection' : 'connection', (socket: Socket) => {
    const number = sockets.push(socket) - 1
    received[number] = ''
    let head = ''
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      received[number] += chunk.toString('latin1')
      head += chunk.toString('latin1')
      // Of a long body only what could be the end of a head is of interest.
      if (head.length > 100_000) head = head.slice(-3)
      if (!head.includes('\r\n\r\n')) return
      const complete = head
      head = ''
      request?.(socket, complete)
    })
    connected?.(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const open = () => sockets.filter((socket) => !socket.destroyed).length
  return { origin: `${scheme}://127.0.0.1:${port}`, sockets, received, open }
}
