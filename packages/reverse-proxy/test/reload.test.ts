import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { type ReverseProxy, readProxyConfiguration } from '#src/index.ts'
import { closeAll, echo, type Handler, startProxy, startUpstream } from './fixtures.ts'

afterEach(closeAll)

type Upstream = Awaited<ReturnType<typeof startUpstream>>

/** Serves these destinations from now on. `turn` makes it another configuration, which changes nothing of them. */
function reload(proxy: ReverseProxy, destinations: Record<string, Upstream>, cluster: object = {}, turn = 1) {
  const Destinations = Object.fromEntries(
    Object.entries(destinations).map(([id, { address }]) => [id, { Address: address }]),
  )
  const section = {
    Routes: { r: { ClusterId: 'c', Order: turn, Match: { Path: '/api/{**rest}' } } },
    Clusters: { c: { Destinations, ...cluster } },
  }
  proxy.reload(readProxyConfiguration(section, { authorizationPolicies: [] }))
}

const destinationsOf = (proxy: ReverseProxy) => proxy.snapshot().clusters.get('c')?.destinations ?? []

/** How many connections a service has had. */
function countConnections({ server }: Upstream): () => number {
  let count = 0
  server.on('connection', () => count++)
  return () => count
}

const openConnections = ({ server }: Upstream) =>
  new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)))

test('GW-10 a reload keeps connections, breaker, health and affinity of what stays the same', async () => {
  const answer =
    (name: string, status = 200): Handler =>
    (_request, response) =>
      void response.writeHead(status).end(name)
  const [good, bad, other] = [
    await startUpstream(answer('good')),
    await startUpstream(answer('bad', 503)),
    await startUpstream(answer('other')),
  ]
  const connections = countConnections(good)
  const cluster = {
    LoadBalancingPolicy: 'RoundRobin',
    SessionAffinity: { Enabled: true, AffinityKeyName: 'tie' },
    Resilience: { CircuitBreaker: { MinimumRequests: 2, OpenFor: '00:10:00' } },
  }
  const { proxy, url } = await startProxy(good.address)
  reload(proxy, { good, bad }, cluster)
  const ask = async (headers = {}) => {
    const response = await fetch(`${url}/api/a`, { headers })
    return { text: await response.text(), cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '' }
  }
  const states = () => destinationsOf(proxy).map(({ breaker }) => breaker?.state)
  let cookie = ''
  while (!states().includes('open')) {
    const { text, cookie: written } = await ask()
    if (text === 'good') cookie = written
  }
  const before = destinationsOf(proxy)
  if (before[0]) before[0].active.health = 'healthy'
  const connected = connections()

  reload(proxy, { good, bad, other }, cluster, 2)
  const after = destinationsOf(proxy)
  expect(after.slice(0, 2)).toEqual(before)
  expect(states(), 'nothing is learnt anew').toEqual(['closed', 'open', 'closed'])
  expect(after[0]?.active.health).toBe('healthy')
  for (let count = 0; count < 6; count++) expect((await ask({ cookie })).text).toBe('good')
  const texts = new Set<string>()
  for (let count = 0; count < 6; count++) texts.add((await ask()).text)
  expect(texts, 'the open one is passed by, the new one is asked').toEqual(new Set(['good', 'other']))
  expect(connections(), 'the connection is the same').toBe(connected)
})

test('GW-10 a destination that goes ends its requests, and then its connections close', async () => {
  const held: (() => void)[] = []
  const going = await startUpstream((_request, response) => {
    response.write('first,')
    held.push(() => response.end('last'))
  })
  const coming = await startUpstream((_request, response) => void response.end('new'))
  const { proxy, url } = await startProxy(going.address)
  const atWork = fetch(`${url}/api/a`)
  await until(() => held.length === 1)
  reload(proxy, { coming })
  expect(await (await fetch(`${url}/api/a`)).text()).toBe('new')
  expect(await openConnections(going), 'one is at work').toBe(1)
  held[0]?.()
  expect(await (await atWork).text()).toBe('first,last')
  await until(async () => (await openConnections(going)) === 0)
})

/** Lets go of everything that nothing refers to. */
function collect(): void {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
}

test('GW-09 a thousand reloads under load: no request fails, and nothing is left of what was', async () => {
  const upstream = await startUpstream(echo)
  const connections = countConnections(upstream)
  const { proxy, url } = await startProxy(upstream.address)
  let goesOn = true
  const statuses = new Set<number>()
  const people = Array.from({ length: 8 }, async () => {
    while (goesOn) {
      const response = await fetch(`${url}/api/a`, { method: 'POST', body: 'hello' })
      statuses.add(response.status)
      expect(await response.json()).toMatchObject({ body: 'hello' })
    }
  })
  const cluster = {
    HealthCheck: { Active: { Enabled: true, Interval: '01:00:00' }, Passive: { Enabled: true } },
  }
  const snapshots: WeakRef<object>[] = []
  for (let turn = 1; turn <= 1000; turn++) {
    reload(proxy, { d: upstream }, cluster, turn)
    snapshots.push(new WeakRef(proxy.snapshot()))
    if (turn % 10 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  goesOn = false
  await Promise.all(people)
  expect([...statuses]).toEqual([200])
  await until(() => {
    collect()
    return snapshots.slice(0, -1).every((snapshot) => snapshot.deref() === undefined)
  })
  expect(connections(), 'connections outlive reloads').toBeLessThan(30)
})

test('GW-21 reloads make no flood of probes, and a destination that comes is probed at once', async () => {
  const probes = () => [one, two].map(({ seen }) => seen.filter(({ url }) => url === '/probe').length)
  const [one, two] = [await startUpstream(echo), await startUpstream(echo)]
  const cluster = { HealthCheck: { Active: { Enabled: true, Interval: '01:00:00', Path: '/probe' } } }
  const { proxy } = await startProxy(one.address)
  reload(proxy, { one }, cluster)
  await until(() => probes()[0] === 1)
  for (let turn = 2; turn < 50; turn++) reload(proxy, { one }, cluster, turn)
  reload(proxy, { one, two }, cluster, 50)
  await until(() => probes()[1] === 1)
  expect(probes()[0]).toBeLessThanOrEqual(2)
})
