import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { type Exchange, readProxyConfiguration } from '#src/index.ts'
import { closeAll, startProxy, startUpstream } from '../fixtures.ts'

afterEach(closeAll)

type Handler = (request: IncomingMessage, response: ServerResponse) => void

async function start(handlers: Handler[], Resilience: object) {
  const upstreams = await Promise.all(handlers.map((handler) => startUpstream(handler)))
  const Destinations = Object.fromEntries(
    upstreams.map(({ address }, index) => [`d${index}`, { Address: address }]),
  )
  const ended: Exchange[] = []
  const cluster = { Destinations, LoadBalancingPolicy: 'FirstAlphabetical', Resilience }
  const { url, proxy } = await startProxy('', {}, { end: (exchange) => void ended.push(exchange) }, cluster)
  return { url: `${url}/api/a`, upstreams, ended, cluster: proxy.snapshot().clusters.get('c') }
}

/** Holds each request until it is let go. */
function holding() {
  const held: ServerResponse[] = []
  const letGo = () => void held.shift()?.end('ok')
  return {
    handler: (_request: IncomingMessage, response: ServerResponse) => void held.push(response),
    held,
    letGo,
  }
}

const breaker = { MinimumRequests: 3, OpenFor: '00:00:02', Probes: 1 }

test('GW-32 a destination whose breaker is open is passed by; when all are, the answer is 503 with Retry-After', async () => {
  const state = { fails: true }
  const flaky: Handler = (_request, response) => void response.writeHead(state.fails ? 503 : 200).end()
  const { url, ended, upstreams, cluster } = await start([flaky, flaky], { CircuitBreaker: breaker })
  const statuses: number[] = []
  for (let count = 0; count < 6; count++) statuses.push((await fetch(url)).status)
  expect(cluster?.destinations.map((destination) => destination.breaker?.state)).toEqual(['open', 'open'])
  const refused = await fetch(url)
  expect([refused.status, ended.at(-1)?.error]).toEqual([503, 'CircuitOpen'])
  expect(refused.headers.get('retry-after')).toMatch(/^[12]$/)
  expect(upstreams.map(({ seen }) => seen.length)).toEqual([3, 3])

  state.fails = false
  await expect.poll(async () => (await fetch(url)).status, { timeout: 20_000 }).toBe(200)
  expect(cluster?.destinations[0]?.breaker?.state).toBe('closed')
})

test('GW-23 GW-32 panic does not override an open breaker', async () => {
  const { url, cluster } = await start([(request) => void request.socket.destroy()], {
    CircuitBreaker: breaker,
  })
  for (let count = 0; count < 3; count++) await fetch(url)
  const [destination] = cluster?.destinations ?? []
  if (destination) destination.active.health = 'unhealthy'
  expect((await fetch(url)).status).toBe(503)
})

test('GW-33 more than the limit wait their turn, and more than the queue takes are refused at once', async () => {
  const { handler, held, letGo } = holding()
  const Concurrency = { PerDestination: 2, QueueLength: 1, QueueFor: '00:00:10' }
  const { url, ended } = await start([handler], { Concurrency })
  const working = [fetch(url), fetch(url)]
  await expect.poll(() => held.length).toBe(2)
  const waiting = fetch(url)
  await expect.poll(async () => (await fetch(url)).status).toBe(503)
  expect(ended.at(-1)?.error).toBe('ConcurrencyLimit')
  expect((await fetch(url)).headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
  expect(held).toHaveLength(2)
  letGo()
  await expect.poll(() => held.length).toBe(2)
  letGo()
  letGo()
  expect(await Promise.all([...working, waiting].map(async (answer) => (await answer).status))).toEqual([
    200, 200, 200,
  ])
})

test('GW-33 who waits too long is refused', async () => {
  const { handler, held, letGo } = holding()
  const { url } = await start([handler], {
    Concurrency: { PerCluster: 1, QueueLength: 5, QueueFor: '00:00:00.05' },
  })
  const first = fetch(url)
  await expect.poll(() => held.length).toBe(1)
  const refused = await fetch(url)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
  letGo()
  expect((await first).status).toBe(200)
})

test('GW-28 GW-59 who leaves the line takes no connection', async () => {
  const { handler, held, letGo } = holding()
  const { url, upstreams, ended } = await start([handler], { Concurrency: { PerCluster: 1, QueueLength: 5 } })
  const first = fetch(url)
  await expect.poll(() => held.length).toBe(1)
  await expect(fetch(url, { signal: AbortSignal.timeout(50) })).rejects.toThrow()
  await expect.poll(() => ended.length).toBe(1)
  letGo()
  await first
  await expect.poll(() => ended.length).toBe(2)
  expect([upstreams[0]?.seen.length, ended[0]?.error]).toEqual([1, 'RequestCanceled'])
})

test('GW-33 a destination that is full leaves the request to another', async () => {
  const { handler, held, letGo } = holding()
  const { url } = await start([handler, (_request, response) => void response.end('other')], {
    Concurrency: { PerDestination: 1 },
  })
  const first = fetch(url)
  await expect.poll(() => held.length).toBe(1)
  expect(await (await fetch(url)).text()).toBe('other')
  letGo()
  await first
})

test.each([
  [{ Retry: { Attempts: 1 } }, 'Set it to a whole number, from 2 to 10'],
  [{ Retry: { Statuses: [200] } }, 'Retry.Statuses has one that is no failure'],
  [{ Retry: { Errors: ['Reqest'] } }, 'Retry.Errors has unknown ones (Reqest)'],
  [{ Retry: { Attempt: 3 } }, 'Did you mean Attempts?'],
  [{ RetryBudget: { Ratio: 2 } }, 'Set it to a number above 0, at most 1'],
  [{ Hedging: { Methods: ['POST'] } }, 'Hedging.Methods has one that is not safe (POST)'],
  [{ Concurrency: {} }, 'has neither PerDestination nor PerCluster'],
  [{ CircuitBreaker: { OpenFor: 'soon' } }, 'CircuitBreaker.OpenFor has a value that it cannot have'],
])('GW-02 %j is a fault', (Resilience, reason) => {
  const Clusters = { c: { Resilience } }
  expect(() => readProxyConfiguration({ Clusters }, { authorizationPolicies: [] })).toThrow(reason)
})
