import { afterEach, expect, test } from 'vitest'
import type { Exchange } from '#src/index.ts'
import { closeAll, type Handler, raw } from '../fixtures.ts'
import { ask, counting, startCached } from './fixtures.ts'

afterEach(closeAll)

const minute = { 'cache-control': 'max-age=60' }
const of = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

/** Tells whose answer it is. */
const personal =
  (control: string): Handler =>
  (request, response) =>
    void response.writeHead(200, { 'cache-control': control }).end(request.headers.authorization ?? 'nobody')

test('GW-46 an answer to credentials is not stored unless the service shares it', async () => {
  const { url, proxy } = await startCached(personal('max-age=60'), { policy: { Duration: '00:01:00' } })
  expect((await ask(`${url}/api/a`, of('eva'))).body).toBe('Bearer eva')
  expect((await ask(`${url}/api/a`, of('ana'))).body).toBe('Bearer ana')
  expect((await ask(`${url}/api/a`)).body).toBe('nobody')
  expect((await ask(`${url}/api/a`, of('eva'))).body).toBe('Bearer eva')
  expect(proxy.outputCacheBytes()).toBeLessThan(1000)
})

test.each(['public, max-age=60', 's-maxage=60', 'max-age=60, must-revalidate'])(
  'GW-46 %s shares it among those with credentials, and not with those without',
  async (control) => {
    const { url } = await startCached(personal(control))
    expect((await ask(`${url}/api/a`, of('eva'))).body).toBe('Bearer eva')
    expect((await ask(`${url}/api/a`, of('ana'))).body).toBe('Bearer eva')
    expect((await ask(`${url}/api/a`)).body).toBe('nobody')
  },
)

test('GW-46 VaryByUser keeps private answers, each for its own user alone', async () => {
  const { url, results } = await startCached(personal('private, max-age=60'), {
    policy: { VaryByUser: true },
  })
  const users = ['eva', 'ana', 'eva ', 'Eva', 'eva\tana']
  for (const _ of [1, 2])
    for (const user of users) expect((await ask(`${url}/api/a`, of(user))).body).toBe(`Bearer ${user}`.trim())
  expect((await ask(`${url}/api/a`)).body).toBe('nobody')
  expect(results().filter((result) => result === 'hit')).toHaveLength(6)
})

test('GW-46 attack: nobody gets another user’s answer by any spelling of a request', async () => {
  const { url, port } = await startCached(personal('private, max-age=60'), { policy: { VaryByUser: true } })
  expect((await ask(`${url}/api/a`, of('eva'))).body).toBe('Bearer eva')
  const head = `GET /api/a HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`
  for (const lines of [
    '',
    'X-Authorization: Bearer eva\r\n',
    'X-Forwarded-Authorization: Bearer eva\r\n',
    'Authorization: Bearer ana\r\nAuthorization: Bearer eva\r\n',
    'Authorization: Bearer ana\r\nCookie: authorization=Bearer eva\r\n',
    'Proxy-Authorization: Bearer eva\r\n',
    'Cache-Control: only-if-cached, max-stale\r\n',
    'Connection: authorization\r\nAuthorization: Bearer eva\r\n',
  ])
    expect(await raw(port, `${head}${lines}Connection: close\r\n\r\n`)).not.toMatch(/\r\n\r\n.*eva/s)
})

test('GW-46 who asks is also what the app tells the service', async () => {
  const { url } = await startCached(
    (request, response) => void response.writeHead(200, minute).end(String(request.headers['x-user-id'])),
    {
      hooks: {
        authorize(exchange: Exchange) {
          exchange.upstreamHeaders.push('x-user-id', String(exchange.request.headers['x-key']))
          return undefined
        },
      },
    },
  )
  for (const user of ['eva', 'ana'])
    expect((await ask(`${url}/api/a`, { headers: { 'x-key': user } })).body).toBe(user)
})

test('GW-46 a client that is refused is given nothing that is stored', async () => {
  let isOpen = true
  const refusal = { status: 403, code: 'no', title: 'No', detail: 'No.' }
  const { url, results } = await startCached(counting(minute), {
    hooks: { authorize: () => (isOpen ? undefined : refusal) },
  })
  await ask(`${url}/api/a`)
  isOpen = false
  const refused = await ask(`${url}/api/a`)
  expect(refused.status).toBe(403)
  expect(refused.body).not.toContain('answer')
  expect(results()).toEqual(['miss', undefined])
})

test('GW-46 what was asked with cookies is stored only where the service says for how long', async () => {
  const page: Handler = (request, response) =>
    void response
      .writeHead(200, { 'last-modified': 'Thu, 01 Oct 2026 10:00:00 GMT' })
      .end(request.headers.cookie ?? 'nobody')
  const { url } = await startCached(page, { policy: { Duration: '00:01:00' } })
  for (const cookie of ['session=eva', 'session=ana'])
    expect((await ask(`${url}/api/a`, { headers: { cookie } })).body).toBe(cookie)
  expect((await ask(`${url}/api/a`)).body).toBe('nobody')
  const told = await startCached(page, { policy: { Duration: '00:01:00', VaryByHeaders: ['Cookie'] } })
  for (const cookie of ['session=eva', 'session=ana', 'session=eva'])
    expect((await ask(`${told.url}/api/a`, { headers: { cookie } })).body).toBe(cookie)
  expect(told.results()).toEqual(['miss', 'miss', 'hit'])
})

test('GW-46 Vary tells answers apart, and a header that is not there is another', async () => {
  const { url, results } = await startCached((request, response) => {
    const headers = { ...minute, vary: 'Accept-Language, X-Other' }
    response.writeHead(200, headers).end(String(request.headers['accept-language']))
  })
  const languages = ['pt', 'en', undefined, '', 'pt', 'en', undefined, ' pt']
  for (const language of languages) {
    const headers = language === undefined ? {} : { 'accept-language': language }
    expect((await ask(`${url}/api/a`, { headers })).body).toBe(String(language).trim())
  }
  expect(results().slice(4)).toEqual(['hit', 'hit', 'hit', 'hit'])
})

test('GW-46 VaryByHeaders tells answers apart that the service does not', async () => {
  const { url } = await startCached(
    (request, response) => void response.writeHead(200, minute).end(String(request.headers['x-tenant'])),
    { policy: { VaryByHeaders: ['X-Tenant'] } },
  )
  for (const tenant of ['a', 'b', 'a'])
    expect((await ask(`${url}/api/a`, { headers: { 'x-tenant': tenant } })).body).toBe(tenant)
})

test('GW-46 VaryByQuery: only the named parameters count, in every spelling that a service may read', async () => {
  const { url, upstream } = await startCached(
    (request, response) => void response.writeHead(200, minute).end(request.url),
    { policy: { VaryByQuery: ['page'] } },
  )
  const fetched = [
    '?page=1&utm=a',
    '?%70age=2',
    '?PAGE=3',
    '?page[]=4',
    '?utm=1;page=5',
    '',
    '?page=1&page=6',
  ]
  for (const query of fetched) expect((await ask(`${url}/api/a${query}`)).body).toBe(`/api/a${query}`)
  expect((await ask(`${url}/api/a?utm=b&page=1`)).body).toBe('/api/a?page=1&utm=a')
  expect((await ask(`${url}/api/a?utm=c`)).body).toBe('/api/a')
  expect(upstream.seen).toHaveLength(fetched.length)
})

test('GW-46 ways to write a path are answered each for itself', async () => {
  const { url, upstream } = await startCached(
    (request, response) => void response.writeHead(200, minute).end(request.url),
  )
  const paths = ['/api/a', '/api/A', '/api/%61', '/api/a/', '/api//a', '/api/a?b', '/api/a?b=', '/api/a;x']
  for (const _ of [1, 2]) for (const path of paths) expect((await ask(url + path)).body).toBe(path)
  expect(upstream.seen).toHaveLength(paths.length)
})

test('GW-46 each host and scheme has its own', async () => {
  const { port, upstream } = await startCached(
    (request, response) =>
      void response.writeHead(200, minute).end(`for ${request.headers['x-forwarded-host']}`),
  )
  for (const host of ['a.test', 'b.test', 'a.test:80', 'A.test'])
    expect(await raw(port, `GET /api/a HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).toContain(
      `for ${host.toLowerCase()}`,
    )
  expect(upstream.seen).toHaveLength(3)
})

test('GW-46 poisoning: headers that the proxy sets or takes away change nothing for others', async () => {
  const { url, port } = await startCached((request, response) => {
    const { 'x-forwarded-host': host, 'x-original-url': other } = request.headers
    response.writeHead(200, minute).end(`https://${host}${other ?? ''}`)
  })
  const forged = ['X-Forwarded-Host: evil', 'X-Original-URL: /evil', 'X-HTTP-Method-Override: DELETE']
  await raw(port, `GET /api/a HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${forged.join('\r\n')}\r\n\r\n`)
  expect(await ask(`${url}/api/a`)).toMatchObject({
    body: `https://127.0.0.1:${port}`,
    headers: { age: '0' },
  })
})

test.each([
  ['Append', 'evil, 127.0.0.1'],
  ['Off', 'evil'],
])(
  'GW-46 poisoning: what a client tells of the host is for it alone where the route has %s',
  async (action, told) => {
    const { url, port } = await startCached(
      (request, response) =>
        void response.writeHead(200, minute).end(`https://${request.headers['x-forwarded-host']}`),
      { route: { Transforms: [{ 'X-Forwarded': 'Set', Host: action }] } },
    )
    const head = `GET /api/a HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n`
    expect(await raw(port, `${head}X-Forwarded-Host: evil\r\n\r\n`)).toContain(`https://${told}`)
    expect((await ask(`${url}/api/a`)).body).not.toContain('evil')
  },
)

test('GW-46 poisoning: a header that is nominated away counts as one that is not there', async () => {
  const { url, port } = await startCached((request, response) => {
    const language = String(request.headers['accept-language'])
    response.writeHead(200, { ...minute, vary: 'Accept-Language' }).end(`in ${language}`)
  })
  const lines = `Host: 127.0.0.1:${port}\r\nAccept-Language: pt\r\nConnection: close, Accept-Language`
  expect(await raw(port, `GET /api/a HTTP/1.1\r\n${lines}\r\n\r\n`)).toContain('in undefined')
  expect((await ask(`${url}/api/a`, { headers: { 'accept-language': 'pt' } })).body).toBe('in pt')
  expect((await ask(`${url}/api/a`)).body).toBe('in undefined')
})

test('GW-46 poisoning: a header that a transform takes away tells nothing apart', async () => {
  const { url, upstream } = await startCached(
    (_request, response) => void response.writeHead(200, { ...minute, vary: 'Cookie' }).end('x'),
    { route: { Transforms: [{ RequestHeaderRemove: 'Cookie' }] } },
  )
  for (const cookie of ['a=1', 'a=2']) await ask(`${url}/api/a`, { headers: { cookie } })
  expect(upstream.seen).toHaveLength(1)
})

test('GW-46 poisoning: a body on GET goes around the cache', async () => {
  const { url, results } = await startCached((request, response) => {
    request.on('data', () => {}).on('end', () => response.writeHead(200, minute).end('x'))
  })
  await ask(`${url}/api/a`, { method: 'GET', body: 'other=1', headers: { 'content-length': 7 } })
  await ask(`${url}/api/a`)
  expect(results()).toEqual(['bypass', 'miss'])
})

test.each([400, 405, 414, 500, 502, 302, 206])('GW-46 poisoning: a %i is not stored', async (status) => {
  const { url } = await startCached(counting({ 'cache-control': 'public, max-age=60' }, status))
  await ask(`${url}/api/a`)
  expect((await ask(`${url}/api/a`)).body).toBe('answer 2')
})

test.each([404, 410, 301, 308, 300])(
  'GW-46 a %i is stored where the service says for how long, and not by Duration',
  async (status) => {
    const policy = { Duration: '00:01:00' }
    const said = await startCached(counting(minute, status), { policy })
    await ask(`${said.url}/api/a`)
    expect((await ask(`${said.url}/api/a`)).body).toBe('answer 1')
    const unsaid = await startCached(counting({}, status), { policy })
    await ask(`${unsaid.url}/api/a`)
    expect((await ask(`${unsaid.url}/api/a`)).body).toBe('answer 2')
  },
)

test('GW-46 a 204 is stored', async () => {
  const { url, upstream } = await startCached(
    (_request, response) => void response.writeHead(204, minute).end(),
  )
  await ask(`${url}/api/a`)
  const hit = await ask(`${url}/api/a`)
  expect(hit).toMatchObject({ status: 204, body: '', headers: { age: '0' } })
  expect(hit.headers).not.toHaveProperty('content-length')
  expect(upstream.seen).toHaveLength(1)
})

test('GW-46 the cookie of session affinity is one client’s own, and keeps nothing from being stored', async () => {
  const { url, upstream } = await startCached(counting(minute), {
    cluster: { SessionAffinity: { Enabled: true, AffinityKeyName: 'tie' } },
  })
  expect((await ask(`${url}/api/a`)).headers['set-cookie']?.[0]).toMatch(/^tie=/)
  const hit = await ask(`${url}/api/a`)
  expect(hit).toMatchObject({ body: 'answer 1', headers: { age: '0' } })
  expect(hit.headers).not.toHaveProperty('set-cookie')
  expect(upstream.seen).toHaveLength(1)
})

test('GW-46 each client gets the CORS headers of its own origin', async () => {
  const cors = { Origins: ['https://a.test', 'https://b.test'] }
  const { url, upstream } = await startCached(counting(minute), {
    route: { CorsPolicy: 'spa' },
    cors: { spa: cors },
  })
  for (const origin of ['https://a.test', 'https://b.test', 'https://evil.test']) {
    const { headers } = await ask(`${url}/api/a`, { headers: { origin } })
    expect(headers['access-control-allow-origin']).toBe(origin.includes('evil') ? undefined : origin)
  }
  expect(upstream.seen).toHaveLength(1)
})
