import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { bearer, raw, scope, startGateway, stopAll, temporaryFolder } from './fixtures.ts'

afterEach(stopAll)

// biome-ignore lint/suspicious/noExplicitAny: a line of a log
type Json = Record<string, any>

/** A gateway whose requests are written to a file. */
async function startLogged(withSubject = false) {
  const file = join(temporaryFolder(), 'access.log')
  const started = await startGateway({ env: { ACCESS_LOG: file, ACCESS_LOG_SUBJECT: String(withSubject) } })
  const lines = async () => {
    await started.gateway.close()
    return readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Json)
  }
  return { ...started, lines }
}

test('GW-70 each request is one line, with the way it went', async () => {
  const { url, issuer, lines } = await startLogged()
  const token = await issuer.sign({ scope })
  await (await fetch(`${url}/api/orders?secret=1`, bearer(token))).text()
  await fetch(`${url}/api/catalogue/x`, { method: 'POST', body: 'x' })
  const [first, second] = await lines()
  expect(first).toMatchObject({
    ...{ name: 'access', client: '127.0.0.1', method: 'GET', path: '/api/orders', status: 200 },
    ...{
      route: 'orders-read',
      cluster: 'orders',
      destination: 'orders/1',
      attempts: 1,
      sent: 2,
      token: 'verified',
    },
    milliseconds: { token: expect.any(Number), upstream: expect.any(Number), total: expect.any(Number) },
  })
  // GW-65
  for (const stage of ['queue', 'connect', 'firstByte', 'body'])
    expect(first?.milliseconds[stage], stage).toEqual(expect.any(Number))
  expect(second?.milliseconds).not.toHaveProperty('connect')
  expect(first).not.toHaveProperty('error')
  expect(second).toMatchObject({ method: 'POST', status: 405, token: 'none' })
  expect(second).not.toHaveProperty('route')
})

test('GW-70 tokens, cookies and secrets of the query are never in it, and the subject where it is asked for alone', async () => {
  for (const withSubject of [false, true]) {
    const { url, port, issuer, lines } = await startLogged(withSubject)
    const token = await issuer.sign({ scope, sub: 'ana"\n' })
    const headers = { ...bearer(token).headers, cookie: 'session=secret-cookie' }
    await (await fetch(`${url}/api/orders?code=secret-code`, { headers })).text()
    await raw(
      port,
      'GET /api/"quoted"?x=secret-query HTTP/1.1\r\nHost: h\r\nX-Token: secret-header\r\nConnection: close\r\n\r\n',
    )
    const written = await lines()
    const all = JSON.stringify(written)
    for (const secret of [token, 'secret-']) expect(all).not.toContain(secret)
    expect(written.map(({ path }) => path)).toEqual(['/api/orders', '/api/"quoted"'])
    expect(written[0]?.subject).toBe(withSubject ? 'ana"\n' : undefined)
  }
})

test('GW-70 what the edge refused is a line too', async () => {
  const { port, lines } = await startLogged()
  await raw(port, 'GET /api/%00 HTTP/1.1\r\nHost: h\r\n\r\n')
  expect(await lines()).toEqual([expect.objectContaining({ status: 400, path: '', host: '' })])
})
