import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AccessTokenClaims, CallingRequest, Policy } from '@alicerce/access-tokens'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { RequestContext } from '#src/telemetry/request-context.ts'

/** A Fastify app whose handlers take their types from the TypeBox contract of the route. */
export type FastifyTyped = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** Who may call a route: anybody, or callers whose token fulfils the policy. */
export type RoutePolicy = Policy | 'anonymous'

/** Turns what a request shows of its sender into the caller's claims, or throws an `AccessTokenError`. */
export type Authenticate = (request: CallingRequest) => AccessTokenClaims | Promise<AccessTokenClaims>

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Required on every route: one without does not start. */
    policy?: RoutePolicy
    /** The route refuses a call without `If-Match` (428), and declares 412 and 428. */
    ifMatch?: boolean
    /** The route refuses a call without `Idempotency-Key` (400), and declares 409 and 422. */
    idempotencyKey?: boolean
  }
  interface FastifyRequest {
    /** Claims of the caller's access token. Reading it on an anonymous route throws. */
    readonly caller: AccessTokenClaims
    /** Set by the kit. */
    verifiedClaims: AccessTokenClaims | null
    /** Set by the kit. */
    telemetryContext: RequestContext
  }
}
