import { type AddressInfo, createServer } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { answer } from './answer.ts'

/**
 * An upstream in a thread of its own. It answers with the path; when it gets a message it sends on the connection of the last request what
 * nobody asked for, or ends it. Then it sets the first number of `workerData` to 1.
 */
const hasSaid = new Int32Array(workerData as SharedArrayBuffer)
const notify = () => {
  Atomics.store(hasSaid, 0, 1)
  Atomics.notify(hasSaid, 0)
}
let sayMore = () => {}
parentPort?.on('message', () => sayMore())
const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {})
  socket.on('data', (head) => {
    const path = head.toString('latin1').split(' ')[1] ?? ''
    sayMore = () => void (path === '/end' ? socket.end(notify) : socket.write(answer('forged'), notify))
    socket.write(answer(path))
  })
})
server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port))
