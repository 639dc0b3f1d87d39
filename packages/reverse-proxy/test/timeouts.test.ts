import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import type { Exchange } from '#src/index.ts'
import { closeAll, closing, raw, startProxy, startUpstream } from './fixtures.ts'

afterEach(closeAll)

const short = { Timeout: '00:00:00.3' }
const get = 'GET /api/a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n'

async function start(handler: Parameters<typeof startUpstream>[0], route: object, sections: object = {}) {
  const upstream = await startUpstream(handler)
  const ended: Exchange[] = []
  const end = (exchange: Exchange) => void ended.push(exchange)
  return { upstream, ended, ...(await startProxy(upstream.address, route, { end }, {}, sections)) }
}

test('GW-24 an answer that has begun is broken off when the time is over, and never ends as if it were whole', async () => {
  let isGone = false
  const { port, ended } = await start((_request, response) => {
    response.on('close', () => (isGone = true))
    response.write('first')
  }, short)
  const answer = await raw(port, get, 20_000)
  expect(answer).toMatch(/^HTTP\/1.1 200 /)
  expect(answer, 'no last chunk').not.toMatch(/\r\n0\r\n\r\n$/)
  await until(() => isGone)
  expect(ended[0]).toMatchObject({ status: 200, error: 'ResponseBodyDestination' })
})

test('GW-24 a WebSocket that is open outlives the time, and a stream does where the route disables it', async () => {
  const { port, upstream } = await start(() => {}, short)
  upstream.server.on('upgrade', (_request, socket) => {
    socket.on('error', () => {})
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    socket.pipe(socket)
  })
  const socket = connect({ port, host: '127.0.0.1' })
  closing.push(() => socket.destroy())
  const lines = ['Host: h', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']
  socket.write(
    `GET /api/a HTTP/1.1\r\n${lines.join('\r\n')}\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
  )
  await once(socket, 'data')
  await sleep(700)
  socket.write('still here')
  const [echoed] = await once(socket, 'data')
  expect(String(echoed)).toBe('still here')

  const slow = await start(
    (_request, response) => {
      response.write('first,')
      setTimeout(() => response.end('last'), 700)
    },
    { TimeoutPolicy: 'Disable' },
  )
  expect(await (await fetch(`${slow.url}/api/a`)).text()).toBe('first,last')
})
