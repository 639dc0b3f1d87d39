import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http'
import { capturedLog } from '@alicerce/testing'
import { createReverseProxy, type Exchange, type ProxyHooks, readProxyConfiguration } from '#src/index.ts'
import { closing, type Handler, startUpstream } from '../fixtures.ts'

/** What a client got. */
export type Answer = { status: number; headers: IncomingMessage['headers']; body: string }

type Asking = { method?: string; headers?: OutgoingHttpHeaders; body?: string }

/** Asks on a connection of its own, with these headers and no others: `fetch` adds some of a cache's. */
export async function ask(url: string, { method = 'GET', headers = {}, body }: Asking = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const sent = request(url, { method, headers, agent: false }, (response) => {
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    response.on('error', reject)
    response.on('end', () =>
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: Buffer.concat(chunks).toString(),
      }),
    )
  })
  sent.on('error', reject)
  sent.end(body)
  return promise
}

/** Asks, and leaves when told. */
export function askAndLeave(url: string, headers: OutgoingHttpHeaders = {}) {
  const sent = request(url, { headers, agent: false })
  sent.on('error', () => {})
  sent.end()
  return () => sent.destroy()
}

type CachedParts = {
  policy?: object
  /** All policies, where there are several. */
  policies?: object
  route?: object
  /** Beside the cached one. */
  routes?: object
  cluster?: object
  cors?: object
  hooks?: ProxyHooks
  bytes?: number
}

/** The configuration of a route `/api/…` with an output cache. */
export function readCached(
  address: string,
  { policy = {}, policies = { p: policy }, cors, route, routes, cluster }: CachedParts = {},
) {
  const section = {
    Policies: { OutputCache: policies, ...(cors && { Cors: cors }) },
    Routes: {
      r: { ClusterId: 'c', OutputCachePolicy: 'p', Match: { Path: '/api/{**rest}' }, ...route },
      ...routes,
    },
    Clusters: { c: { Destinations: { d: { Address: address } }, ...cluster } },
  }
  return readProxyConfiguration(section, { authorizationPolicies: [] })
}

/** A service behind a proxy that caches. The service says no date unless it sets one; the proxy's clock stands until it is moved. */
export async function startCached(handler: Handler, parts: CachedParts = {}) {
  const upstream = await startUpstream((incoming, response) => {
    response.sendDate = false
    handler(incoming, response)
  })
  const clock = { time: Date.now(), now: () => clock.time }
  const exchanges: Exchange[] = []
  const proxy = createReverseProxy({
    configuration: readCached(upstream.address, parts),
    ...{ clock, log: capturedLog() },
    ...(parts.bytes !== undefined && { outputCacheBytes: parts.bytes }),
    hooks: { ...parts.hooks, end: (exchange) => exchanges.push(exchange) },
  })
  closing.push(() => proxy.close(200))
  const [port] = await proxy.listen({ host: '127.0.0.1', port: 0 })
  return {
    ...{ upstream, proxy, port, exchanges },
    url: `http://127.0.0.1:${port}`,
    /** How each exchange was answered, in the order in which they ended. */
    results: () => exchanges.map(({ outputCache }) => outputCache),
    /** Lets time pass for the cache. */
    pass(seconds: number) {
      clock.time += seconds * 1000
    },
    now: () => clock.time,
  }
}

/** A service whose every answer has these headers, and a body that tells which answer it is. */
export function counting(headers: OutgoingHttpHeaders, status = 200): Handler {
  let count = 0
  return (_request, response) => {
    count++
    response.writeHead(status, headers).end(`answer ${count}`)
  }
}
