import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fakeClock, until } from '@alicerce/testing'
import { afterEach, expect, test, vi } from 'vitest'
import { Cluster } from '#src/clusters/cluster.ts'
import type { Destination } from '#src/clusters/destination.ts'
import { readProxyConfiguration } from '#src/index.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const close of closing.splice(0).reverse()) await close()
})

const clock = fakeClock()

/** An exchange with the first destination. */
function note(cluster: Cluster, failed: boolean): void {
  const isProbe = cluster.begin(first(cluster))
  const [outcome, name] = failed ? (['failure', 'Request'] as const) : (['success', 'None'] as const)
  cluster.end(first(cluster), { outcome, isProbe, name })
}

function chosen(cluster: Cluster): string {
  const choice = cluster.choose([], false, [])
  return typeof choice === 'string' ? choice : choice.destination.configuration.id
}

function makeCluster(cluster: object, before?: Cluster) {
  const section = { Clusters: { c: cluster } }
  const { clusters } = readProxyConfiguration(section, { authorizationPolicies: [] })
  const made = new Cluster(clusters.get('c') as never, before, {
    ...{ clock, random: () => 0.5, affinitySecret: Buffer.alloc(32) },
  })
  closing.push(() => made.stop())
  return made
}

const two = { a: { Address: 'http://a.test' }, b: { Address: 'http://b.test' } }
const first = ({ destinations }: ReturnType<typeof makeCluster>) => destinations[0] as Destination
const repeat = (times: number, action: () => void) => {
  for (let count = 0; count < times; count++) action()
}

test('GW-22 passive health takes a destination out when too many of the last minute failed, and lets it back later', () => {
  vi.useFakeTimers()
  const passive = { Enabled: true, ReactivationPeriod: '00:02:00' }
  const cluster = makeCluster({
    Destinations: two,
    LoadBalancingPolicy: 'RoundRobin',
    HealthCheck: { Passive: passive },
  })
  repeat(7, () => note(cluster, false))
  repeat(2, () => note(cluster, true))
  expect(first(cluster).passive.health).toBe('unknown')
  note(cluster, true)
  expect(first(cluster).passive.health).toBe('unhealthy')
  repeat(3, () => expect(chosen(cluster)).toBe('b'))
  vi.advanceTimersByTime(119_000)
  expect(first(cluster).passive.health).toBe('unhealthy')
  vi.advanceTimersByTime(1000)
  expect(first(cluster).passive.health).toBe('unknown')
})

test('GW-22 failures older than a minute do not count', () => {
  const cluster = makeCluster({ Destinations: two, HealthCheck: { Passive: { Enabled: true } } })
  repeat(9, () => note(cluster, true))
  clock.advance(60_001)
  repeat(9, () => note(cluster, false))
  note(cluster, true)
  expect(first(cluster).passive.health).toBe('unknown')
})

test('GW-23 without healthy destinations there is none, or with HealthyOrPanic any', () => {
  vi.useFakeTimers()
  const chosenWith = (policy: string) => {
    const health = { AvailableDestinationsPolicy: policy, Passive: { Enabled: true } }
    const cluster = makeCluster({ Destinations: { a: { Address: 'http://a.test' } }, HealthCheck: health })
    repeat(10, () => note(cluster, true))
    return chosen(cluster)
  }
  expect([chosenWith('HealthyAndUnknown'), chosenWith('HealthyOrPanic')]).toEqual([
    'NoAvailableDestinations',
    'a',
  ])
})

test('GW-21 active health asks the address of its own, and needs two failures in a row', async () => {
  let status = 200
  const paths: (string | undefined)[] = []
  const hosts: (string | undefined)[] = []
  const server = createServer((request, response) => {
    paths.push(request.url)
    hosts.push(request.headers.host)
    response.writeHead(status).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  const health = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`
  const cluster = makeCluster({
    Destinations: { a: { Address: 'http://a.test', Health: health } },
    HealthCheck: {
      Active: { Enabled: true, Interval: '00:00:00.1', Timeout: '00:00:01', Path: '/ready', Query: '?x=1' },
    },
  })
  const { active } = first(cluster)
  await until(() => active.health === 'healthy')
  expect([paths[0], hosts[0]]).toEqual(['/base/ready?x=1', 'a.test'])
  status = 503
  await until(() => active.failures === 1)
  expect(active.health).toBe('healthy')
  await until(() => active.health === 'unhealthy')
  expect(chosen(cluster)).toBe('NoAvailableDestinations')
  status = 200
  await until(() => active.health === 'healthy')
})

test('GW-10 a reload keeps destinations that stay the same, with what is known of them', () => {
  const before = makeCluster({ Destinations: two })
  const after = makeCluster({ Destinations: { ...two, b: { Address: 'http://other.test' } } }, before)
  expect(after.destinations[0]).toBe(before.destinations[0])
  expect(after.destinations[1]).not.toBe(before.destinations[1])
})
