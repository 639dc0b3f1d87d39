import { capturedLog } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { createReverseProxy, type ProxyHooks, readProxyConfiguration } from '#src/index.ts'
import { closeAll, closing, raw } from './fixtures.ts'

afterEach(closeAll)

const own = { ClusterId: 'own', Match: { Path: '/own/{**rest}' } }

async function startOwn(hooks: ProxyHooks) {
  const configuration = readProxyConfiguration({ Routes: { own } }, { ownClusters: ['own'] })
  const log = capturedLog()
  const proxy = createReverseProxy({ configuration, hooks, log })
  closing.push(() => proxy.close(200))
  const [port] = await proxy.listen({ host: '127.0.0.1', port: 0 })
  return { port, log, url: `http://127.0.0.1:${port}/own` }
}

const answer = () => ({ status: 200, type: 'application/json', body: '{"own":true}' }) as const

test('GW-71 a route of the app’s own is answered by the app, with headers finished as all are, and HEAD without a body', async () => {
  const { url } = await startOwn({ answer, finishHeaders: (_, headers) => [...headers, 'x-finished', '1'] })
  const response = await fetch(url)
  expect([response.status, await response.json()]).toEqual([200, { own: true }])
  expect(response.headers.get('x-finished')).toBe('1')
  expect(response.headers.get('cache-control')).toBe('no-store')
  const head = await fetch(url, { method: 'HEAD' })
  expect([head.status, await head.text(), head.headers.get('content-length')]).toEqual([200, '', '12'])
})

test('GW-71 nobody gets an answer whom authorize refuses', async () => {
  const refusal = { status: 403, code: 'no', title: 'No', detail: 'No.' }
  const { url } = await startOwn({ answer, authorize: () => refusal })
  expect((await fetch(url)).status).toBe(403)
})

test('GW-71 an answer that fails is 500, one that nobody gives 404, and none is given to an upgrade', async () => {
  const failing = await startOwn({
    answer() {
      throw new Error('secret')
    },
  })
  const response = await fetch(failing.url)
  expect([response.status, await response.text()]).toEqual([500, expect.not.stringContaining('secret')])
  expect((await fetch((await startOwn({})).url)).status).toBe(404)
  const { port } = await startOwn({ answer })
  const head =
    'GET /own HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nUpgrade: websocket\r\n\r\n'
  expect(await raw(port, head)).toMatch(/^HTTP\/1.1 404 /)
})

test('GW-71 a cluster of the app’s own name is a fault', () => {
  const Clusters = { own: { Destinations: { d: { Address: 'http://d.test' } } } }
  expect(() => readProxyConfiguration({ Routes: { own }, Clusters }, { ownClusters: ['own'] })).toThrow(
    'Clusters.own is a reserved name',
  )
  expect(() => readProxyConfiguration({ Routes: { own } }, {})).toThrow('names no cluster (own)')
})
