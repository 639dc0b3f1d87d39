import { Type } from 'typebox'
import { afterAll, expect, test } from 'vitest'
import { describeHttpApp, type FastifyTyped, notFound, problems } from '#src/index.ts'
import { ask, startService, stopAll, Thing } from '../fixtures.ts'

afterAll(stopAll)

const open = { policy: 'anonymous' } as const

function careless(app: FastifyTyped): void {
  const schema = { response: { 200: Thing } }
  app.get('/status', { config: open, schema }, async () => {
    throw notFound()
  })
  app.get('/surplus', { config: open, schema }, async () => ({ id: 'a', size: 1, password: 'hidden' }))
  app.get('/wrong', { config: open, schema }, async () => ({ id: 'a', size: 0 }))
}

test('SV-05 in tests an undeclared status, property or value fails', async () => {
  const { url, log } = await startService(careless)
  for (const path of ['/status', '/surplus', '/wrong']) expect((await ask(url + path)).status, path).toBe(500)
  expect(log.text()).toContain('GET /status answered 404, and its contract does not declare that')
  expect(log.text()).toContain('GET /surplus answered 200, and its contract does not fit')
})

test('in production an undeclared property is left out, and an undeclared status goes its way', async () => {
  const { url } = await startService(careless, { config: { environment: 'production' } })
  expect((await ask(`${url}/surplus`)).body).toEqual({ id: 'a', size: 1 })
  expect((await ask(`${url}/status`)).status).toBe(404)
})

test('a route that declares no response does not start', async () => {
  const start = startService((app) => {
    app.get('/silent', { config: open }, async () => ({}))
  })
  await expect(start).rejects.toThrow('GET /silent declares no response')
})

test('an answer that is not JSON is declared by its content type', async () => {
  const { url } = await startService((app) => {
    const response = { 200: { content: { 'image/svg+xml': { schema: Type.String() } } } }
    app.get('/image', { config: open, schema: { response } }, async (_request, reply) =>
      reply.type('image/svg+xml').header('cache-control', 'public, immutable').send('<svg/>'),
    )
  })
  const answer = await ask(`${url}/image`)
  expect([answer.status, answer.text]).toEqual([200, '<svg/>'])
  expect(answer.headers.get('cache-control')).toBe('public, immutable')
})

const info = { title: 'Things', version: '1.0.0', description: 'About things' }

test('the document names titled schemas, policies, required headers and problems', async () => {
  const document = await describeHttpApp({
    name: 'things',
    openApi: info,
    routes: (app) => {
      const config = { policy: { scopes: ['things:write'] }, ifMatch: true }
      const schema = { operationId: 'replaceThing', params: Type.Object({ id: Type.String() }), body: Thing }
      app.put(
        '/things/:id',
        { config, schema: { ...schema, response: { 200: Thing, ...problems(404) } } },
        () => ({
          id: 'a',
          size: 1,
        }),
      )
    },
  })
  const operation = (document.paths as Record<string, Record<string, object>>)['/things/{id}']?.put
  const thing = { $ref: '#/components/schemas/Thing' }
  expect(document.openapi).toBe('3.1.0')
  expect(operation).toMatchObject({
    operationId: 'replaceThing',
    security: [{ accessToken: ['things:write'] }],
    requestBody: { content: { 'application/json': { schema: thing } } },
    responses: {
      200: { content: { 'application/json': { schema: thing } } },
      412: { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
    },
  })
  expect(operation).toHaveProperty(
    'parameters',
    expect.arrayContaining([expect.objectContaining({ name: 'If-Match', in: 'header', required: true })]),
  )
  expect(Object.keys((operation as { responses: object }).responses)).toEqual(
    expect.arrayContaining(['400', '401', '403', '404', '413', '415', '428', '500', '503']),
  )
  expect(document.components).toHaveProperty('schemas.Thing.type', 'object')
})

test('two different schemas of one title are refused', async () => {
  const other = Type.Object({ colour: Type.String() }, { title: 'Thing' })
  const routes = (app: FastifyTyped) => {
    app.get('/a', { config: open, schema: { response: { 200: Thing } } }, () => ({ id: 'a', size: 1 }))
    app.get('/b', { config: open, schema: { response: { 200: other } } }, () => ({ colour: 'red' }))
  }
  await expect(describeHttpApp({ name: 'things', openApi: info, routes })).rejects.toThrow('the title Thing')
})
