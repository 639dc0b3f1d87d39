import { expect, test, vi } from 'vitest'
import { type Credential, createApiClient, type Exchange } from '../src/index.ts'

const problem = (status: number, more: object = {}) =>
  Response.json(
    { type: 'about:blank', title: 'No', status, detail: 'Because.', code: 'no', traceId: 'f00d', ...more },
    { status, headers: { 'content-type': 'application/problem+json' } },
  )

function clientUnderTest(answers: Response[], more: Partial<Credential> = {}) {
  const requests: Request[] = []
  const exchanges: Exchange[] = []
  const renew = vi.fn(async (_refused: Credential): Promise<Credential | undefined> => ({ token: 'new' }))
  const client = createApiClient({
    baseUrl: 'https://app.test/api',
    tokens: { current: async () => ({ token: 'old', ...more }), renew },
    onExchange: (exchange) => exchanges.push(exchange),
    fetch: async (request) => {
      requests.push(request)
      const answer = answers.shift()
      if (!answer) throw new TypeError('Failed to fetch')
      return answer
    },
  })
  return { client, requests, exchanges, renew }
}

test('SPA-06 a 401 renews the token once and repeats the request with its body', async () => {
  const { client, requests, renew } = clientUnderTest([problem(401), Response.json({ id: '1' })])
  const header = { 'Idempotency-Key': 'key' }
  await client.POST('/orders', { params: { header }, body: { lines: [], shippingAddress: {} as never } })
  expect(renew).toHaveBeenCalledExactlyOnceWith({ token: 'old' })
  expect(requests.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer old', 'Bearer new'])
  expect(requests[1]?.headers.get('idempotency-key')).toBe('key')
  expect(await requests[1]?.json()).toEqual({ lines: [], shippingAddress: {} })
})

test('RS-13 a bound token goes with a proof for each request', async () => {
  const prove = vi.fn(async ({ method, url }: { method: string; url: string }) => `${method} ${url}`)
  const { client, requests } = clientUnderTest([Response.json({ id: '1' })], { prove })
  await client.GET('/users/me')
  expect([requests[0]?.headers.get('authorization'), requests[0]?.headers.get('dpop')]).toEqual([
    'DPoP old',
    'GET https://app.test/api/users/me',
  ])
})

test('SPA-06 a second 401 is the caller’s', async () => {
  const { client, requests } = clientUnderTest([problem(401), problem(401)])
  await expect(client.GET('/users/me')).rejects.toMatchObject({ name: 'ApiProblem', status: 401 })
  expect(requests).toHaveLength(2)
})

test('RS-17 a 401 that asks for a new sign-in costs no refresh token', async () => {
  const answer = problem(401, { code: 'insufficient-user-authentication', maxAge: 600 })
  answer.headers.set('www-authenticate', 'Bearer error="insufficient_user_authentication", max_age="600"')
  const { client, requests, renew } = clientUnderTest([answer])
  await expect(client.GET('/users/me')).rejects.toMatchObject({ code: 'insufficient-user-authentication' })
  expect([requests.length, renew.mock.calls.length]).toEqual([1, 0])
})

test('UX-37 a problem is thrown with its title, detail, trace id and faults by pointer', async () => {
  const errors = [{ pointer: '#/lines/0/quantity', detail: 'Only 2 left.' }]
  const { client } = clientUnderTest([problem(409, { errors })])
  const error = await client.GET('/users/me').catch((error) => error)
  expect(error).toMatchObject({ status: 409, code: 'no', title: 'No', detail: 'Because.', traceId: 'f00d' })
  expect(error.faultAt('/lines/0/quantity').detail).toBe('Only 2 left.')
})

test('no answer is a problem too, with status 0', async () => {
  const { client } = clientUnderTest([])
  await expect(client.GET('/users/me')).rejects.toMatchObject({ status: 0, code: 'network' })
})

test('each answer is recorded with what its headers tell', async () => {
  const headers = { 'trace-id': 'abc', 'server-timing': 'gateway;dur=2', 'cache-status': 'alicerce-l1; hit' }
  const { client, exchanges } = clientUnderTest([Response.json({ items: [] }, { headers })])
  await client.GET('/catalogue/products', { params: { query: { search: 'jug' } } })
  expect(exchanges).toMatchObject([
    { method: 'GET', path: '/api/catalogue/products?search=jug', status: 200, traceId: 'abc' },
  ])
  expect(exchanges[0]?.timings).toEqual([{ name: 'gateway', duration: 2 }])
  expect(exchanges[0]?.caches).toEqual([{ cache: 'alicerce-l1', hit: true, parameters: {} }])
})
