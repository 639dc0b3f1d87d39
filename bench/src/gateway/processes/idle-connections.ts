// A process of its own: opens connections, sends one request on each, and keeps them open.
import { connect } from 'node:net'

const atOnce = 50

const [address = '', count, authorization = ''] = process.argv.slice(2)
const { hostname, port, host, pathname } = new URL(address)

function open(): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const socket = connect({ host: hostname, port: Number(port) })
  let text = ''
  socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${authorization}\r\n\r\n`)
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
    if (!text.startsWith('HTTP/1.1 200 ')) reject(new Error(text))
    if (text.endsWith('"}')) resolve()
  })
  socket.once('error', reject)
  return promise
}

for (let opened = 0; opened < Number(count); opened += atOnce)
  await Promise.all(Array.from({ length: atOnce }, open))
process.send?.('ready')
