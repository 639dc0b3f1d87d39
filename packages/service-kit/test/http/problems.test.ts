import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { createCache, memoryStore } from '@alicerce/cache-aside'
import { capturedLog } from '@alicerce/testing'
import { Type } from 'typebox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { conflict, type FastifyTyped, problems } from '#src/index.ts'
import { ask, startService, stopAll, Thing } from '../fixtures.ts'

const Order = Type.Object({
  lines: Type.Array(Type.Object({ product: Type.String(), quantity: Type.Integer({ minimum: 1 }) })),
  status: Type.Union([Type.Literal('open'), Type.Literal('closed')]),
})

function routes(app: FastifyTyped): void {
  app.post(
    '/orders/:id',
    { config: { policy: 'anonymous' }, schema: { body: Order, response: { 200: Thing, ...problems(409) } } },
    async ({ body }) => {
      if (body.status === 'closed')
        throw conflict('It is closed.', { code: 'order-closed', extra: { current: 'closed' } })
      return { id: 'a', size: body.lines.length + 1 }
    },
  )
  app.get(
    '/things',
    {
      config: { policy: 'anonymous' },
      schema: {
        querystring: Type.Object({ sort: Type.Optional(Type.String()), limit: Type.Integer({ default: 5 }) }),
        response: { 200: Thing },
      },
    },
    async ({ query }) => ({ id: query.sort ?? 'none', size: query.limit }),
  )
  app.get('/broken', { config: { policy: 'anonymous' }, schema: { response: { 200: Thing } } }, async () => {
    throw new Error('select * from secret_table at postgres://user:hunter2@db-host')
  })
}

let service: Awaited<ReturnType<typeof startService>>
beforeAll(async () => {
  service = await startService(routes)
})
afterAll(stopAll)

function expectProblem(answer: Awaited<ReturnType<typeof ask>>, status: number, code: string): void {
  expect(answer.status).toBe(status)
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(answer.body).toMatchObject({ status, code, type: `https://alicerce.dev/problems/${code}` })
  expect(answer.body.traceId).toBe(answer.headers.get('trace-id'))
  expect(answer.body.title && answer.body.detail).toBeTruthy()
}

test('SV-01 an unknown route is a problem', async () => {
  expectProblem(await ask(`${service.url}/nowhere`), 404, 'not-found')
})

test('SV-01 a wrong method is a problem that names the right ones', async () => {
  const answer = await ask(`${service.url}/orders/7`, { method: 'DELETE' })
  expectProblem(answer, 405, 'method-not-allowed')
  expect(answer.headers.get('allow')).toBe('POST')
})

test('SV-01 bad JSON, a wrong media type, an oversized body and a broken URL are problems', async () => {
  const url = `${service.url}/orders/7`
  const post = (body: string, type = 'application/json') =>
    ask(url, { method: 'POST', body, headers: { 'content-type': type } })
  expectProblem(await post('{"lines":'), 400, 'body-malformed')
  expectProblem(await post(''), 400, 'body-malformed')
  expectProblem(await post('{"__proto__":{}}'), 400, 'body-malformed')
  expectProblem(await post('lines', 'text/plain'), 415, 'unsupported-media-type')
  expectProblem(await post(JSON.stringify('x'.repeat(300 * 1024))), 413, 'body-too-large')
  expectProblem(await ask(`${service.url}/orders/%zz`), 400, 'url-malformed')
})

test('SV-01 what is not HTTP is answered with a problem too', async () => {
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1')
  socket.write('NONSENSE\r\n\r\n')
  const answer = await text(socket)
  expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/)
  expect(answer).toContain('application/problem+json')
})

test('SV-02 a 5xx says nothing of its cause, and the log has it under the same trace id', async () => {
  const answer = await ask(`${service.url}/broken`)
  expectProblem(answer, 500, 'internal-error')
  expect(answer.text).not.toMatch(/select|secret|db-host|at /)
  const line = service.log.lines.find(({ fields }) => fields.traceId === answer.body.traceId && fields.error)
  expect(line?.fields.error).toMatchObject({ message: expect.stringContaining('secret_table') })
})

test('SV-03 all faults of a body are told at once, each with its pointer', async () => {
  const json = { lines: [{ product: 'a', quantity: 0 }, { quantity: '2' }], status: 'lost' }
  const answer = await ask(`${service.url}/orders/7`, { method: 'POST', json })
  expectProblem(answer, 400, 'validation-failed')
  expect(answer.body.errors).toEqual([
    { pointer: '#/lines/0/quantity', detail: 'must be >= 1' },
    { pointer: '#/lines/1/product', detail: 'is required' },
    { pointer: '#/lines/1/quantity', detail: 'must be integer' },
    { pointer: '#/status', detail: 'must be one of: open, closed' },
  ])
})

test('SV-04 an unknown property is refused with its pointer, at any depth', async () => {
  const json = { lines: [{ product: 'a', quantity: 1, price: 1 }], status: 'open', owner: 'me' }
  const answer = await ask(`${service.url}/orders/7`, { method: 'POST', json })
  expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
    '#/lines/0/price',
    '#/owner',
  ])
})

test('SV-19 an unknown parameter is refused, and the known ones are named', async () => {
  const answer = await ask(`${service.url}/things?colour=red&limit=many`)
  expectProblem(answer, 400, 'validation-failed')
  expect(answer.body.errors).toContainEqual({
    parameter: 'colour',
    detail: 'is not known here. Known are: sort, limit',
  })
  expect(answer.body.errors).toContainEqual({ parameter: 'limit', detail: 'must be integer' })
})

test('parameters are turned into what the contract says, and defaults are filled in', async () => {
  expect((await ask(`${service.url}/things?limit=7`)).body).toEqual({ id: 'none', size: 7 })
  expect((await ask(`${service.url}/things`)).body).toEqual({ id: 'none', size: 5 })
})

test('a problem carries its own members', async () => {
  const answer = await ask(`${service.url}/orders/7`, {
    method: 'POST',
    json: { lines: [], status: 'closed' },
  })
  expectProblem(answer, 409, 'order-closed')
  expect(answer.body.current).toBe('closed')
})

test('CA-20 SV-01 a load that the database is spared is 503 and says when to try again', async () => {
  const cache = createCache({ namespace: 'test', store: memoryStore(), log: capturedLog() })
  const { promise: opened, resolve: open } = Promise.withResolvers<string>()
  let loads = 0
  const texts = cache.define({
    ...{ name: 'text', schema: Type.String(), key: String, ttl: 60_000 },
    ...{ maximumLoads: 1, loadQueue: 0, loadQueueTimeout: 1200 },
    load() {
      loads++
      return opened
    },
  })
  const { url } = await startService((app) => {
    const schema = { params: Type.Object({ id: Type.String() }), response: { 200: Thing } }
    app.get('/texts/:id', { config: { policy: 'anonymous' }, schema }, async ({ params }) => ({
      id: (await texts.get(params.id)) ?? '',
      size: 1,
    }))
  })
  const first = ask(`${url}/texts/1`)
  await expect.poll(() => loads).toBe(1)
  const refused = await ask(`${url}/texts/2`)
  expectProblem(refused, 503, 'overloaded')
  expect(refused.headers.get('retry-after')).toBe('2')
  open('read')
  expect((await first).body.id).toBe('read')
  expect((await ask(`${url}/texts/2`)).status).toBe(200)
  await cache.close()
})
