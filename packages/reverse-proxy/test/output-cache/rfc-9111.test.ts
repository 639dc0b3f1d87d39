import { afterEach, expect, test } from 'vitest'
import { closeAll, type Handler } from '../fixtures.ts'
import { type Answer, ask, startCached } from './fixtures.ts'
import { fresh, type Outcome, type Row, rows, stale, tag } from './rfc-9111-rows.ts'

afterEach(closeAll)

/** A service that confirms what it is asked to confirm, and says which of its answers one is. */
function service({ answer, status = 200 }: Row): Handler {
  let count = 0
  return (request, response) => {
    request.resume()
    const { 'if-none-match': tags, 'if-modified-since': since } = request.headers
    const isConfirmed =
      (tags !== undefined && tags === answer.etag) ||
      (since !== undefined && since === answer['last-modified'])
    response.writeHead(isConfirmed ? 304 : status, answer).end(isConfirmed ? undefined : `answer ${++count}`)
  }
}

function outcomeOf({ status, body }: Answer, asked: number, isHead: boolean): Outcome {
  if (status === 304 || status === 504) return asked === 1 ? status : 'fetched'
  if (asked === 1) return 'reused'
  return body === 'answer 1' || isHead ? 'confirmed' : 'fetched'
}

const cases = Object.entries(rows).flatMap(([section, of]) => of.map((row) => ({ section, ...row })))

test.each(cases)('GW-46 RFC 9111 $section: $what', async (row) => {
  const { first = {}, second = {}, seconds = 0, path = '/api/a', method = 'GET', has = {} } = row
  const { url, upstream, pass } = await startCached(service(row))
  await ask(`${url}/api/a`, { headers: first, ...(method === 'POST' && { method }) })
  pass(seconds)
  const answer = await ask(url + path, { method, headers: second })
  expect(outcomeOf(answer, upstream.seen.length, method === 'HEAD')).toBe(row.outcome)
  for (const [name, value] of Object.entries(has)) expect(answer.headers[name], name).toBe(value)
})

test('GW-46 RFC 9111 §3.2 a 304 brings every field up to date but those that say how to read the body', async () => {
  const old = { ...stale, ...tag, 'x-a': 'old', 'content-type': 'text/plain', 'content-encoding': 'br' }
  const next = { ...fresh, ...tag, 'x-a': 'new', 'content-type': 'text/html', 'content-encoding': 'gzip' }
  const { url, upstream } = await startCached((request, response) => {
    const isKnown = request.headers['if-none-match'] !== undefined
    response.writeHead(isKnown ? 304 : 200, isKnown ? next : old).end(isKnown ? undefined : 'body')
  })
  await ask(`${url}/api/a`)
  const expected = {
    'x-a': 'new',
    'content-type': 'text/html',
    'content-encoding': 'br',
    'content-length': '4',
  }
  for (const _ of ['confirmed', 'reused'])
    expect(await ask(`${url}/api/a`)).toMatchObject({ status: 200, body: 'body', headers: expected })
  expect(upstream.seen).toHaveLength(2)
})

test('GW-46 RFC 9111 §4.2.4 while the service cannot be reached, nothing is given that must not be stale', async () => {
  for (const control of [
    'max-age=1, must-revalidate',
    'max-age=1, proxy-revalidate',
    's-maxage=1',
    'no-cache',
  ]) {
    const { url, upstream, pass } = await startCached(
      (_request, response) => void response.writeHead(200, { 'cache-control': control, ...tag }).end('x'),
      { policy: { StaleIfError: '01:00:00', StaleWhileRevalidate: '01:00:00' } },
    )
    await ask(`${url}/api/a`)
    pass(2)
    upstream.server.close()
    upstream.server.closeAllConnections()
    expect((await ask(`${url}/api/a`)).status, control).toBe(502)
  }
})

test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'PROPPATCH'])(
  'GW-46 RFC 9111 §4.4 after a %s that succeeded nothing stored of its target is given',
  async (method) => {
    const { url, upstream } = await startCached((request, response) => {
      request.resume()
      response.writeHead(200, fresh).end(request.method)
    })
    for (const path of ['/api/a', '/api/b']) await ask(url + path)
    await ask(`${url}/api/a`, { method })
    await ask(`${url}/api/a`)
    await ask(`${url}/api/b`)
    expect(upstream.seen.map(({ method: sent, url: target }) => `${sent} ${target}`)).toEqual([
      ...['GET /api/a', 'GET /api/b', `${method} /api/a`, 'GET /api/a'],
    ])
  },
)
