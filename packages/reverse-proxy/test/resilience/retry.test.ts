import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import type { Exchange, ProxyHooks } from '#src/index.ts'
import { closeAll, startProxy, startUpstream } from '../fixtures.ts'

afterEach(closeAll)

/** Answers with its name and what it was sent; fails the first `failures` requests with `status`, or by cutting the connection. */
function failing(name: string, failures: number, status?: number, headers: Record<string, string> = {}) {
  let count = 0
  return (request: IncomingMessage, response: ServerResponse) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      if (++count > failures) response.end(`${name}:${body}`)
      else if (status) response.writeHead(status, headers).end('failed')
      else request.socket.destroy()
    })
  }
}

async function start(
  handlers: ((request: IncomingMessage, response: ServerResponse) => void)[],
  Resilience: object,
  hooks: ProxyHooks = {},
) {
  const upstreams = await Promise.all(handlers.map((handler) => startUpstream(handler)))
  const Destinations = Object.fromEntries(
    upstreams.map(({ address }, index) => [`d${index}`, { Address: address }]),
  )
  const ended: Exchange[] = []
  const cluster = { Destinations, LoadBalancingPolicy: 'FirstAlphabetical', Resilience }
  const end = (exchange: Exchange) => void ended.push(exchange)
  const { url, proxy } = await startProxy('', {}, { ...hooks, end }, cluster)
  return { url: `${url}/api/a`, upstreams, ended, cluster: proxy.snapshot().clusters.get('c') }
}

test('GW-29 nothing is tried twice unless it is asked for', async () => {
  const { url, upstreams } = await start([failing('a', 1)], {})
  expect((await fetch(url)).status).toBe(502)
  expect(upstreams[0]?.seen).toHaveLength(1)
})

test.each([
  ['a cut connection', undefined],
  ['a 503', 503],
])('GW-29 after %s another destination is tried', async (_what, status) => {
  const { url, ended, upstreams } = await start([failing('a', 9, status), failing('b', 0)], { Retry: {} })
  const answer = await fetch(url)
  expect([answer.status, await answer.text()]).toEqual([200, 'b:'])
  expect(ended[0]).toMatchObject({ attempts: 2, destination: 'c/d1', status: 200, error: 'None' })
  expect(upstreams.map(({ seen }) => seen.length)).toEqual([1, 1])
})

test('GW-29 where there is one destination it is tried again', async () => {
  const { url } = await start([failing('a', 1)], { Retry: {} })
  expect(await (await fetch(url)).text()).toBe('a:')
})

test('GW-29 when all attempts failed the client gets the last answer', async () => {
  const { url, upstreams } = await start([failing('a', 9, 503, { 'x-last': '1' })], {
    Retry: { Attempts: 3 },
  })
  const answer = await fetch(url)
  expect([answer.status, answer.headers.get('x-last'), await answer.text()]).toEqual([503, '1', 'failed'])
  expect(upstreams[0]?.seen).toHaveLength(3)
})

test.each([
  ['another status', 500, {}, 1],
  ['a status that the policy names', 500, { Statuses: [500] }, 2],
  ['an error that the policy does not name', undefined, { Errors: ['RequestTimedOut'] }, 1],
  ['a method that the policy does not name', 503, { Methods: ['PUT'] }, 1],
])('GW-29 %s', async (_what, status, Retry, expected) => {
  const { url, upstreams } = await start([failing('a', 9, status)], { Retry })
  await fetch(url)
  expect(upstreams[0]?.seen).toHaveLength(expected)
})

test('GW-31 a body that can be held is sent again, whole', async () => {
  const { url } = await start([failing('a', 1), failing('b', 0)], { Retry: {} })
  expect(await (await fetch(url, { method: 'PUT', body: 'x'.repeat(1000) })).text()).toBe(
    `b:${'x'.repeat(1000)}`,
  )
})

test.each([
  ['POST, which is not idempotent', { method: 'POST', body: 'x' }],
  ['a body that is longer than ReplayBytes', { method: 'PUT', body: 'x'.repeat(101) }],
  ['a body without a length', { method: 'PUT', body: new Blob(['x']).stream(), duplex: 'half' }],
])('GW-31 %s is never sent twice', async (_what, init) => {
  const { url, upstreams } = await start([failing('a', 9, 503), failing('b', 0)], {
    Retry: { ReplayBytes: 100 },
  })
  expect((await fetch(url, init as RequestInit)).status).toBe(503)
  expect(upstreams.map(({ seen }) => seen.length)).toEqual([1, 0])
})

test('GW-31 once a byte of an answer reached the client there is no other attempt', async () => {
  const half = (request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { 'content-length': '10' }).write('half')
    setTimeout(() => request.socket.destroy(), 50)
  }
  const { url, upstreams } = await start([half, failing('b', 0)], { Retry: {} })
  await expect(fetch(url).then((answer) => answer.text())).rejects.toThrow()
  expect(upstreams.map(({ seen }) => seen.length)).toEqual([1, 0])
})

test('GW-29 an attempt that is too slow is given up, and another one is made', async () => {
  const { url, ended } = await start([() => {}, failing('b', 0)], { Retry: { PerTryTimeout: '00:00:00.1' } })
  expect(await (await fetch(url)).text()).toBe('b:')
  expect(ended[0]).toMatchObject({ attempts: 2, error: 'None' })
})

test.each([
  ['is waited for', '0', 200],
  ['is passed on where it is too long', '60', 503],
])('GW-29 Retry-After %s', async (_what, after, status) => {
  const { url } = await start([failing('a', 1, 503, { 'retry-after': after })], { Retry: {} })
  expect((await fetch(url)).status).toBe(status)
})

test('GW-30 an upstream that is down altogether gets a fifth more than its clients send, and the floor', async () => {
  const { url, upstreams } = await start([failing('a', 9999, 503)], {
    Retry: { Attempts: 4, Backoff: '00:00:00.001' },
    RetryBudget: { Ratio: 0.2, MinimumPerSecond: 1 },
  })
  const clients = 100
  await Promise.all(Array.from({ length: clients }, async () => (await fetch(url)).text()))
  expect(upstreams[0]?.seen.length).toBeLessThanOrEqual(clients * 1.2 + 10)
  expect(upstreams[0]?.seen.length).toBeGreaterThan(clients)
})

test('GW-59 a client that leaves during the pause ends it all', async () => {
  const { url, upstreams, ended } = await start([failing('a', 9, 503, { 'retry-after': '1' })], {
    Retry: { Attempts: 5 },
  })
  await expect(fetch(url, { signal: AbortSignal.timeout(150) })).rejects.toThrow()
  await expect.poll(() => ended.length).toBe(1)
  expect(ended[0]?.error).toBe('RequestCanceled')
  expect(upstreams[0]?.seen).toHaveLength(1)
})

test('GW-34 a slow safe request gets company, the first answer wins and the other is stopped', async () => {
  const { url, ended, upstreams, cluster } = await start([() => {}, failing('b', 0)], {
    Hedging: { Delay: '00:00:00.05' },
  })
  expect(await (await fetch(url)).text()).toBe('b:')
  expect(ended[0]).toMatchObject({ attempts: 2, destination: 'c/d1' })
  await expect.poll(() => upstreams[0]?.seen[0]?.destroyed).toBe(true)
  await expect.poll(() => cluster?.destinations.map(({ inFlight }) => inFlight)).toEqual([0, 0])
})

test('GW-34 no hedge for what is not safe, nor where there is one destination', async () => {
  const slow = (_request: IncomingMessage, response: ServerResponse) =>
    void setTimeout(() => response.end('slow'), 200)
  const two = await start([slow, failing('b', 0)], { Hedging: { Delay: '00:00:00.05' } })
  expect(await (await fetch(two.url, { method: 'PUT', body: 'x' })).text()).toBe('slow')
  const one = await start([slow], { Hedging: { Delay: '00:00:00.05' } })
  await (await fetch(one.url)).text()
  expect([two.ended[0]?.attempts, one.ended[0]?.attempts]).toEqual([1, 1])
})

test('GW-34 where both fail the client is told once', async () => {
  const cut = (request: IncomingMessage) => void setTimeout(() => request.socket.destroy(), 100)
  const { url, ended } = await start([cut, cut], { Hedging: { Delay: '00:00:00.02' } })
  expect((await fetch(url)).status).toBe(502)
  expect(ended).toHaveLength(1)
})

/** What the app says of a request that holds something which a service takes once. */
const sentOnce: ProxyHooks = {
  authorize(exchange) {
    exchange.isSentOnce = true
    return undefined
  },
}

test.each([
  ['a 503', 503],
  ['a cut connection', undefined],
])('GW-31 GW-39 what a service takes once is not sent again after %s', async (_what, status) => {
  const { url, upstreams } = await start([failing('a', 9, status), failing('b', 0)], { Retry: {} }, sentOnce)
  expect((await fetch(url)).status).toBe(status ?? 502)
  expect(upstreams.map(({ seen }) => seen.length)).toEqual([1, 0])
})

test('GW-34 GW-39 what a service takes once gets no company', async () => {
  const late = (_request: IncomingMessage, response: ServerResponse) =>
    void setTimeout(() => response.end('late'), 200)
  const hedging = { Hedging: { Delay: '00:00:00.01' } }
  const { url, upstreams } = await start([late, failing('b', 0)], hedging, sentOnce)
  expect(await (await fetch(url)).text()).toBe('late')
  expect(upstreams.map(({ seen }) => seen.length)).toEqual([1, 0])
})

test('GW-31 GW-39 what a service takes once goes to another destination where there was no connection', async () => {
  const { url, upstreams } = await start([failing('a', 9), failing('b', 0)], { Retry: {} }, sentOnce)
  upstreams[0]?.server.close()
  expect(await (await fetch(url)).text()).toBe('b:')
  expect(upstreams.map(({ seen }) => seen.length)).toEqual([0, 1])
})

test('GW-34 a hedge is taken out of the retry budget, and without one there is none', async () => {
  const late = (_request: IncomingMessage, response: ServerResponse) =>
    void setTimeout(() => response.end('late'), 150)
  const resilience = {
    Hedging: { Delay: '00:00:00.01' },
    RetryBudget: { Ratio: 0.0001, MinimumPerSecond: 0 },
  }
  const { url, upstreams } = await start([late, late], resilience)
  for (let count = 0; count < 4; count++) expect(await (await fetch(url)).text()).toBe('late')
  const sent = upstreams.reduce((sum, { seen }) => sum + seen.length, 0)
  expect(sent, 'of four requests at most one has company').toBeLessThanOrEqual(5)
})
