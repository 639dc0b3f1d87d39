import { once } from 'node:events'
import { connect, createServer, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { IdleSessions } from '#src/servers/idle-sessions.ts'
import { closeAll, closing } from '../fixtures.ts'

afterEach(closeAll)

test('GW-49 a connection of HTTP/2 that nobody uses is told to go, and one with an open stream stays', async () => {
  const idle = new IdleSessions({ idleMilliseconds: 200, sweepMilliseconds: 20 })
  const held: ServerHttp2Stream[] = []
  const server = createServer()
  server.on('session', (session) => idle.watch(session))
  server.on('stream', (stream, headers) => {
    stream.respond()
    if (headers[':path'] === '/held') held.push(stream)
    else stream.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const open = () => {
    const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    closing.push(() => session.destroy())
    return session
  }
  closing.push(
    () => server.close(),
    () => idle.close(),
  )
  const [silent, done, busy] = [open(), open(), open()]
  done.request({ ':path': '/' }).resume()
  const stream = busy.request({ ':path': '/held' })
  stream.resume()
  await until(() => silent.destroyed && done.destroyed)
  expect([busy.closed, busy.destroyed]).toEqual([false, false])
  held[0]?.end()
  await once(stream, 'close')
  await until(() => busy.destroyed)
})
