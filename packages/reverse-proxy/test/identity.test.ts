import { connect as connectHttp2 } from 'node:http2'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { closeAll, closing, raw, startProxy, startUpstream } from './fixtures.ts'

afterEach(closeAll)

/** Names by which a service could be told who calls, as clients would forge them. */
const forged = [
  ...['X-User-Id', 'x-user-roles', 'X-USER', 'X-Client-Id', 'X-Auth-Request-Email', 'X-Authenticated-User'],
  ...['Remote-User', 'X-Remote-User', 'X-Forwarded-User', 'X-Forwarded-For', 'X-Real-IP', 'Forwarded'],
  ...[
    'X-MS-CLIENT-PRINCIPAL-NAME',
    'X-Amzn-Oidc-Identity',
    'X-Goog-Authenticated-User-Id',
    'X-JWT-Assertion',
  ],
  ...['X-Original-URL', 'X-Rewrite-URL', 'X-HTTP-Method-Override', 'DPoP'],
]
const lines = forged.map((name) => `${name}: forged\r\n`).join('')
const handshake =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'

type Parts = { route?: object; cluster?: object; sections?: object; own?: readonly [string, string] }

/** Every kind of route that a request can go by. */
const kinds: Record<string, Parts> = {
  'that is plain': {},
  'that is open to everybody': { route: { AuthorizationPolicy: 'Anonymous' } },
  'that lists such names among those that pass': {
    route: { Transforms: [{ RequestHeadersAllowed: `accept;${forged.join(';')}` }] },
  },
  'that leaves X-Forwarded as it is': {
    route: { Transforms: [{ 'X-Forwarded': 'Remove' }, { RequestHeaderOriginalHost: 'true' }] },
  },
  'that appends to what a client must not say': {
    route: { Transforms: [{ RequestHeader: 'X-User-Id', Append: 'ours' }] },
  },
  'that sets what a client must not say': {
    route: { Transforms: [{ RequestHeader: 'X-User-Id', Set: 'ours' }] },
  },
  'to which the app adds': { own: ['x-user-id', 'ours'] },
  'that stores answers': {
    route: { OutputCachePolicy: 'p' },
    sections: { Policies: { OutputCache: { p: {} } } },
  },
  'that tries again': { cluster: { Resilience: { Retry: {}, Hedging: {} } } },
  'over HTTP/2 to the service': {
    cluster: { HttpRequest: { Version: '2' }, HttpClient: { DangerousAcceptAnyServerCertificate: true } },
  },
}

async function start({ route, cluster, sections, own }: Parts) {
  const upstream = await startUpstream((_request, response) => void response.end('ok'))
  upstream.server.on('upgrade', (request, socket) => {
    upstream.seen.push(request)
    socket.on('error', () => {})
    socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  })
  const Listeners = { h2c: { Url: 'http://127.0.0.1:0', Protocols: 'Http2' } }
  const hooks = {
    authorize(exchange: { upstreamHeaders: string[] }) {
      if (own) exchange.upstreamHeaders.push(...own)
      return undefined
    },
  }
  const { ports } = await startProxy(upstream.address, route, hooks, cluster, { Listeners, ...sections })
  return { upstream, ports }
}

const head = (headers: string) => `GET /api/a HTTP/1.1\r\nHost: h\r\n${headers}\r\n`

test.each(Object.entries(kinds))(
  'GW-40 on a route %s nothing that a client says of itself goes on',
  async (_kind, parts) => {
    const { upstream, ports } = await start(parts)
    const [http1, http2] = ports as unknown as [number, number]
    await raw(http1, head(`${lines}Connection: close\r\n`))
    await raw(
      http1,
      head(`${lines}${lines.toUpperCase().replaceAll('FORGED', 'forged')}Connection: close\r\n`),
    )
    await raw(http1, head(lines + handshake))
    const session = connectHttp2(`http://127.0.0.1:${http2}`)
    closing.push(() => session.destroy())
    const names = Object.fromEntries(forged.map((name) => [name, 'forged']))
    session.request({ ':path': '/api/a?other', ...names }).resume()
    await until(() => upstream.seen.some(({ url }) => url?.endsWith('?other')))
    expect(upstream.seen.length).toBeGreaterThanOrEqual(3)
    for (const request of upstream.seen) {
      expect(request.rawHeaders.join('\n')).not.toContain('forged')
      const told = request.headersDistinct['x-user-id']
      expect([undefined, ['ours']]).toContainEqual(told)
    }
  },
)

test.each(['X_User_Id', 'x_forwarded_for', 'REMOTE_USER', 'X-User_Id'])(
  'GW-40 the twin %s is refused on every kind of connection',
  async (name) => {
    const { upstream, ports } = await start({})
    const [http1, http2] = ports as unknown as [number, number]
    expect(await raw(http1, head(`${name}: forged\r\n`))).toMatch(/^HTTP\/1.1 400 /)
    expect(await raw(http1, head(`${name}: forged\r\n${handshake}`))).toMatch(/^HTTP\/1.1 400 /)
    const session = connectHttp2(`http://127.0.0.1:${http2}`)
    closing.push(() => session.destroy())
    const status = await new Promise((resolve) =>
      session
        .request({ ':path': '/api/a', [name]: 'forged' })
        .on('response', (headers) => resolve(headers[':status'])),
    )
    expect(status).toBe(400)
    expect(upstream.seen).toEqual([])
  },
)
