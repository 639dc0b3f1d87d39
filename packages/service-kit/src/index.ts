export type { FastifyReply, FastifyRequest } from 'fastify'
export { type Access, type AccessOptions, createAccess } from './access/access.ts'
export { apiUrlVariable, resourceServerVariables } from './access/variables.ts'
export { type Backplane, type BackplaneOptions, createBackplane } from './backplane.ts'
export { type CacheAdministration, createCacheAdministration } from './cache/administration/administration.ts'
export { cacheAdministrationMigration } from './cache/administration/migration.ts'
export { addCacheAdministration } from './cache/administration/routes.ts'
export {
  createServiceCache,
  type ServiceCache,
  type ServiceCacheOptions,
  type ServiceClassOptions,
} from './cache/service-cache.ts'
export type { Clock } from './clock.ts'
export { cacheVariables, commonVariables } from './config/common.ts'
export { ConfigError, type ConfigFault } from './config/config-error.ts'
export { type AppEnvironment, type Config, type Environment, readConfig } from './config/read-config.ts'
export { type Variable, type VariableOptions, variable } from './config/variable.ts'
export { type Consistency, consistencyHeader, createConsistency } from './consistency/consistency.ts'
export { entityTag, type IfMatch, ifMatch, notModified } from './entity-tag/entity-tag.ts'
export { createAdminServer, type Readiness } from './http/admin-server.ts'
export { unavailableDetail } from './http/authentication.ts'
export { createHttpApp, describeHttpApp, type HttpAppOptions } from './http/create-http-app.ts'
export {
  createHttpService,
  type HttpServiceConfig,
  type HttpServiceOptions,
  listeningOf,
} from './http/create-http-service.ts'
export { databaseReadiness } from './http/database-readiness.ts'
export { closeServer, listen, urlOf } from './http/listening.ts'
export type { OpenApiInfo } from './http/open-api.ts'
export { describeDenial } from './http/policy-denial.ts'
export { securityHeaders } from './http/security-headers.ts'
export type { Authenticate, FastifyTyped, RoutePolicy } from './http/types.ts'
export { createIdempotency, type Idempotency, type StoredAnswer } from './idempotency/idempotency.ts'
export { idempotencyMigration } from './idempotency/migration.ts'
export type { Log } from './log.ts'
export { type Cursors, type CursorValue, createCursors } from './paging/cursors.ts'
export { defaultPageSize, type Page, PageSchema, pageQuery, toPage } from './paging/page.ts'
export { createPaging, type Paging } from './paging/positions.ts'
export { Problem, type ProblemFault, type ProblemOptions, problemBody } from './problem/problem.ts'
export { ProblemSchema, problems } from './problem/problem-schema.ts'
export {
  conflict,
  forbidden,
  internalError,
  invalidRequest,
  notFound,
  preconditionFailed,
  preconditionRequired,
  unavailable,
  unprocessable,
} from './problem/problems.ts'
export { runApp } from './process/run-app.ts'
export type { RunningApp } from './process/running-app.ts'
export { createLog, type LogOptions } from './telemetry/create-log.ts'
export {
  type CacheRead,
  currentTraceId,
  currentTraceparent,
  withRequestContext,
} from './telemetry/request-context.ts'
export { createTelemetry, type Telemetry } from './telemetry/telemetry.ts'
export {
  continueTrace,
  createSpanId,
  formatTraceparent,
  type TraceContext,
} from './telemetry/trace-context.ts'
