import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { closing } from '../fixtures.ts'
import { type ParsedRequest, parseRequests } from './strict-parser.ts'

/** What a client got, and whether the other side closed the connection. */
export type Conversation = { answer: string; statuses: number[]; isClosed: boolean }

/** Sends bytes as they are, and waits until the other side closes or has been quiet for so long after so many answers, or silent. */
export async function converse(
  port: number,
  bytes: string | string[],
  quietMilliseconds = 300,
  silentMilliseconds = 20_000,
  answers = 1,
): Promise<Conversation> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.setNoDelay(true)
  let answer = ''
  let isClosed = false
  const { promise, resolve } = Promise.withResolvers<void>()
  let quiet = setTimeout(resolve, silentMilliseconds)
  const wait = () => {
    if (statusesOf(answer).length < answers) return
    clearTimeout(quiet)
    quiet = setTimeout(resolve, quietMilliseconds)
  }
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1')
    wait()
  })
  socket.on('error', () => {})
  const closed = () => {
    isClosed = true
    resolve()
  }
  socket.on('end', closed)
  socket.on('close', closed)
  for (const part of [bytes].flat()) {
    socket.write(part, 'latin1')
    if (Array.isArray(bytes)) await new Promise((go) => setTimeout(go, 20))
  }
  await promise
  clearTimeout(quiet)
  socket.destroy()
  return { answer, statuses: statusesOf(answer), isClosed }
}

/** Of answers whose bodies hold no status line. */
const statusesOf = (answer: string) =>
  [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))

/** A service made of bytes: `onBytes` is called with all that a connection has brought so far. */
export async function startRawService(onBytes: (socket: Socket, received: string) => void) {
  const sockets: Socket[] = []
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.push(socket)
    let received = ''
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      onBytes(socket, received)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { sockets, port, address: `http://127.0.0.1:${port}/` }
}

/** A service that keeps every byte, reads it with a strict parser of its own, and answers each request it finds with `ok`. */
export async function startRecorder(isLenient = false) {
  const recorded = {
    requests: [] as ParsedRequest[],
    faults: [] as string[],
    rests: new Map<Socket, string>(),
  }
  const answered = new Map<Socket, number>()
  const service = await startRawService((socket, received) => {
    try {
      const { requests, rest } = parseRequests(received, isLenient)
      recorded.rests.set(socket, rest)
      for (const request of requests.slice(answered.get(socket) ?? 0)) {
        recorded.requests.push(request)
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n${request.method === 'HEAD' ? '' : 'ok'}`)
      }
      answered.set(socket, requests.length)
    } catch (error) {
      recorded.faults.push(`${error}`)
      socket.destroy()
    }
  })
  return {
    ...service,
    ...recorded,
    /** Whether not one byte of a request came. */
    isUntouched: () => recorded.rests.size === 0 && recorded.faults.length === 0,
    clear() {
      recorded.requests.length = 0
      recorded.faults.length = 0
      recorded.rests.clear()
    },
  }
}
