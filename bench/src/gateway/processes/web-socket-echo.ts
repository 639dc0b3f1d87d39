// A process of its own: answers each message of a WebSocket with the same.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { readFrame, textFrame } from '../web-socket-frames.ts'

/** RFC 6455 §1.3. */
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

const server = createServer((_request, response) => void response.writeHead(426).end())
server.on('upgrade', ({ headers }, socket, head) => {
  const accept = createHash('sha1').update(`${headers['sec-websocket-key']}${guid}`).digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  let pending: Buffer = head
  const take = (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
    for (let frame = readFrame(pending); frame; frame = readFrame(pending)) {
      pending = frame.rest
      socket.write(textFrame(frame.text))
    }
  }
  socket.on('data', take)
  socket.on('error', () => socket.destroy())
})
server.listen(Number(process.argv[2]), '127.0.0.1', () => process.send?.('ready'))
