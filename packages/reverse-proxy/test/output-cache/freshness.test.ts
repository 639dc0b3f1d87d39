import { afterEach, expect, test } from 'vitest'
import { closeAll } from '../fixtures.ts'
import { ask, counting, startCached } from './fixtures.ts'

afterEach(closeAll)

const ten = { Duration: '00:00:10' }

test('GW-46 an answer is given again while it is fresh, with its age, and fetched anew when it is not', async () => {
  const { url, upstream, results, pass } = await startCached(counting({ 'cache-control': 'max-age=60' }))
  expect(await ask(`${url}/api/a`)).toMatchObject({ status: 200, body: 'answer 1' })
  pass(59)
  const hit = await ask(`${url}/api/a`)
  expect(hit).toMatchObject({ status: 200, body: 'answer 1', headers: { age: '59', 'content-length': '8' } })
  pass(1)
  expect((await ask(`${url}/api/a`)).body).toBe('answer 2')
  expect(results()).toEqual(['miss', 'hit', 'miss'])
  expect(upstream.seen).toHaveLength(2)
})

test('GW-46 a route without a policy stores nothing', async () => {
  const { url, results } = await startCached(counting({ 'cache-control': 'max-age=60' }), {
    routes: { open: { ClusterId: 'c', Match: { Path: '/open' } } },
  })
  await ask(`${url}/open`)
  expect((await ask(`${url}/open`)).body).toBe('answer 2')
  expect(results()).toEqual([undefined, undefined])
})

test.each([
  ['s-maxage before max-age and Expires', 's-maxage=30, max-age=60', 29, 30],
  ['max-age before Expires', 'max-age=60', 59, 60],
  ['a quoted number', 'max-age="60"', 59, 60],
  ['names in any case', 'Public, Max-Age=60', 59, 60],
])('GW-46 freshness: %s', async (_what, control, last, first) => {
  const expires = new Date(Date.now() + 3_600_000).toUTCString()
  const { url, pass } = await startCached(counting({ 'cache-control': control, expires }))
  await ask(`${url}/api/a`)
  pass(last)
  expect((await ask(`${url}/api/a`)).body).toBe('answer 1')
  pass(first - last)
  expect((await ask(`${url}/api/a`)).body).toBe('answer 2')
})

test('GW-46 Expires counts from the date of the answer', async () => {
  const date = Date.now() - 100_000
  const headers = { date: new Date(date).toUTCString(), expires: new Date(date + 160_000).toUTCString() }
  const { url, pass } = await startCached(counting(headers))
  await ask(`${url}/api/a`)
  pass(50)
  expect((await ask(`${url}/api/a`)).body).toBe('answer 1')
  pass(15)
  expect((await ask(`${url}/api/a`)).body).toBe('answer 2')
})

test.each([
  ['no-store', { 'cache-control': 'no-store' }],
  ['No-Store beside max-age', { 'cache-control': 'Max-Age=60, No-Store' }],
  ['no-store behind a quote that nobody closes', { 'cache-control': 'ext="a, no-store, max-age=60' }],
  ['private', { 'cache-control': 'Private, max-age=60' }],
  ['private for some fields', { 'cache-control': 'private="x, y", max-age=60' }],
  ['Vary: *', { 'cache-control': 'max-age=60', vary: 'accept, *' }],
  ['Set-Cookie, though public', { 'cache-control': 'public, max-age=60', 'set-cookie': 'a=1' }],
  ['an age beyond its freshness', { 'cache-control': 'max-age=60', age: '60' }],
  ['a max-age that is no number', { 'cache-control': 'max-age=soon' }],
  ['two max-ages that differ', { 'cache-control': 'max-age=60, max-age=61' }],
  ['an Expires that is no date', { expires: '0' }],
  ['an Expires that is a number', { expires: '100000' }],
  ['an Expires in another form', { expires: '2099-01-01T00:00:00Z' }],
  ['an event stream', { 'cache-control': 'max-age=60', 'content-type': 'text/event-stream' }],
])('GW-46 not given again: %s', async (_what, headers) => {
  const { url } = await startCached(counting(headers), { policy: ten })
  await ask(`${url}/api/a`)
  expect((await ask(`${url}/api/a`)).body).toBe('answer 2')
})

test('GW-46 Duration says how long an answer is fresh whose service does not', async () => {
  const { url, pass } = await startCached(counting({}), { policy: ten })
  await ask(`${url}/api/a`)
  pass(9)
  expect((await ask(`${url}/api/a`)).body).toBe('answer 1')
  pass(1)
  expect((await ask(`${url}/api/a`)).body).toBe('answer 2')
})

test('GW-46 without Duration an answer is not fresh unless the service says so', async () => {
  const { url, proxy } = await startCached(counting({}))
  await ask(`${url}/api/a`)
  expect((await ask(`${url}/api/a`)).body).toBe('answer 2')
  expect(proxy.outputCacheBytes()).toBe(0)
})

test('GW-46 the age is what the caches on the way say, with the time that the answer took, or what its date says', async () => {
  const started = await startCached((_request, response) => {
    started.pass(5)
    response.writeHead(200, { 'cache-control': 'max-age=100', age: '20' }).end('x')
  })
  await ask(`${started.url}/api/a`)
  started.pass(10)
  expect((await ask(`${started.url}/api/a`)).headers.age).toBe('35')
  const dated = await startCached((_request, response) => {
    const date = new Date(dated.now() - 50_000).toUTCString()
    response.writeHead(200, { 'cache-control': 'max-age=100', age: '20', date }).end('x')
  })
  await ask(`${dated.url}/api/a`)
  dated.pass(10)
  expect(Number((await ask(`${dated.url}/api/a`)).headers.age)).toBeGreaterThanOrEqual(60)
})

test('GW-46 an answer keeps its date, and gets one where it has none', async () => {
  const date = new Date(Date.now() - 3000).toUTCString()
  const dated = await startCached(counting({ 'cache-control': 'max-age=60', date }))
  await ask(`${dated.url}/api/a`)
  expect((await ask(`${dated.url}/api/a`)).headers.date).toBe(date)
  const bare = await startCached(counting({ 'cache-control': 'max-age=60' }))
  const came = new Date(bare.now()).toUTCString()
  expect((await ask(`${bare.url}/api/a`)).headers.date).toBe(came)
  bare.pass(30)
  expect((await ask(`${bare.url}/api/a`)).headers.date).toBe(came)
})

test.each([
  ['no-cache', { 'cache-control': 'no-cache' }],
  ['Pragma: no-cache', { pragma: 'no-cache' }],
  ['max-age below its age', { 'cache-control': 'max-age=9' }],
  ['max-age=0', { 'cache-control': 'max-age=0' }],
  ['min-fresh beyond what is left', { 'cache-control': 'min-fresh=51' }],
  ['no-store', { 'cache-control': 'no-store' }],
])('GW-46 a client that says %s gets an answer of the service', async (_what, headers) => {
  const { url, pass } = await startCached(counting({ 'cache-control': 'max-age=60' }))
  await ask(`${url}/api/a`)
  pass(10)
  expect((await ask(`${url}/api/a`, { headers })).body).toBe('answer 2')
})

test('GW-46 a client that asks for less gets what is stored', async () => {
  const { url, pass } = await startCached(counting({ 'cache-control': 'max-age=60' }))
  await ask(`${url}/api/a`)
  pass(10)
  for (const control of ['max-age=11', 'min-fresh=50', 'max-stale', 'only-if-cached'])
    expect((await ask(`${url}/api/a`, { headers: { 'cache-control': control } })).body).toBe('answer 1')
})

test('GW-46 what a client wants stored by nobody is not', async () => {
  const { url, proxy, results } = await startCached(counting({ 'cache-control': 'max-age=60' }))
  await ask(`${url}/api/a`, { headers: { 'cache-control': 'no-store' } })
  expect(proxy.outputCacheBytes()).toBe(0)
  expect(results()).toEqual(['bypass'])
})

test('GW-46 only-if-cached never reaches the service', async () => {
  const { url, upstream } = await startCached(counting({ 'cache-control': 'max-age=60' }))
  const answer = await ask(`${url}/api/a`, { headers: { 'cache-control': 'only-if-cached' } })
  expect(answer.status).toBe(504)
  expect(upstream.seen).toEqual([])
})

test('GW-46 HEAD is answered from what GET stored, and stores nothing itself', async () => {
  const { url, upstream, results } = await startCached(counting({ 'cache-control': 'max-age=60' }))
  await ask(`${url}/api/a`, { method: 'HEAD' })
  await ask(`${url}/api/a`)
  const head = await ask(`${url}/api/a`, { method: 'HEAD' })
  expect(head).toMatchObject({ status: 200, body: '', headers: { 'content-length': '8', age: '0' } })
  expect(upstream.seen.map(({ method }) => method)).toEqual(['HEAD', 'GET'])
  expect(results()).toEqual(['miss', 'miss', 'hit'])
})
