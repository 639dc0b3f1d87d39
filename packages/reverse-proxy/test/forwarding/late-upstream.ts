import { type AddressInfo, createServer } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { answer } from './answer.ts'

/**
 * An upstream in a thread of its own: it answers with the path, and a little later sends what nobody asked for, or ends the connection.
 * Then it sets the first number of `workerData` to 1.
 */
const hasSaid = new Int32Array(workerData as SharedArrayBuffer)
const notify = () => {
  Atomics.store(hasSaid, 0, 1)
  Atomics.notify(hasSaid, 0)
}
const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {})
  socket.on('data', (head) => {
    const path = head.toString('latin1').split(' ')[1] ?? ''
    socket.write(answer(path))
    if (path === '/forge') setTimeout(() => socket.write(answer('forged'), notify), 5)
    if (path === '/end') setTimeout(() => socket.end(notify), 5)
  })
})
server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port))
