import { connect, type Socket } from 'node:net'
import { capturedLog, until } from '@alicerce/testing'
import { onTestFinished, test } from 'vitest'
import { createReverseProxy, readProxyConfiguration } from '#src/index.ts'
import { answer } from './forwarding/answer.ts'
import { startRawUpstream } from './forwarding/raw-upstream.ts'

/** A client that has sent a part of its body, and has its answer already. */
async function startAnsweredEarly(length: number): Promise<{ socket: Socket; received(): string }> {
  const upstream = await startRawUpstream({ request: (socket) => socket.write(answer('early')) })
  const section = {
    Routes: { r: { ClusterId: 'c', Match: { Path: '/{**rest}' } } },
    Clusters: { c: { Destinations: { d: { Address: upstream.origin } } } },
  }
  const configuration = readProxyConfiguration(section, { authorizationPolicies: [] })
  const proxy = createReverseProxy({ configuration, log: capturedLog(), bodyLimit: 100_000_000 })
  onTestFinished(() => proxy.close(200))
  const [port] = await proxy.listen({ host: '127.0.0.1', port: 0 })
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {})
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
  })
  socket.write(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${length}\r\n\r\npart`)
  await until(() => text.endsWith('early'))
  return { socket, received: () => text }
}

test('GW-60 a client that has its answer early goes on with its body, and with its next request', async () => {
  const { socket, received } = await startAnsweredEarly(2_000_004)
  socket.write(Buffer.alloc(2_000_000))
  socket.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n')
  await until(() => received().split('early').length === 3)
})

test('GW-60 but not without end', async () => {
  const { socket } = await startAnsweredEarly(50_000_004)
  socket.write(Buffer.alloc(50_000_000))
  await new Promise((resolve) => socket.once('close', resolve))
})
