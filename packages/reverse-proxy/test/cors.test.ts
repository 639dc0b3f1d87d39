import { afterEach, expect, test } from 'vitest'
import { readProxyConfiguration } from '#src/index.ts'
import { closeAll, startProxy, startUpstream } from './fixtures.ts'

afterEach(closeAll)

const spa = {
  ...{
    Origins: ['https://shop.test'],
    Methods: ['GET', 'PUT'],
    Headers: ['Content-Type'],
    Credentials: true,
  },
  ...{ ExposedHeaders: ['X-Trace'], MaxAge: '00:10:00' },
}

async function start(policy: object = spa, CorsPolicy: string = 'SPA') {
  const upstream = await startUpstream((_request, response) => {
    response
      .writeHead(200, { 'access-control-allow-origin': '*', 'access-control-allow-credentials': 'true' })
      .end('ok')
  })
  const route = { CorsPolicy, Match: { Path: '/api/{**rest}', Methods: ['GET', 'PUT'] } }
  const hooks = { authorize: () => ({ status: 401, code: 'x', title: 'x', detail: 'x' }) }
  const open = { ...route, Match: { Path: '/open/{**rest}' } }
  const section = { Policies: { Cors: { spa: policy } } }
  const closed = await startProxy(upstream.address, route, hooks, {}, section)
  const opened = await startProxy(upstream.address, open, {}, {}, section)
  return { upstream, closed: `${closed.url}/api/a`, open: `${opened.url}/open/a` }
}

const preflight = (origin: string, method = 'PUT') => ({
  method: 'OPTIONS',
  headers: {
    origin,
    'access-control-request-method': method,
    'access-control-request-headers': 'content-type',
  },
})
const cors = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-') || name === 'vary'))

test('GW-42 a preflight is answered before authorization, though the route has no OPTIONS', async () => {
  const { closed, upstream } = await start()
  const answer = await fetch(closed, preflight('https://shop.test'))
  expect([answer.status, await answer.text()]).toEqual([204, ''])
  expect(cors(answer)).toEqual({
    'access-control-allow-origin': 'https://shop.test',
    'access-control-allow-methods': 'GET, PUT',
    'access-control-allow-headers': 'content-type',
    'access-control-allow-credentials': 'true',
    'access-control-max-age': '600',
    vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
  })
  expect(upstream.seen).toEqual([])
})

test('GW-42 another origin is allowed nothing, and its preflight never reaches the service', async () => {
  const { open, upstream } = await start()
  const answer = await fetch(open, preflight('https://evil.test'))
  expect([answer.status, Object.keys(cors(answer))]).toEqual([204, ['vary']])
  expect(upstream.seen).toEqual([])
})

test('GW-42 the service’s headers are replaced, and answers of the gateway’s own can be read too', async () => {
  const { open, closed } = await start()
  const headers = { origin: 'https://shop.test' }
  const expected = {
    'access-control-allow-origin': 'https://shop.test',
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'X-Trace',
    vary: 'Origin',
  }
  expect(cors(await fetch(open, { headers }))).toEqual(expected)
  const refused = await fetch(closed, { headers })
  expect([refused.status, cors(refused)]).toEqual([401, expected])
  expect(cors(await fetch(open, { headers: { origin: 'https://evil.test' } }))).toEqual({ vary: 'Origin' })
})

test('GW-42 Disable allows nobody, whatever the service says', async () => {
  const { open } = await start(spa, 'disable')
  expect(cors(await fetch(open, { headers: { origin: 'https://shop.test' } }))).toEqual({})
  expect(Object.keys(cors(await fetch(open, preflight('https://shop.test'))))).toEqual(['vary'])
})

test('GW-42 every origin may read where the policy says so, without credentials', async () => {
  const { open } = await start({ Origins: ['*'], Headers: ['*'] })
  expect(cors(await fetch(open, { headers: { origin: 'null' } }))).toEqual({
    'access-control-allow-origin': '*',
  })
  expect(cors(await fetch(open, preflight('https://any.test', 'POST')))).toMatchObject({
    'access-control-allow-origin': '*',
    'access-control-allow-headers': 'content-type',
  })
})

test('GW-42 OPTIONS without the marks of a preflight is a request like any other', async () => {
  const { open, upstream } = await start()
  expect((await fetch(open, { method: 'OPTIONS' })).status).toBe(200)
  expect(upstream.seen).toHaveLength(1)
})

test.each([
  [{ Origins: ['*'], Credentials: true }, 'Credentials cannot be true for every origin'],
  [{ Origins: ['https://shop.test/path'] }, 'Origins has one that is no origin'],
  [{ Origins: ['*', 'https://shop.test'] }, 'Origins names none, or * beside others'],
  [{}, 'Origins is missing'],
  [{ Origins: ['*'], Method: ['GET'] }, 'Did you mean Methods?'],
])('GW-02 %j is a fault', (policy, reason) => {
  const read = () =>
    readProxyConfiguration({ Policies: { Cors: { p: policy } } }, { authorizationPolicies: [] })
  expect(read).toThrow(reason)
})
