import { createHook } from 'node:async_hooks'
import { createReverseProxy, readProxyConfiguration } from '#src/index.ts'

// A proxy of its own, as a process that can say what it holds. Argument: the address of its service. Needs --expose-gc.
// It takes messages: `count`, `reload`, `close`. Closed, it ends by itself where nothing holds it.

/** What is alive, by what it is: timers too that would not keep the process alive, which `process.getActiveResourcesInfo` leaves out. */
const alive = new Map<number, string>()
const counted = /^(?:Timeout|TCPWRAP|TCPSERVERWRAP|TCPCONNECTWRAP|TLSWRAP|HTTP2SESSION|HTTP2STREAM)$/
createHook({
  init: (id, type) => {
    if (counted.test(type)) alive.set(id, type)
  },
  destroy: (id) => alive.delete(id),
}).enable()

function count(): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const type of alive.values()) counts[type] = (counts[type] ?? 0) + 1
  return counts
}

const [address = ''] = process.argv.slice(2)
let turn = 0

/** A route for each way in which the mix hurts. Each turn is another configuration. */
function configure() {
  const clusters = {
    plain: {},
    tried: { Resilience: { Retry: { Backoff: '00:00:00.005' }, Hedging: { Delay: '00:00:00.02' } } },
    narrow: { Resilience: { Concurrency: { PerDestination: 2, QueueLength: 4, QueueFor: '00:00:00.2' } } },
    gone: { Destinations: { d: { Address: 'http://127.0.0.1:9/' } } },
    probed: {
      HealthCheck: { Active: { Enabled: true, Interval: '01:00:00' }, Passive: { Enabled: true } },
    },
  }
  const destinations = { Destinations: { d: { Address: address }, e: { Address: address } } }
  const section = {
    Routes: Object.fromEntries(
      Object.keys(clusters).map((id) => [
        id,
        {
          ...{ ClusterId: id, Order: turn, Timeout: '00:00:01', MaxRequestBodySize: 200_000 },
          ...(id === 'plain' && { OutputCachePolicy: 'short' }),
          Match: { Path: `/${id}/{**rest}` },
          Transforms: [{ PathRemovePrefix: `/${id}` }],
        },
      ]),
    ),
    Clusters: Object.fromEntries(
      Object.entries(clusters).map(([id, cluster]) => [id, { ...destinations, ...cluster }]),
    ),
    Policies: { OutputCache: { short: {} } },
    Limits: { BodyIdle: '00:00:00.3' },
    Listeners: { h2c: { Url: 'http://127.0.0.1:0', Protocols: 'Http2' } },
  }
  turn++
  return readProxyConfiguration(section, { authorizationPolicies: [] })
}

const log = {
  debug() {},
  info() {},
  warn() {},
  error: (fields: object, text: string) => console.error(text, fields),
}
const proxy = createReverseProxy({ configuration: configure(), log })
const ports = await proxy.listen({ host: '127.0.0.1', port: 0 })

const answers: Record<string, () => unknown> = {
  async count() {
    for (let again = 0; again < 3; again++) {
      globalThis.gc?.()
      await new Promise((resolve) => setImmediate(resolve))
    }
    return count()
  },
  reload: () => proxy.reload(configure()),
  async close() {
    await proxy.close(1000)
    process.disconnect()
  },
}
process.on('message', async (message: string) => {
  const answer = await answers[message]?.()
  if (process.connected) process.send?.({ answer })
})
process.send?.({ answer: ports })
