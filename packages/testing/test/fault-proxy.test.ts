import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { faultProxy } from '#src/index.ts'

/** An echo server behind a proxy, and a connection through it. */
async function echoBehindProxy() {
  const server = createServer((socket) => socket.pipe(socket).on('error', () => {})).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxy = await faultProxy({ target: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` })
  onTestFinished(async () => {
    await proxy.close()
    server.close()
  })
  const open = () => connect(proxy.port, '127.0.0.1').on('error', () => {})
  return { proxy, open }
}

async function echo(socket: ReturnType<typeof connect>, text: string): Promise<string> {
  socket.write(text)
  const [chunk] = await once(socket, 'data')
  return String(chunk)
}

test('it carries bytes both ways, and ends both ways', async () => {
  const { open } = await echoBehindProxy()
  const socket = open()
  expect(await echo(socket, 'hello')).toBe('hello')
  socket.end()
  await once(socket, 'end')
})

test('it delays', async () => {
  const { proxy, open } = await echoBehindProxy()
  const socket = open()
  await echo(socket, 'warm')
  proxy.delay(60)
  const started = performance.now()
  await echo(socket, 'slow')
  expect(performance.now() - started).toBeGreaterThan(100)
})

test('a cut resets what is open and what comes, until it is mended', async () => {
  const { proxy, open } = await echoBehindProxy()
  const socket = open()
  await echo(socket, 'before')
  proxy.cut()
  await expect(once(socket, 'data')).rejects.toMatchObject({ code: 'ECONNRESET' })
  await expect(echo(open(), 'refused')).rejects.toMatchObject({ code: 'ECONNRESET' })
  proxy.resume()
  expect(await echo(open(), 'again')).toBe('again')
})

test('frozen, it carries nothing and loses nothing', async () => {
  const { proxy, open } = await echoBehindProxy()
  const socket = open()
  await echo(socket, 'before')
  proxy.freeze()
  const answer = echo(socket, 'held')
  expect(await Promise.race([answer, sleep(100, 'silence')])).toBe('silence')
  proxy.resume()
  expect(await answer).toBe('held')
})

test('it leads elsewhere, and leaves nobody with the server of before', async () => {
  const { proxy, open } = await echoBehindProxy()
  const before = open()
  await echo(before, 'here')
  const closed = new Promise((resolve) => before.once('close', resolve)) // after a reset, which is an error
  const other = createServer((socket) => socket.on('error', () => {}).end('there')).listen(0, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => void other.close())
  proxy.lead(`tcp://127.0.0.1:${(other.address() as AddressInfo).port}`)
  await closed
  const [chunk] = await once(open(), 'data')
  expect(String(chunk)).toBe('there')
})

// Other systems than Linux have one loopback address.
test.runIf(process.platform === 'linux')(
  'it listens at another address on the port of its target',
  async () => {
    const server = createServer((socket) => socket.pipe(socket).on('error', () => {})).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const proxy = await faultProxy({ target: `tcp://127.0.0.1:${port}`, host: '127.0.0.2' })
    expect([proxy.port, proxy.url]).toEqual([port, `tcp://127.0.0.2:${port}`])
    const socket = connect(port, '127.0.0.2').on('error', () => {})
    expect(await echo(socket, 'hello')).toBe('hello')
    proxy.cut()
    await once(socket, 'close')
    await proxy.close()
    server.close()
  },
)
