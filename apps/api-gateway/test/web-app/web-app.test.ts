import { request } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { preferredEncoding } from '#src/web-app/encodings.ts'
import { webAppHeaders } from '#src/web-app/headers.ts'
import { raw, startGateway, startService, stopAll } from '../fixtures.ts'

afterEach(stopAll)

/** As fetch, which would decode the body and tidy the path. */
function ask(url: string, path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>(
    (resolve, reject) => {
      const { hostname, port } = new URL(url)
      request({ ...{ hostname, port, path, headers, method, agent: false } }, async (response) => {
        const chunks: Buffer[] = []
        for await (const chunk of response) chunks.push(chunk)
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) })
      })
        .on('error', reject)
        .end()
    },
  )
}

test('pages come with a strict policy, assets may be kept for ever, other files are asked for again', async () => {
  const { url, issuer } = await startGateway()
  const page = await ask(url, '/')
  expect(page.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self' ${issuer.issuer}; manifest-src 'self'; form-action 'self' ${issuer.issuer}; frame-ancestors 'none'; base-uri 'none'`,
  })
  expect(page.headers).toHaveProperty('permissions-policy')
  expect(page.headers).not.toHaveProperty('strict-transport-security')
  const asset = await ask(url, '/assets/index-abc.js')
  expect(asset.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
  })
  expect((await ask(url, '/mark.svg')).headers).toMatchObject({
    'content-type': 'image/svg+xml',
    'cache-control': 'no-cache',
  })
})

test('an issuer with https brings HSTS, and its path is no part of the policy', () => {
  const headers = webAppHeaders('https://id.example.com/realm', false)
  expect(headers).toHaveProperty('strict-transport-security')
  expect(headers['content-security-policy']).toContain("connect-src 'self' https://id.example.com;")
})

test('an address without a file extension is a page of the app, anything else that is missing is 404', async () => {
  const { url } = await startGateway()
  const page = (await ask(url, '/')).body.toString()
  for (const path of ['/orders/1', '/catalogue?q=1', '/apis', '/a.b/c'])
    expect([path, (await ask(url, path)).body.toString()]).toEqual([path, page])
  for (const path of [
    '/missing.js',
    '/assets/gone',
    '/assets/gone.js',
    '/.vite/manifest.json',
    '/secret.txt',
  ]) {
    const answer = await ask(url, path)
    expect([path, answer.status]).toEqual([path, 404])
    expect(answer.headers['content-type']).toMatch('application/problem+json')
  }
})

test.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/..%5csecret.txt',
])('no path leads out of the folder: %s', async (path) => {
  const { url } = await startGateway()
  const answer = await ask(url, path)
  expect(answer.status).toBe(400)
  expect(answer.body.toString()).not.toBe('secret')
})

test('nor does one that looks like a file of the machine', async () => {
  const { url } = await startGateway()
  for (const path of ['//etc/passwd', '/etc/passwd', '/assets//etc/passwd'])
    expect((await ask(url, path)).body.toString()).not.toContain('root:')
})

test('texts are compressed as the client can read them, and each encoding has a tag of its own', async () => {
  const { url } = await startGateway()
  const path = '/assets/index-abc.js'
  const plain = await ask(url, path)
  const br = await ask(url, path, { 'accept-encoding': 'gzip, br' })
  const gzip = await ask(url, path, { 'accept-encoding': 'gzip, br;q=0' })
  expect(br.headers).toMatchObject({ 'content-encoding': 'br', vary: 'accept-encoding' })
  expect(gzip.headers['content-encoding']).toBe('gzip')
  expect(brotliDecompressSync(br.body)).toEqual(plain.body)
  expect(gunzipSync(gzip.body)).toEqual(plain.body)
  expect(new Set([plain, br, gzip].map(({ headers }) => headers.etag)).size).toBe(3)
  expect(br.body.length).toBeLessThan(plain.body.length)
})

test('a client that has the file gets 304, whatever else it has', async () => {
  const { url } = await startGateway()
  const { etag } = (await ask(url, '/')).headers as { etag: string }
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const answer = await ask(url, '/', { 'if-none-match': known })
    expect([known, answer.status, answer.headers.etag, answer.body.length]).toEqual([known, 304, etag, 0])
  }
  expect((await ask(url, '/', { 'if-none-match': '"other"' })).status).toBe(200)
})

test('HEAD has the headers of GET and no body; other methods are 405', async () => {
  const { url } = await startGateway()
  const [get, head] = [await ask(url, '/'), await ask(url, '/', {}, 'HEAD')]
  expect([head.status, head.headers['content-length'], head.body.length]).toEqual([
    200,
    get.headers['content-length'],
    0,
  ])
  const post = await ask(url, '/orders', {}, 'POST')
  expect([post.status, post.headers.allow]).toEqual([405, 'GET, HEAD'])
})

test('/configuration.json tells the app where to sign in', async () => {
  const { url, issuer } = await startGateway()
  const { headers, body } = await ask(url, '/configuration.json')
  expect(JSON.parse(body.toString())).toEqual({
    issuer: issuer.issuer,
    clientId: 'web',
    audience: 'urn:alicerce:api',
    boundTokens: false,
  })
  expect(headers['cache-control']).toBe('no-store')
})

test('encodings are chosen by what the client takes', () => {
  const offered = ['br', 'gzip', 'identity'] as const
  const chosen = (header?: string) => preferredEncoding(header, offered)
  expect([
    chosen(),
    chosen(''),
    chosen('br'),
    chosen('GZIP;q=0.5'),
    chosen('*'),
    chosen('*, br;q=0.0'),
    chosen('brx'),
  ]).toEqual(['identity', 'identity', 'br', 'gzip', 'br', 'gzip', 'identity'])
})

test('under development Vite serves the app, its live reload too, and the API is as ever', async () => {
  const vite = await startService((_request, response) => void response.end('from vite'))
  vite.server.on('upgrade', (_request, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    socket.on('data', (chunk) => socket.end(`heard ${chunk}`))
  })
  const { gateway, url, port } = await startGateway({ env: { WEB_DEVELOPMENT_URL: vite.url } })
  const page = await ask(url, '/src/main.tsx?t=1')
  expect(page.body.toString()).toBe('from vite')
  expect(page.headers['trace-id']).toMatch(/^[0-9a-f]{32}$/)
  expect(page.headers['content-security-policy']).toContain('ws:')
  expect(JSON.parse((await ask(url, '/configuration.json')).body.toString()).clientId).toBe('web')
  expect((await ask(url, '/api/none')).status).toBe(404)
  expect((await ask(url, '/api/catalogue/x', {}, 'POST')).status).toBe(405)
  const upgrade = 'Host: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n'
  const live = await raw(port, `GET / HTTP/1.1\r\n${upgrade}ping`)
  expect(live).toMatch(/^HTTP\/1.1 101 /)
  expect(live).toContain('heard ping')
  expect(await raw(port, `GET /api/none HTTP/1.1\r\n${upgrade}`)).toMatch(/^HTTP\/1.1 404 /)
  await gateway.close()
  const built = await startGateway()
  expect(await raw(built.port, `GET / HTTP/1.1\r\n${upgrade}`)).toMatch(/^HTTP\/1.1 404 /)
})
