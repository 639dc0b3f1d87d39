// A process of its own: 64 WebSockets, each of which sends a message of 200 bytes as soon as the one before has come back.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { loadResultOf } from '../load-result.ts'
import { readFrame, textFrame } from '../web-socket-frames.ts'

const connections = 64

const [address = '', seconds, authorization = ''] = process.argv.slice(2)
const { hostname, port, host, pathname } = new URL(address)
const message = 'x'.repeat(200)
const frame = textFrame(message, Buffer.from('mask'))
const milliseconds: number[] = []
let errors = 0

async function open(): Promise<Socket> {
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  socket.write(
    `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${authorization}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  )
  const [answer] = (await once(socket, 'data')) as [Buffer]
  if (!answer.toString('latin1').startsWith('HTTP/1.1 101 ')) throw new Error(answer.toString('latin1'))
  return socket
}

function converse(socket: Socket, until: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let pending: Buffer = Buffer.alloc(0)
  let beganAt = performance.now()
  const send = () => {
    beganAt = performance.now()
    socket.write(frame)
  }
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk])
    const answer = readFrame(pending)
    if (!answer) return
    pending = answer.rest
    if (answer.text !== message) errors++
    milliseconds.push(performance.now() - beganAt)
    if (performance.now() < until) send()
    else resolve()
  })
  socket.on('error', () => errors++)
  socket.on('close', () => {
    if (performance.now() < until) errors++
    resolve()
  })
  send()
  return promise
}

const sockets = await Promise.all(Array.from({ length: connections }, open))
const startedAt = performance.now()
await Promise.all(sockets.map((socket) => converse(socket, startedAt + Number(seconds) * 1000)))
const took = (performance.now() - startedAt) / 1000
for (const socket of sockets) socket.destroy()
process.stdout.write(JSON.stringify(loadResultOf(milliseconds, took, errors)))
