import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastify from 'fastify'
import { Type } from 'typebox'
import type { Clock } from '#src/clock.ts'
import type { AppEnvironment } from '#src/config/read-config.ts'
import { addConsistency, type Consistency } from '#src/consistency/consistency.ts'
import type { Log } from '#src/log.ts'
import { createTelemetry, type Telemetry } from '#src/telemetry/telemetry.ts'
import { addAuthentication } from './authentication.ts'
import { addErrorAnswers, answerConnectionError, answerFrameworkError } from './error-answers.ts'
import { addOpenApi, type OpenApiInfo, openApiDocument } from './open-api.ts'
import { addRouteContracts } from './route-contract.ts'
import { addSecurityHeaders } from './security-headers.ts'
import { addTelemetry } from './telemetry-hooks.ts'
import type { Authenticate, FastifyTyped } from './types.ts'
import { createValidatorCompiler } from './validation.ts'

/** What a service is made of, without where it listens. */
export type HttpAppOptions = {
  /** Such as `order-service`; in logs, metrics and `Server-Timing`. */
  name: string
  environment: AppEnvironment
  log: Log
  authenticate: Authenticate
  openApi: OpenApiInfo
  /** Adds the routes. Each needs `config: { policy }` and `schema: { response }`. */
  routes: (app: FastifyTyped) => void | Promise<void>
  /** Default: a new one. Make it yourself to give its hooks to the cache and the database. */
  telemetry?: Telemetry
  /** Its tokens go out with the answers to those who write. */
  consistency?: Consistency
  /** By which the age of a sign-in is told. Default `Date`. */
  clock?: Clock
  /** Whether a stop has begun: answers then ask for another connection. Default: never. */
  isStopping?: () => boolean
}

const kibibyte = 1024
const limits = {
  bodyLimit: 256 * kibibyte,
  requestTimeout: 15_000,
  connectionTimeout: 60_000,
  keepAliveTimeout: 72_000,
  handlerTimeout: 20_000,
  http: { maxHeaderSize: 16 * kibibyte, headersTimeout: 10_000 },
  routerOptions: { maxParamLength: 500 },
}

/** Builds a service with all its manners. It does not listen yet. */
export async function createHttpApp(options: HttpAppOptions): Promise<FastifyTyped> {
  const {
    name,
    environment,
    log,
    clock = Date,
    telemetry = createTelemetry({ name, log }),
    isStopping,
  } = options
  const checkResponses = environment === 'test'
  const app: FastifyTyped = fastify({
    ...limits,
    logger: false,
    return503OnClosing: false,
    frameworkErrors: answerFrameworkError(log),
    clientErrorHandler: answerConnectionError,
  }).withTypeProvider<TypeBoxTypeProvider>()
  // Only JSON comes in. Fastify takes plain text too unless told otherwise.
  app.removeContentTypeParser('text/plain')
  app.setValidatorCompiler(createValidatorCompiler())
  addTelemetry(app, { name, telemetry, log })
  addErrorAnswers(app, { log, checkResponses })
  addAuthentication(app, { authenticate: options.authenticate, clock })
  addRouteContracts(app, { checkResponses })
  addSecurityHeaders(app)
  if (options.consistency) addConsistency(app, options.consistency)
  app.addHook('onSend', async (_request, reply) => {
    if (isStopping?.()) reply.header('connection', 'close')
  })
  await addOpenApi(app, options.openApi)
  await app.register(async (scope) => options.routes(scope as FastifyTyped))
  addDocumentRoute(app)
  await app.ready()
  return app
}

function addDocumentRoute(app: FastifyTyped): void {
  const schema = { hide: true, response: { 200: Type.Unknown() } }
  app.get('/openapi.json', { config: { policy: 'anonymous' }, schema }, async () => openApiDocument(app))
}

/**
 * The OpenAPI 3.1 document of a service, without starting it. Its routes are added and never called, so what they depend on may be
 * missing.
 */
export async function describeHttpApp(
  options: Pick<HttpAppOptions, 'name' | 'openApi' | 'routes'>,
): Promise<Record<string, unknown>> {
  const silence = () => {}
  const log = { debug: silence, info: silence, warn: silence, error: silence }
  const authenticate = () => {
    throw new TypeError('This app only describes itself')
  }
  const app = await createHttpApp({ ...options, environment: 'development', log, authenticate })
  const document = openApiDocument(app)
  await app.close()
  return document
}
