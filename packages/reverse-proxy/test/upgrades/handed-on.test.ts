import { capturedLog, until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { createReverseProxy, type Exchange, readProxyConfiguration } from '#src/index.ts'
import { closeAll, closing, raw, startProxy } from '../fixtures.ts'
import { handshake, openRaw, startHttp1Service } from './peers.ts'

afterEach(closeAll)

const offer = `GET /web HTTP/1.1\r\nHost: h\r\n${handshake}\r\n`

test('GW-52 an app hands a WebSocket that no route takes on to a proxy of its own', async () => {
  const upstream = await startHttp1Service()
  const section = {
    Routes: { web: { ClusterId: 'c', Match: { Path: '/{**rest}' } } },
    Clusters: { c: { Destinations: { d: { Address: upstream.address } } } },
  }
  const inner = createReverseProxy({ configuration: readProxyConfiguration(section, {}), log: capturedLog() })
  closing.push(() => inner.close(100))
  const ended: Exchange[] = []
  const { port, proxy } = await startProxy(
    'http://127.0.0.1:9/',
    {},
    {
      unmatched({ request }, response) {
        inner.serve(request, response)
        return true
      },
      unmatchedUpgrade({ request }, response) {
        inner.serve(request, response)
        return true
      },
      end: (exchange) => ended.push(exchange),
    },
  )
  const peer = openRaw(port, offer)
  await until(() => peer.heard.startsWith('HTTP/1.1 101 '))
  peer.stream.write('one')
  await until(() => peer.heard.endsWith('echo one'))
  expect(await raw(port, 'GET /web HTTP/1.1\r\nHost: h\r\n\r\n')).toContain('plain /web')
  // Nobody waits for it in vain.
  await proxy.close(300)
  await until(() => peer.isClosed || peer.hasEnded)
  await until(() => ended.length === 2)
  expect(ended.map(({ status }) => status)).toEqual([200, 101])
})

test('GW-52 one that nobody takes gets 404', async () => {
  const { port } = await startProxy('http://127.0.0.1:9/', {}, { unmatchedUpgrade: () => false })
  expect(await raw(port, offer)).toMatch(/^HTTP\/1\.1 404 /)
})
