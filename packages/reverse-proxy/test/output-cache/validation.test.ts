import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { closeAll, type Handler } from '../fixtures.ts'
import { ask, counting, startCached } from './fixtures.ts'

afterEach(closeAll)

/** A service that confirms what has its tag, and counts what it sends whole. */
function confirming(headers: Record<string, string>, confirmed: Record<string, string> = {}): Handler {
  let count = 0
  return (request, response) => {
    if (request.headers['if-none-match'] === '"v1"') return void response.writeHead(304, confirmed).end()
    count++
    response.writeHead(200, { etag: '"v1"', ...headers }).end(`whole ${count}`)
  }
}

test('GW-46 no-cache is stored, and confirmed by the service each time', async () => {
  const { url, upstream, results } = await startCached(
    confirming({ 'cache-control': 'no-cache, max-age=60' }),
  )
  for (const _ of [1, 2, 3]) expect(await ask(`${url}/api/a`)).toMatchObject({ status: 200, body: 'whole 1' })
  expect(upstream.seen.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"v1"', '"v1"'])
  expect(results()).toEqual(['miss', 'revalidated', 'revalidated'])
})

test('GW-46 a 304 renews freshness and headers, but not what says how to read the body', async () => {
  const { url, upstream, pass } = await startCached(
    confirming(
      {
        'cache-control': 'max-age=10',
        'x-kept': 'a',
        'x-changed': 'a',
        'content-type': 'text/plain',
        'content-encoding': 'br',
      },
      {
        'cache-control': 'max-age=20',
        'x-changed': 'b',
        'x-new': 'b',
        'content-type': 'image/png',
        'content-encoding': 'gzip',
      },
    ),
  )
  await ask(`${url}/api/a`)
  pass(10)
  const expected = {
    'x-kept': 'a',
    'x-changed': 'b',
    'x-new': 'b',
    'content-type': 'image/png',
    'content-encoding': 'br',
    'content-length': '7',
    'cache-control': 'max-age=20',
  }
  expect(await ask(`${url}/api/a`)).toMatchObject({ body: 'whole 1', headers: { ...expected, age: '0' } })
  pass(19)
  expect(await ask(`${url}/api/a`)).toMatchObject({ body: 'whole 1', headers: { ...expected, age: '19' } })
  expect(upstream.seen).toHaveLength(2)
})

test('GW-46 Last-Modified confirms too', async () => {
  const modified = 'Thu, 01 Oct 2026 10:00:00 GMT'
  const { url, upstream } = await startCached((request, response) => {
    const has = request.headers['if-modified-since'] === modified
    response.writeHead(has ? 304 : 200, { 'cache-control': 'max-age=0', 'last-modified': modified })
    response.end(has ? undefined : 'whole')
  })
  await ask(`${url}/api/a`)
  expect(await ask(`${url}/api/a`)).toMatchObject({ status: 200, body: 'whole' })
  expect(upstream.seen[1]?.headers['if-modified-since']).toBe(modified)
})

test('GW-46 another answer replaces what is stored', async () => {
  let version = 1
  const { url, pass } = await startCached((_request, response) => {
    response.writeHead(200, { etag: `"v${version}"`, 'cache-control': 'max-age=10' }).end(`v${version}`)
  })
  await ask(`${url}/api/a`)
  pass(10)
  version = 2
  expect((await ask(`${url}/api/a`)).body).toBe('v2')
  version = 3
  expect((await ask(`${url}/api/a`)).body).toBe('v2')
})

test('GW-46 a 304 that names another version brings no wrong body: it is fetched whole', async () => {
  const { url, upstream } = await startCached((request, response) => {
    const asked = request.headers['if-none-match']
    if (asked) response.writeHead(304, { etag: '"v2"' }).end()
    else response.writeHead(200, { etag: '"v1"', 'cache-control': 'no-cache' }).end('whole')
  })
  await ask(`${url}/api/a`)
  expect(await ask(`${url}/api/a`)).toMatchObject({ status: 200, body: 'whole' })
  expect(upstream.seen.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"v1"', undefined])
})

test('GW-46 a cookie that comes with a 304 is for that client alone', async () => {
  const { url } = await startCached(
    confirming(
      { 'cache-control': 'max-age=0' },
      { 'set-cookie': 'session=1', 'cache-control': 'max-age=60' },
    ),
  )
  await ask(`${url}/api/a`)
  const first = await ask(`${url}/api/a`)
  expect(first).toMatchObject({ body: 'whole 1', headers: { 'set-cookie': ['session=1'] } })
  const next = await ask(`${url}/api/a`)
  expect(next).toMatchObject({ body: 'whole 1', headers: { age: '0' } })
  expect(next.headers).not.toHaveProperty('set-cookie')
})

test('GW-46 a 304 that makes the answer private makes it forgotten', async () => {
  const { url, proxy } = await startCached(
    confirming({ 'cache-control': 'max-age=0' }, { 'cache-control': 'private, max-age=60' }),
  )
  await ask(`${url}/api/a`)
  expect((await ask(`${url}/api/a`)).body).toBe('whole 1')
  expect(proxy.outputCacheBytes()).toBe(0)
  expect((await ask(`${url}/api/a`)).body).toBe('whole 2')
})

test.each([
  ['its tag', { 'if-none-match': '"v1"' }],
  ['its tag, weakly', { 'if-none-match': 'W/"v1"' }],
  ['its tag among others', { 'if-none-match': '"a,b", "v1"' }],
  ['any', { 'if-none-match': '*' }],
  ['its date', { 'if-modified-since': 'Thu, 01 Oct 2026 10:00:00 GMT' }],
  ['a later date', { 'if-modified-since': 'Fri, 02 Oct 2026 10:00:00 GMT' }],
])('GW-46 a client that has %s is told so from what is stored', async (_what, headers) => {
  const { url, upstream, exchanges } = await startCached(
    confirming({ 'cache-control': 'max-age=60', 'last-modified': 'Thu, 01 Oct 2026 10:00:00 GMT' }),
  )
  await ask(`${url}/api/a`)
  const answer = await ask(`${url}/api/a`, { headers })
  expect(answer).toMatchObject({ status: 304, body: '', headers: { etag: '"v1"', age: '0' } })
  expect(answer.headers).not.toHaveProperty('content-length')
  expect(upstream.seen).toHaveLength(1)
  expect(exchanges[1]).toMatchObject({ outputCache: 'hit', status: 304 })
})

test.each([
  ['another tag', { 'if-none-match': '"v2"' }],
  [
    'another tag, with its date',
    {
      'if-none-match': '"v2"',
      'if-modified-since': 'Thu, 01 Oct 2026 10:00:00 GMT',
    },
  ],
  ['an earlier date', { 'if-modified-since': 'Wed, 30 Sep 2026 10:00:00 GMT' }],
  ['no date at all', { 'if-modified-since': 'yesterday' }],
])('GW-46 a client that has %s gets the whole', async (_what, headers) => {
  const { url } = await startCached(
    confirming({ 'cache-control': 'max-age=60', 'last-modified': 'Thu, 01 Oct 2026 10:00:00 GMT' }),
  )
  await ask(`${url}/api/a`)
  expect(await ask(`${url}/api/a`, { headers })).toMatchObject({ status: 200, body: 'whole 1' })
})

test('GW-46 a client’s condition is answered on a miss too, and the whole is stored for others', async () => {
  const { url, upstream } = await startCached(confirming({ 'cache-control': 'max-age=60' }))
  expect(await ask(`${url}/api/a`, { headers: { 'if-none-match': '"v1"' } })).toMatchObject({ status: 304 })
  expect(upstream.seen[0]?.headers).not.toHaveProperty('if-none-match')
  expect(await ask(`${url}/api/a`)).toMatchObject({ status: 200, body: 'whole 1', headers: { age: '0' } })
})

test.each([
  ['Range', { range: 'bytes=0-1' }],
  ['If-Match', { 'if-match': '"v1"' }],
  ['If-Unmodified-Since', { 'if-unmodified-since': 'Thu, 01 Oct 2026 10:00:00 GMT' }],
])('GW-46 %s goes to the service as it is, and nothing is stored of it', async (_what, headers) => {
  const { url, upstream, results, proxy } = await startCached((request, response) => {
    response.writeHead(request.headers.range ? 206 : 200, { 'cache-control': 'max-age=60' }).end('ab')
  })
  await ask(`${url}/api/a`, { headers })
  expect(proxy.outputCacheBytes()).toBe(0)
  await ask(`${url}/api/a`)
  await ask(`${url}/api/a`, { headers })
  expect(upstream.seen[2]?.headers).toMatchObject(headers)
  expect(results()).toEqual(['bypass', 'miss', 'bypass'])
})

test('GW-46 stale-while-revalidate: what is stored is given at once, and one fetch renews it behind', async () => {
  let release = () => {}
  let count = 0
  const started = await startCached(
    (_request, response) => {
      count++
      const send = () => response.writeHead(200, { 'cache-control': 'max-age=10' }).end(`answer ${count}`)
      if (count === 1) send()
      else release = send
    },
    { policy: { StaleWhileRevalidate: '00:00:30' } },
  )
  const { url, upstream, pass, results } = started
  await ask(`${url}/api/a`)
  pass(20)
  const stale = await Promise.all([1, 2, 3].map(() => ask(`${url}/api/a`)))
  expect(stale.map(({ body, headers }) => [body, headers.age])).toEqual(Array(3).fill(['answer 1', '20']))
  await until(() => upstream.seen.length === 2)
  release()
  await until(async () => (await ask(`${url}/api/a`)).body === 'answer 2')
  expect(upstream.seen).toHaveLength(2)
  expect(new Set(results())).toEqual(new Set(['miss', 'stale', 'hit']))
})

test('GW-46 beyond stale-while-revalidate the client waits', async () => {
  const { url, pass } = await startCached(
    counting({ 'cache-control': 'max-age=10, stale-while-revalidate=5' }),
    { policy: { StaleWhileRevalidate: '01:00:00' } },
  )
  await ask(`${url}/api/a`)
  pass(15)
  expect((await ask(`${url}/api/a`)).body).toBe('answer 2')
})

test.each([
  'max-age=10, must-revalidate',
  'max-age=10, proxy-revalidate',
  's-maxage=10',
  'max-age=10, must-revalidate, stale-while-revalidate=60, stale-if-error=60',
])('GW-46 %s: nothing stale is given', async (control) => {
  let status = 200
  const { url, pass } = await startCached(
    (_request, response) => void response.writeHead(status, { 'cache-control': control }).end('x'),
    { policy: { StaleWhileRevalidate: '01:00:00', StaleIfError: '01:00:00' } },
  )
  await ask(`${url}/api/a`)
  pass(11)
  status = 503
  expect((await ask(`${url}/api/a`)).status).toBe(503)
})

test('GW-46 stale-if-error: what is stored takes the place of a 5xx, of no answer, and of a service that is gone', async () => {
  let fail: 'no' | 'status' | 'cut' = 'no'
  const { url, pass, results, upstream } = await startCached(
    (_request, response) => {
      if (fail === 'cut') return void response.destroy()
      response.writeHead(fail === 'no' ? 200 : 500, { 'cache-control': 'max-age=10' }).end('kept')
    },
    { policy: { StaleIfError: '00:01:00' } },
  )
  await ask(`${url}/api/a`)
  pass(20)
  fail = 'status'
  expect(await ask(`${url}/api/a`)).toMatchObject({ status: 200, body: 'kept', headers: { age: '20' } })
  fail = 'cut'
  expect(await ask(`${url}/api/a`)).toMatchObject({ status: 200, body: 'kept' })
  upstream.server.close()
  upstream.server.closeAllConnections()
  expect(await ask(`${url}/api/a`)).toMatchObject({ status: 200, body: 'kept' })
  expect(results()).toEqual(['miss', 'stale', 'stale', 'stale'])
  pass(50)
  expect((await ask(`${url}/api/a`)).status).toBe(502)
})

test('GW-46 a 500 without anything stored is passed on and not stored', async () => {
  const { url } = await startCached(counting({ 'cache-control': 'max-age=60' }, 500), {
    policy: { StaleIfError: '00:01:00' },
  })
  expect(await ask(`${url}/api/a`)).toMatchObject({ status: 500, body: 'answer 1' })
  expect(await ask(`${url}/api/a`)).toMatchObject({ status: 500, body: 'answer 2' })
})
