import { connect } from 'node:http2'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { closeAll, closing, startProxy, startUpstream } from '../fixtures.ts'

afterEach(closeAll)

/** A proxy that caches, and a client's session of HTTP/2 with it. */
async function start(handler: Parameters<typeof startUpstream>[0]) {
  const upstream = await startUpstream(handler)
  const sections = {
    Policies: { OutputCache: { p: {} } },
    Listeners: { two: { Url: 'http://127.0.0.1:0', Protocols: 'Http2' } },
  }
  const results: unknown[] = []
  const hooks = { end: (exchange: { outputCache: unknown }) => results.push(exchange.outputCache) }
  const { ports, url } = await startProxy(upstream.address, { OutputCachePolicy: 'p' }, hooks, {}, sections)
  const session = connect(`http://127.0.0.1:${ports[1]}`)
  session.on('error', () => {})
  closing.push(() => session.destroy())
  const open = (headers = {}) => session.request({ ':path': '/api/a', ':authority': 'h.test', ...headers })
  const ask = async (headers = {}) => {
    const stream = open(headers)
    let [body, status, hasAge]: unknown[] = ['']
    stream.on('response', (found) => {
      status = found[':status']
      hasAge = found.age !== undefined
    })
    stream.on('data', (chunk) => {
      body += String(chunk)
    })
    await new Promise((resolve) => stream.on('close', resolve))
    return { status, hasAge, body }
  }
  return { upstream, url, results, open, ask }
}

test('GW-46 GW-49 clients of HTTP/2 share what is stored, and one fetch', async () => {
  const waiting: (() => void)[] = []
  const { upstream, results, ask } = await start((_request, response) => {
    waiting.push(() => response.writeHead(200, { 'cache-control': 'max-age=60', etag: '"1"' }).end('x'))
  })
  const answers = [ask(), ask(), ask()]
  await until(() => waiting.length === 1)
  waiting[0]?.()
  for (const answer of await Promise.all(answers)) expect(answer).toMatchObject({ status: 200, body: 'x' })
  expect(await ask()).toEqual({ status: 200, hasAge: true, body: 'x' })
  expect(await ask({ ':method': 'HEAD' })).toEqual({ status: 200, hasAge: true, body: '' })
  expect(await ask({ 'if-none-match': '"1"' })).toEqual({ status: 304, hasAge: true, body: '' })
  expect(upstream.seen).toHaveLength(1)
  expect(results.toSorted()).toEqual([...Array(5).fill('hit'), 'miss'])
})

test('GW-46 GW-49 a stream that is reset leaves the fetch to the others', async () => {
  const waiting: (() => void)[] = []
  const { upstream, open, ask } = await start((_request, response) => {
    waiting.push(() => response.writeHead(200, { 'cache-control': 'max-age=60' }).end('x'))
  })
  const first = open()
  first.on('error', () => {})
  await until(() => waiting.length === 1)
  const second = ask()
  await new Promise((resolve) => setTimeout(resolve, 100))
  first.close(8)
  await new Promise((resolve) => setTimeout(resolve, 100))
  waiting[0]?.()
  expect(await second).toMatchObject({ status: 200, body: 'x' })
  expect(upstream.seen).toHaveLength(1)
})
