import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { closeAll, type Handler } from '../fixtures.ts'
import { ask, askAndLeave, startCached } from './fixtures.ts'

afterEach(closeAll)

const sendAll = (waiting: (() => void)[]) => {
  for (const send of waiting.splice(0)) send()
}

/** A service whose answers wait until they are released. */
function held(headers: Record<string, string>, status = 200) {
  const waiting: (() => void)[] = []
  let count = 0
  const handler: Handler = (_request, response) => {
    const body = `answer ${++count}`
    waiting.push(() => response.writeHead(status, headers).end(body))
  }
  return { handler, waiting, release: () => sendAll(waiting) }
}

const minute = { 'cache-control': 'max-age=60' }
const many = (url: string, count = 20, headers = {}) =>
  Array.from({ length: count }, () => ask(url, { headers }))
/** Long enough for requests to arrive that are on their way. */
const arrived = () => sleep(100)

test('GW-46 concurrent misses of one key make one request', async () => {
  const { handler, waiting, release } = held(minute)
  const { url, upstream, results } = await startCached(handler)
  const answers = many(`${url}/api/a`)
  await until(() => waiting.length > 0)
  await arrived()
  release()
  expect(new Set((await Promise.all(answers)).map(({ body }) => body))).toEqual(new Set(['answer 1']))
  expect(upstream.seen).toHaveLength(1)
  expect(results().toSorted()).toEqual([...Array(19).fill('hit'), 'miss'])
})

test('GW-46 concurrent validations of one key make one request', async () => {
  let isHeld = false
  const waiting: (() => void)[] = []
  const { url, upstream } = await startCached((request, response) => {
    const has = request.headers['if-none-match'] !== undefined
    const send = () =>
      response
        .writeHead(has ? 304 : 200, { etag: '"1"', 'cache-control': 'no-cache' })
        .end(has ? undefined : 'x')
    if (isHeld) waiting.push(send)
    else send()
  })
  await ask(`${url}/api/a`)
  isHeld = true
  const answers = many(`${url}/api/a`)
  await until(() => waiting.length > 0)
  await arrived()
  for (const send of waiting) send()
  expect(new Set((await Promise.all(answers)).map(({ body }) => body))).toEqual(new Set(['x']))
  expect(upstream.seen).toHaveLength(2)
})

test('GW-46 where the answer is for one client alone the others go themselves, all at once', async () => {
  const { handler, waiting, release } = held({ 'cache-control': 'no-store' })
  const { url, upstream } = await startCached(handler)
  const answers = many(`${url}/api/a`, 10)
  await until(() => waiting.length === 1)
  await arrived()
  release()
  await until(() => waiting.length === 9)
  release()
  expect(new Set((await Promise.all(answers)).map(({ body }) => body)).size).toBe(10)
  expect(upstream.seen).toHaveLength(10)
  // It is known by now: nobody waits for another.
  const next = many(`${url}/api/a`, 10)
  await arrived()
  await until(() => waiting.length === 10)
  release()
  await Promise.all(next)
})

test('GW-46 clients with credentials do not wait for one another’s answers', async () => {
  const { handler, waiting, release } = held(minute)
  const { url } = await startCached(handler)
  const answers = ['eva', 'ana'].map((user) => ask(`${url}/api/a`, { headers: { authorization: user } }))
  await until(() => waiting.length === 2)
  release()
  await Promise.all(answers)
})

test('GW-46 the first client may leave: the others still get the one answer', async () => {
  const { handler, waiting, release } = held(minute)
  const { url, upstream, exchanges } = await startCached(handler)
  const leave = askAndLeave(`${url}/api/a`)
  await until(() => waiting.length === 1)
  const answers = many(`${url}/api/a`, 5)
  await arrived()
  leave()
  await until(() => exchanges.length === 1)
  expect(exchanges[0]).toMatchObject({ error: 'RequestCanceled', status: 0 })
  release()
  expect((await Promise.all(answers)).map(({ body }) => body)).toEqual(Array(5).fill('answer 1'))
  expect(upstream.seen).toHaveLength(1)
})

test('GW-59 when all have left, the service’s request is aborted', async () => {
  let isAborted = false
  const { url, upstream, exchanges } = await startCached((_request, response) => {
    response.on('close', () => {
      isAborted = true
    })
  })
  const leaves = [askAndLeave(`${url}/api/a`)]
  await until(() => upstream.seen.length === 1)
  leaves.push(askAndLeave(`${url}/api/a`), askAndLeave(`${url}/api/a`))
  await arrived()
  for (const leave of leaves) {
    expect(isAborted).toBe(false)
    leave()
    await arrived()
  }
  await until(() => isAborted)
  expect(exchanges.map(({ error }) => error)).toEqual(Array(3).fill('RequestCanceled'))
})

test('GW-46 a failure is told to all who waited, with one request', async () => {
  const waiting: (() => void)[] = []
  const { url, upstream } = await startCached((_request, response) => {
    waiting.push(() => response.destroy())
  })
  const answers = many(`${url}/api/a`, 5)
  await until(() => waiting.length === 1)
  await arrived()
  waiting[0]?.()
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(5).fill(502))
  expect(upstream.seen).toHaveLength(1)
})

test('GW-46 nobody waits longer than the route’s Timeout', async () => {
  const { url, upstream } = await startCached(() => {}, { route: { Timeout: '00:00:00.3' } })
  const answers = await Promise.all(many(`${url}/api/a`, 5))
  expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(504))
  expect(upstream.seen).toHaveLength(1)
})

test('GW-46 a slow reader that came first makes nobody wait, however long what is kept may be', async () => {
  const body = 'x'.repeat(20_000_000)
  const { url, upstream } = await startCached(
    (_request, response) => void setTimeout(() => response.writeHead(200, minute).end(body), 200),
    { policy: { MaxBytes: 30_000_000 } },
  )
  const slow = connect(Number(new URL(url).port), '127.0.0.1')
  slow.pause()
  slow.write(`GET /api/a HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`)
  await until(() => upstream.seen.length === 1)
  const answers = await Promise.all(many(`${url}/api/a`, 3))
  expect(answers.map((answer) => answer.body.length)).toEqual(Array(3).fill(20_000_000))
  expect(upstream.seen).toHaveLength(1)
  slow.destroy()
})

test('GW-46 those who want another variant fetch it, once for each', async () => {
  const waiting: (() => void)[] = []
  const { url, upstream } = await startCached((request, response) => {
    const language = String(request.headers['accept-language'])
    waiting.push(() => response.writeHead(200, { ...minute, vary: 'accept-language' }).end(language))
  })
  const languages = ['pt', 'pt', 'en', 'en', 'de', 'de']
  const first = ask(`${url}/api/a`, { headers: { 'accept-language': 'pt' } })
  await until(() => waiting.length === 1)
  const answers = languages.map((one) => ask(`${url}/api/a`, { headers: { 'accept-language': one } }))
  await arrived()
  sendAll(waiting)
  await until(() => waiting.length === 2)
  sendAll(waiting)
  expect((await Promise.all(answers)).map(({ body }) => body)).toEqual(languages)
  expect((await first).body).toBe('pt')
  expect(upstream.seen).toHaveLength(3)
})

test('GW-46 a service that tells answers apart by another header each time makes nobody wait for ever', async () => {
  let count = 0
  const { url } = await startCached((_request, response) => {
    const vary = `x-${++count}`
    setTimeout(() => response.writeHead(200, { ...minute, vary }).end('x'), 20)
  })
  const answers = Array.from({ length: 10 }, (_, index) =>
    ask(`${url}/api/a`, {
      headers: Object.fromEntries(Array.from({ length: 20 }, (_, name) => [`x-${name}`, String(index)])),
    }),
  )
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(10).fill(200))
})

test('GW-46 while a service fails, requests that come together still go as one', async () => {
  const { handler, waiting, release } = held({}, 503)
  const { url, upstream } = await startCached(handler)
  const first = ask(`${url}/api/a`)
  await until(() => waiting.length === 1)
  release()
  expect((await first).status).toBe(503)
  const answers = many(`${url}/api/a`, 5)
  await until(() => waiting.length === 1)
  await arrived()
  expect(upstream.seen).toHaveLength(2)
  release()
  await until(() => waiting.length === 4)
  release()
  await Promise.all(answers)
})
