import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import type { Exchange } from '#src/index.ts'
import { closeAll, closing } from '../fixtures.ts'
import { handshake, openOffer, openRaw, start, startHttp1Service } from './peers.ts'

afterEach(closeAll)

const open = `GET /api/a HTTP/1.1\r\nHost: h\r\n${handshake}\r\n`

/** A service that answers every offer with these bytes, or cuts its connection. */
async function startFailing(bytes: string | undefined) {
  let offers = 0
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      offers++
      if (bytes === undefined) socket.resetAndDestroy()
      else socket.end(bytes)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return { address, offers: () => offers, close: () => server.close() }
}

const busy = 'HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy'

async function startBefore(first: string, second: string, { Resilience = {}, hooks = {} } = {}) {
  const ended: Exchange[] = []
  const cluster = {
    Destinations: { a: { Address: first }, b: { Address: second } },
    LoadBalancingPolicy: 'FirstAlphabetical',
    Resilience,
  }
  const end = (exchange: Exchange) => void ended.push(exchange)
  return { ...(await start('', { cluster, hooks: { ...hooks, end } })), ended }
}

const Retry = { Backoff: '00:00:00.001' }

test.each([
  ['cuts the connection', undefined],
  ['answers by a failure', busy],
  ['answers by something else', 'what is this\r\n\r\n'],
])(
  'GW-29 an offer to a service that %s is made to the next, from HTTP/1.1 and HTTP/2',
  async (_what, bytes) => {
    const failing = await startFailing(bytes)
    const service = await startHttp1Service()
    const { port, http2Port, ended } = await startBefore(failing.address, service.address, {
      Resilience: { Retry },
    })
    const peers = [openRaw(port, open), await openOffer(http2Port, { ':path': '/api/a' })]
    await until(() => peers[0]?.heard.startsWith('HTTP/1.1 101') && peers[1]?.status === 200)
    expect([failing.offers(), service.seen.length]).toEqual([2, 2])
    for (const { stream } of peers) stream.write('one')
    await until(() => peers.every(({ heard }) => heard.endsWith('echo one')))
    for (const { stream } of peers) stream.end()
    await until(() => ended.length === 2)
    expect(ended.map(({ attempts, destination, error }) => [attempts, destination, error])).toEqual(
      new Array(2).fill([2, 'c/b', 'None']),
    )
  },
)

test('GW-29 an offer is made to a service that takes no connection but once, and to others in its place', async () => {
  const gone = await startFailing(undefined)
  gone.close()
  const service = await startHttp1Service()
  const { port } = await startBefore(gone.address, service.address, { Resilience: { Retry } })
  const peer = openRaw(port, open)
  await until(() => peer.heard.startsWith('HTTP/1.1 101'))
  expect(gone.offers()).toBe(0)
})

test('GW-29 without a policy, beyond its attempts, or with what is sent once, the failure is the client’s', async () => {
  const [one, two] = [await startFailing(busy), await startFailing(busy)]
  const plain = await startBefore(one.address, two.address)
  const tried = await startBefore(one.address, two.address, {
    Resilience: { Retry: { ...Retry, Attempts: 2 } },
  })
  const once = await startBefore(one.address, two.address, {
    Resilience: { Retry },
    hooks: {
      authorize(exchange: Exchange) {
        exchange.isSentOnce = true
      },
    },
  })
  for (const [{ port }, offers] of [
    [plain, 1],
    [tried, 2],
    [once, 1],
  ] as const) {
    const before = one.offers() + two.offers()
    const peer = openRaw(port, open)
    await until(() => peer.heard.endsWith('busy'))
    expect(one.offers() + two.offers() - before).toBe(offers)
  }
})

test('GW-29 GW-59 a client that leaves between two attempts makes no other', async () => {
  const [one, two] = [await startFailing(busy), await startFailing(busy)]
  const Resilience = { Retry: { Backoff: '01:00:00', LongestBackoff: '01:00:00' } }
  const { port, ended } = await startBefore(one.address, two.address, { Resilience })
  const peer = openRaw(port, open)
  await until(() => one.offers() === 1)
  await new Promise((resolve) => setTimeout(resolve, 50))
  peer.stream.destroy()
  await until(() => ended.length === 1)
  expect([one.offers() + two.offers(), ended[0]?.error]).toEqual([1, 'RequestCanceled'])
})
