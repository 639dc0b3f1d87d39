import type { FastifyRequest, FastifySchema, RouteOptions } from 'fastify'
import { problems } from '#src/problem/problem-schema.ts'
import { invalidRequest, preconditionRequired } from '#src/problem/problems.ts'
import type { JsonSchema } from './schema.ts'
import type { FastifyTyped } from './types.ts'
import { createResponseCompiler } from './validation.ts'

/** Completes and enforces what each route says of itself. With `checkResponses` an undeclared answer fails (SV-05). */
export function addRouteContracts(app: FastifyTyped, options: { checkResponses: boolean }): void {
  app.addHook('onRoute', completeContract)
  app.addHook('preHandler', async (request) => requireHeaders(request))
  if (options.checkResponses) addResponseChecks(app)
}

function completeContract(route: RouteOptions): void {
  const where = `${[route.method].flat().join(', ')} ${route.url}`
  const { policy, ifMatch, idempotencyKey } = route.config ?? {}
  if (!policy)
    throw new TypeError(
      `${where} has no policy. Give it config: { policy }, 'anonymous' if anybody may call it`,
    )
  if (!route.schema?.response)
    throw new TypeError(`${where} declares no response. Give it schema: { response }`)
  const { schema } = route
  const takesInput = Boolean(schema.body || schema.params || schema.querystring || schema.headers)
  route.schema = {
    ...schema,
    response: {
      ...((takesInput || idempotencyKey) && problems(400)),
      ...(policy !== 'anonymous' && problems(400, 401, 403)),
      ...(Boolean(schema.body) && problems(413, 415)),
      ...(ifMatch && problems(412, 428)),
      ...(idempotencyKey && problems(409, 422)),
      ...problems(500, 503),
      ...(schema.response as object),
    },
  }
}

function requireHeaders(request: FastifyRequest): void {
  const { ifMatch, idempotencyKey } = request.routeOptions.config
  if (ifMatch && !request.headers['if-match']) throw preconditionRequired()
  if (idempotencyKey && !request.headers['idempotency-key']) {
    const detail = 'is required: a name for this attempt that you keep when you repeat it'
    throw invalidRequest('Send an Idempotency-Key.', [{ parameter: 'Idempotency-Key', detail }])
  }
}

type Responses = Record<string, JsonSchema | undefined>

function addResponseChecks(app: FastifyTyped): void {
  const compile = createResponseCompiler()
  const checks = new WeakMap<JsonSchema, ReturnType<typeof compile>>()
  app.addHook('preSerialization', async (request, reply, payload) => {
    const schema = declared(request.routeOptions.schema, reply.statusCode)
    if (request.is404 || !schema) return payload
    const json = bodySchema(schema)
    if (!json) return payload
    const check = checks.get(json) ?? compile(json)
    checks.set(json, check)
    const fault = check(JSON.parse(JSON.stringify(payload)))
    if (fault) throw undeclared(request, reply.statusCode, `does not fit: ${fault}`)
    return payload
  })
  app.addHook('onSend', async (request, reply) => {
    const fault = undeclaredStatus(request, reply.statusCode)
    if (fault) throw fault
  })
}

/** In tests: the error to answer instead of a status that the route's contract does not declare. */
export function undeclaredStatus(request: FastifyRequest, status: number): Error | undefined {
  if (request.is404 || declared(request.routeOptions.schema, status)) return undefined
  return undeclared(request, status, 'does not declare that')
}

function undeclared({ method, routeOptions }: FastifyRequest, status: number, what: string): Error {
  return new Error(`${method} ${routeOptions.url} answered ${status}, and its contract ${what}`)
}

function declared(schema: FastifySchema | undefined, status: number): JsonSchema | undefined {
  const responses = schema?.response as Responses | undefined
  const family = `${Math.floor(status / 100)}`
  return responses?.[status] ?? responses?.[`${family}xx`] ?? responses?.[`${family}XX`] ?? responses?.default
}

/** A response is declared by its schema, or by content type: then only JSON can be held against it. */
function bodySchema(response: JsonSchema): JsonSchema | undefined {
  const content = response.content as Record<string, { schema?: JsonSchema }> | undefined
  return content ? content['application/json']?.schema : response
}
